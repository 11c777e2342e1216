/** Reads one response header by its lower-case name. */
export type HeaderReader = (name: string) => string | undefined;

/** Reads headers from what SDKs hand out: a `Headers` object or a plain record. */
export function headerReader(headers: unknown): HeaderReader {
  if (typeof headers !== 'object' || headers === null) return () => undefined;
  if (hasGet(headers)) return (name) => textOrUndefined(headers.get(name));
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textOrUndefined(value)]));
  return (name) => byName.get(name);
}

function hasGet(headers: object): headers is { get(name: string): unknown } {
  return 'get' in headers && typeof headers.get === 'function';
}

function textOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
