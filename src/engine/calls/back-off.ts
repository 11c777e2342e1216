import type { ResolvedRetry } from '../../input/resolved-options.js';

/**
 * How long to wait before an attempt is repeated, in milliseconds: full jitter, drawn evenly from 0 to
 * `baseDelayMs * 2^(faults - 1)`, at most `maxDelayMs`. Spread like this, calls that failed together do not come back
 * together (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). A provider's own hint is a lower bound.
 *
 * @param faults Faults so far, 1 or more.
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
