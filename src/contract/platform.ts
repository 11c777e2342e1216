/** The first version of Node with all that is used. */
const OLDEST_NODE = '22.12';

/**
 * Refuses a Node that is too old, in words: without this, the first grade would end in a TypeError deep inside. Elsewhere
 * nothing is said: a browser's version tells nothing here.
 *
 * @throws {Error} on Node before 22.
 */
export function requirePlatform(): void {
  const isComplete = 'groupBy' in Map && 'withResolvers' in Promise;
  const version = isComplete ? undefined : nodeVersion();
  if (version !== undefined) throw new Error(`gradelanes needs Node ${OLDEST_NODE} or later; this is Node ${version}`);
}

/** Browsers and workers have no `process`. */
function nodeVersion(): string | undefined {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node;
}
