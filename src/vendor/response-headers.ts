/** The longest delay a timer takes; longer hints mean "not today" all the same. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** `Sun, 06 Nov 1994 08:49:37 GMT`, or the older form with dashes. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}, [\w -]{5,12}\d\d:\d\d:\d\d GMT$/;

const DECIMAL = /^\d{1,16}(?:\.\d{1,9})?$/;

/**
 * How long the vendor asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` as seconds or as an HTTP
 * date (RFC 9110, section 10.2.3). A date counts from the response's own `date`, so that a wrong local clock does not
 * matter. Values that are neither are ignored.
 *
 * @param nowMs Milliseconds since the Unix epoch, for responses without `date`.
 */
export function readRetryAfterMs(header: HeaderReader, nowMs: number): number | undefined {
  const delayMs =
    decimal(header('retry-after-ms')) ?? secondsToMs(decimal(header('retry-after'))) ?? untilDate(header, nowMs);
  return delayMs === undefined ? undefined : Math.min(Math.ceil(delayMs), LONGEST_DELAY_MS);
}

/** The vendor's own clock at the time of the response, in milliseconds since the Unix epoch. */
export function responseDateMs(header: HeaderReader, nowMs: number): number {
  const dateMs = Date.parse(header('date') ?? '');
  return Number.isNaN(dateMs) ? nowMs : dateMs;
}

function decimal(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  return DECIMAL.test(trimmed) ? Number(trimmed) : undefined;
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}

function untilDate(header: HeaderReader, nowMs: number): number | undefined {
  const text = header('retry-after')?.trim() ?? '';
  // Date.parse takes almost anything ("-5" is a year).
  const atMs = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - responseDateMs(header, nowMs));
}

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
