/** Finds what would not survive `JSON.stringify` and `JSON.parse` unchanged: one sentence per place. */
export function jsonProblems(value: unknown, path: string): readonly string[] {
  return [...walk(value, path, [])];
}

function* walk(value: unknown, path: string, parents: readonly object[]): Generator<string> {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'object' || parents.includes(value) || !isPlain(value)) {
    const kind = typeof value === 'number' ? value : Object.prototype.toString.call(value);
    yield `${path} must be plain JSON data: received ${kind}`;
  } else for (const [key, child] of Object.entries(value)) yield* walk(child, `${path}.${key}`, [...parents, value]);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // By its own prototype, not by instanceof: jest runs tests in a realm of their own.
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null;
}
