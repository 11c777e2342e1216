import type { ResolvedRetry } from '../../input/resolved-options.js';

/**
 * Exponential back-off with full jitter: the wait before an attempt is repeated, in milliseconds, drawn evenly from 0
 * to `baseDelayMs * 2^(faults - 1)`, at most `maxDelayMs`. Jitter spreads calls that failed together, so that they do
 * not come back together (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). A provider's own hint is a
 * lower bound.
 *
 * @param faults Faults so far, 1 or more.
 * @param retryAfterMs The provider's hint, in milliseconds; `undefined` without one.
 * @param random Gives numbers from 0 up to 1; injected, so that tests repeat themselves.
 */
export function backOffMs(
  faults: number,
  retryAfterMs: number | undefined,
  { baseDelayMs, maxDelayMs }: ResolvedRetry,
  random: () => number,
): number {
  const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** (faults - 1));
  return Math.max(random() * bound, retryAfterMs ?? 0);
}
