/**
 * The limit that the mock server keeps, as vendors do: a bucket that refills steadily. A 429 names the wait both in
 * `retry-after-ms` and in whole seconds as `retry-after`, also where the vendor sends seconds only, so that tests need
 * not wait for whole seconds.
 */
export interface MockRateLimit {
  requestsPerMinute: number;
  /** Requests that may come at once. @default requestsPerMinute */
  burst?: number | undefined;
}

/** The bucket after a request. */
export interface BucketState {
  limit: number;
  remaining: number;
  /** Milliseconds until the bucket is full. */
  resetMs: number;
  /** Milliseconds until there is room for this request; 0 if there was. */
  waitMs: number;
}

/** A token bucket over the process's monotonic clock. */
export interface TokenBucket {
  take(): BucketState;
  refill(): void;
}

/** A full bucket for the limit. */
export function createTokenBucket({ requestsPerMinute, burst = requestsPerMinute }: MockRateLimit): TokenBucket {
  const msPerRequest = 60_000 / requestsPerMinute;
  let level = burst;
  let atMs = performance.now();
  const flow = (): void => {
    const nowMs = performance.now();
    level = Math.min(burst, level + (nowMs - atMs) / msPerRequest);
    atMs = nowMs;
  };
  return {
    take: () => {
      flow();
      const waitMs = level >= 1 ? 0 : (1 - level) * msPerRequest;
      if (waitMs === 0) level -= 1;
      return {
        limit: requestsPerMinute,
        remaining: Math.floor(level),
        resetMs: (burst - level) * msPerRequest,
        waitMs,
      };
    },
    refill: () => {
      level = burst;
      atMs = performance.now();
    },
  };
}
