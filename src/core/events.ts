import type { GradingEvent } from '../contract/grading-event.js';
import type { Logger } from '../contract/grading-options.js';

/** An event before the run adds its time and id. */
export type EventDetails = GradingEvent extends infer Event
  ? Event extends GradingEvent
    ? Omit<Event, 'atMs' | 'runId'>
    : never
  : never;

/** Calls a listener of the user's: what it throws, at once or later, changes nothing. */
export function notify<Argument>(
  listener: ((argument: Argument) => unknown) | undefined,
  argument: Argument,
  logger: Logger | undefined,
): Promise<void> | undefined {
  try {
    const returned = listener?.(argument);
    return isThenable(returned) ? settled(returned, logger) : undefined;
  } catch (error) {
    warn(logger, error);
    return undefined;
  }
}

/** Promises of other realms and libraries are no `Promise` of ours. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

async function settled(returned: PromiseLike<unknown>, logger: Logger | undefined): Promise<void> {
  try {
    await returned;
  } catch (error) {
    warn(logger, error);
  }
}

/** A logger is a listener too; one that fails has nobody left to tell. */
function warn(logger: Logger | undefined, error: unknown): void {
  if (logger === undefined) return;
  void notify((data: object) => logger.warn(data, 'a gradelanes listener threw'), { error }, undefined);
}

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
