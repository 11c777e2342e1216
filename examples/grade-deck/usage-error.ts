/** A command line, or an environment, with which the demo cannot start. The message is for the user. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
