import type { Logger } from '../../contract/grading-options.js';

/**
 * Fault barrier around a listener of the user's: whatever it throws, at once or later, changes nothing and is logged as
 * a warning. Returns a promise, which never rejects, if the listener returned one.
 */
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

/** Duck typing: promises of other realms and libraries are no `Promise` of ours. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/** Resolves when the listener's promise has settled either way. */
async function settled(returned: PromiseLike<unknown>, logger: Logger | undefined): Promise<void> {
  try {
    await returned;
  } catch (error) {
    warn(logger, error);
  }
}

/** Logs a listener's error. A logger is a listener too; one that fails has nobody left to tell. */
function warn(logger: Logger | undefined, error: unknown): void {
  if (logger === undefined) return;
  void notify((data: object) => logger.warn(data, 'a gradelanes listener threw'), { error }, undefined);
}
