/** A bucket never holds more than this many seconds' worth, as vendors enforce limits over short windows. */
const BURST_SECONDS = 10;

/** How a bucket starts. */
export interface TokenBucketOptions {
  /** Tokens per minute. */
  perMinute: number;
  /** The most it holds. @default 10 seconds' worth, at least 1 */
  burst?: number | undefined;
}

/** What a response said of the vendor's own bucket. */
export interface BucketReading {
  limitPerMinute: number;
  remaining: number;
  /** When the request that was answered was sent. */
  sentAtMs: number;
  /** What was taken since then, that request not included. */
  takenSince: number;
}

/**
 * A token bucket kept in step with the vendor's: it refills by time and believes the vendor when the vendor says there
 * is less. Times are handed in, in milliseconds.
 */
export class TokenBucket {
  #perMs: number;
  #burst: number;
  #level: number;
  #atMs: number;

  constructor({ perMinute, burst }: TokenBucketOptions, nowMs: number) {
    this.#perMs = perMinute / 60_000;
    this.#burst = burst ?? defaultBurst(perMinute);
    this.#level = this.#burst;
    this.#atMs = nowMs;
  }

  /** Milliseconds until so much is there; 0 if it is. A need beyond the whole bucket waits for a full one. */
  waitMs(need: number, nowMs: number): number {
    this.#refill(nowMs);
    const missing = Math.min(need, this.#burst) - this.#level;
    // Rounding must not make a bucket that is full enough wait a fraction of a millisecond more.
    return missing <= 1e-9 ? 0 : missing / this.#perMs;
  }

  /** Takes so much; may go below 0, which later takers wait off. */
  take(need: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level -= need;
  }

  /** Puts back what was taken and not used. */
  giveBack(amount: number): void {
    this.#level = Math.min(this.#burst, this.#level + amount);
  }

  /** Takes over the vendor's limit, and its level where that is lower than ours. */
  read({ limitPerMinute, remaining, sentAtMs, takenSince }: BucketReading, nowMs: number): void {
    this.#refill(nowMs);
    this.#perMs = limitPerMinute / 60_000;
    this.#burst = defaultBurst(limitPerMinute);
    const theirs = remaining + (nowMs - sentAtMs) * this.#perMs - takenSince;
    this.#level = Math.min(this.#level, theirs, this.#burst);
  }

  /** Sets a new rate; what is there stays. */
  setRate(perMinute: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#perMs = perMinute / 60_000;
    this.#burst = defaultBurst(perMinute);
    this.#level = Math.min(this.#level, this.#burst);
  }

  /** The vendor says that nothing is left: refilling starts from `sinceMs`. */
  empty(sinceMs: number, nowMs: number): void {
    this.#level = Math.min(this.#level, (nowMs - sinceMs) * this.#perMs);
    this.#atMs = nowMs;
  }

  #refill(nowMs: number): void {
    this.#level = Math.min(this.#burst, this.#level + Math.max(0, nowMs - this.#atMs) * this.#perMs);
    this.#atMs = Math.max(this.#atMs, nowMs);
  }
}

function defaultBurst(perMinute: number): number {
  return Math.max(1, Math.min(perMinute, (perMinute / 60) * BURST_SECONDS));
}
