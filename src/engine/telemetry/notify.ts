import type { Logger } from '../../contract/grading-options.js';

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
