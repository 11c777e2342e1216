import type { GradingEvent } from './grading-event.js';
import type { Logger } from './grading-options.js';

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

function warn(logger: Logger | undefined, error: unknown): void {
  try {
    logger?.warn({ error }, 'a gradelanes listener threw');
  } catch {
    // A logger that throws is a listener that throws.
  }
}

/** Turns events into log lines: faults as warnings, the end of a run as information, the rest for debugging. */
export function logEvent(logger: Logger, event: GradingEvent): void {
  switch (event.type) {
    case 'run-ended':
      logger.info(event, 'gradelanes run ended');
      return;
    case 'answer-failed':
    case 'call-retried':
    case 'fallback-taken':
    case 'provider-paused':
    case 'circuit-changed':
      logger.warn(event, `gradelanes ${event.type}`);
      return;
    case 'answer-graded':
      // Feedback and rationale can quote the learner: they stay out of logs.
      logger.debug(
        { type: event.type, atMs: event.atMs, runId: event.runId, index: event.index },
        'gradelanes answer-graded',
      );
      return;
    case 'run-started':
    case 'answer-started':
    case 'call-started':
    case 'call-ended':
    case 'call-hedged':
    case 'limit-changed':
      logger.debug(event, `gradelanes ${event.type}`);
      return;
  }
}
