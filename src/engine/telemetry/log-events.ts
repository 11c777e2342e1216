import type { GradingEvent } from '../../contract/grading-event.js';
import type { Logger } from '../../contract/grading-options.js';

/**
 * An event before the run adds its time and id. The conditional type distributes `Omit` over the union, so that each
 * kind of event keeps its own fields.
 */
export type EventDetails = GradingEvent extends infer Event
  ? Event extends GradingEvent
    ? Omit<Event, 'atMs' | 'runId'>
    : never
  : never;

/**
 * Turns events into log lines: faults as warnings, the end of a run as information, the rest for debugging. Returns what
 * the logger returns, so that an async one that fails is noticed.
 */
export function logEvent(logger: Logger, event: GradingEvent): unknown {
  switch (event.type) {
    case 'run-ended':
      return logger.info(event, 'gradelanes run ended');
    case 'answer-failed':
    case 'call-retried':
    case 'fallback-taken':
    case 'provider-paused':
    case 'circuit-changed':
      return logger.warn(event, `gradelanes ${event.type}`);
    case 'cache-failed':
      // What a cache threw can hold anything, such as a connection string.
      return logger.warn(
        { type: event.type, atMs: event.atMs, runId: event.runId, operation: event.operation },
        'gradelanes cache-failed: grading goes on without it',
      );
    case 'answer-graded':
      // Feedback and rationale can quote the learner: they stay out of logs.
      return logger.debug(
        { type: event.type, atMs: event.atMs, runId: event.runId, index: event.index },
        'gradelanes answer-graded',
      );
    case 'call-ended': {
      // What a provider threw can hold anything.
      const { error: _, ...safe } = event;
      return logger.debug(safe, 'gradelanes call-ended');
    }
    case 'run-started':
    case 'answer-started':
    case 'call-started':
    case 'call-hedged':
    case 'limit-changed':
      break;
  }
  return logger.debug(event, `gradelanes ${event.type}`);
}
