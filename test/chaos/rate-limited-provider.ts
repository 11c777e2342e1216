import { ProviderError, type Clock, type GradingProvider } from 'gradelanes';
import { headerReader } from '../../src/core/header-reader.js';
import { readRateLimitHeaders } from '../../src/core/rate-limit-headers.js';
import { readRetryAfterMs } from '../../src/core/retry-after.js';
import { delay } from '../../src/testing/delay.js';
import type { VendorWire } from '../../src/testing-server/dialect.js';

/** A vendor's limit, and how it tells of it. */
export interface VendorLimit {
  readonly perMinute: number;
  readonly burst: number;
  /** Whose headers come with every response; none without. */
  readonly headers: VendorWire | undefined;
  /** How a rejection says when to come back. */
  readonly retryAfter: 'milliseconds' | 'seconds' | 'none';
}

/** A provider behind a token bucket, and how many calls it turned away. */
export interface RateLimitedProvider extends GradingProvider {
  readonly rejectedCount: number;
}

/** A rejection needs no model. */
const REJECTION_MS = 5;

/**
 * Answers after the time that `latencyMs` gives, or says 429 as a vendor would: its headers go through the real parser.
 * Calls arrive after `travelMs`, and so not always in the order in which they were sent.
 */
export function rateLimitedProvider(
  clock: Clock,
  limit: VendorLimit,
  latencyMs: () => number,
  travelMs: () => number = () => 0,
): RateLimitedProvider {
  const take = tokenBucket(clock, limit);
  let rejectedCount = 0;
  return {
    get rejectedCount() {
      return rejectedCount;
    },
    grade: async (items, { report }) => {
      await delay(travelMs(), undefined, clock);
      const { headers, retryAfterMs } = take();
      if (retryAfterMs !== undefined) rejectedCount += 1;
      await delay(retryAfterMs === undefined ? latencyMs() : REJECTION_MS, undefined, clock);
      report({ rateLimit: readRateLimitHeaders(headerReader(headers), clock.date()) });
      if (retryAfterMs === undefined) return items.map(({ id }) => ({ id, score: 1 }));
      const header = headerReader({ ...headers, ...hintHeaders(limit.retryAfter, retryAfterMs) });
      throw new ProviderError('rate_limited', 'too many requests', {
        status: 429,
        retryAfterMs: readRetryAfterMs(header, clock.date()),
      });
    },
  };
}

function tokenBucket(clock: Clock, { perMinute, burst, headers }: VendorLimit) {
  const msPerCall = 60_000 / perMinute;
  let level = burst;
  let atMs = 0;
  return (): { headers: Readonly<Record<string, string>>; retryAfterMs: number | undefined } => {
    level = Math.min(burst, level + (clock.now() - atMs) / msPerCall);
    atMs = clock.now();
    // A call that comes just in time must not fail for the last bit of a fraction.
    const isThere = level >= 1 - 1e-9;
    if (isThere) level -= 1;
    const waitMs = isThere ? 0 : (1 - level) * msPerCall;
    const state = { limit: perMinute, remaining: Math.floor(level), resetMs: (burst - level) * msPerCall, waitMs };
    return {
      headers: headers?.limitHeaders(state, clock.date()) ?? {},
      retryAfterMs: isThere ? undefined : waitMs,
    };
  };
}

function hintHeaders(kind: VendorLimit['retryAfter'], waitMs: number): Record<string, string> {
  if (kind === 'none') return {};
  return kind === 'seconds'
    ? { 'retry-after': String(Math.ceil(waitMs / 1_000)) }
    : { 'retry-after-ms': String(Math.ceil(waitMs)) };
}
