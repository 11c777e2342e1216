/** A bucket holds this many seconds' worth, unless more is seen in it: vendors enforce limits over short windows. */
const BURST_SECONDS = 10;

/** Slow-down of a bucket's refill after calls came too early, as a factor each time and at worst. */
const SLOWER = 0.95;
const SLOWEST_PACE = 0.7;

/** Options of a bucket. */
export interface BucketOptions {
  /** Rate at which the bucket refills, in permits per minute. */
  perMinute: number;
  /** The most it holds. @default 10 seconds' worth, at least 1 */
  burst?: number | undefined;
  /** Responses may lower rate and level, never raise them. @default false */
  isCeiling?: boolean | undefined;
}

/** Reading of the vendor's own bucket, as a response tells of it. */
export interface BucketReading {
  limitPerMinute: number;
  /** Permits left in the vendor's bucket after the request. */
  remaining: number;
  /** Time at which the request that was answered was sent. */
  sentAtMs: number;
  /** Permits taken since then, that request not included. */
  takenSince: number;
  /** Permits taken before that and still under way then: what remained may or may not count them. */
  underWay: number;
}

/**
 * A token bucket kept in step with the vendor's: it refills by time, believes what responses say of the vendor's, and
 * learns how much that holds. Times are handed in, in milliseconds.
 */
export class Bucket {
  readonly #mostPerMs: number;
  #perMs: number;
  /** Factor on the vendor's rate, 1 or less. */
  #pace = 1;
  #burst: number;
  #isBurstKnown: boolean;
  /** The most that the vendor's was seen to hold. */
  #seen = 1;
  #level: number;
  /** The level when it was last at its highest. */
  #peak: number;
  #atMs: number;

  constructor({ perMinute, burst, isCeiling = false }: BucketOptions, nowMs: number) {
    this.#perMs = perMinute / 60_000;
    this.#mostPerMs = isCeiling ? this.#perMs : Infinity;
    this.#burst = burst ?? defaultBurst(perMinute);
    this.#isBurstKnown = burst !== undefined;
    this.#level = this.#burst;
    this.#peak = this.#level;
    this.#atMs = nowMs;
  }

  /** Permits that are there; below 0 if more were taken. */
  level(nowMs: number): number {
    this.#refill(nowMs);
    return this.#level;
  }

  /** Permits taken, and not refilled, since the bucket was last at its fullest. */
  depth(nowMs: number): number {
    return this.#peak - this.level(nowMs);
  }

  /**
   * Milliseconds until so much is there beside what is reserved; 0 if it is. A need beyond the whole bucket waits for a
   * full one, and one that does not fit beside the reserved for that to be taken: then `Infinity`.
   */
  waitMs(need: number, nowMs: number, reserved: number = 0): number {
    if (reserved > 0 && reserved + need > this.#burst) return Infinity;
    const missing = Math.min(reserved + need, this.#burst) - this.level(nowMs);
    // Rounding must not make a bucket that is full enough wait a fraction of a millisecond more.
    return missing <= 1e-9 ? 0 : missing / this.#perMs;
  }

  /** Takes so much; may go below 0, which later takers wait off. */
  take(need: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#level -= need;
  }

  /** Puts back permits that were taken and not used; the bucket never holds more than its burst. */
  giveBack(amount: number): void {
    this.#level = Math.min(this.#burst, this.#level + amount);
  }

  /**
   * Takes over the vendor's limit, and its level: what was left and not taken by others is there, and no more than was
   * refilled since.
   */
  read({ limitPerMinute, remaining, sentAtMs, takenSince, underWay }: BucketReading, nowMs: number): void {
    this.#seen = Math.max(this.#seen, remaining + 1);
    this.setRate(limitPerMinute, nowMs);
    const most = remaining - takenSince + (nowMs - sentAtMs) * this.#perMs;
    const least = remaining - takenSince - underWay;
    // Under a ceiling that the user set, what the vendor has left may be for others.
    const raised = this.#mostPerMs === Infinity ? Math.max(this.#level, least) : this.#level;
    this.#correct(Math.min(raised, most));
  }

  /** Sets a new rate; what is there stays. */
  setRate(perMinute: number, nowMs: number): void {
    this.#refill(nowMs);
    this.#perMs = Math.min(perMinute / 60_000, this.#mostPerMs) * this.#pace;
    if (this.#isBurstKnown) return;
    this.#burst = Math.max(defaultBurst(perMinute), this.#seen);
    this.#correct(this.#level);
  }

  /** The vendor's bucket was empty though ours was not: it holds no more than this. False if that was known. */
  limitBurst(most: number): boolean {
    const burst = Math.max(1, Math.min(most, this.#burst));
    const isNews = burst < this.#burst;
    this.#isBurstKnown = true;
    this.#burst = burst;
    this.#correct(this.#level);
    return isNews;
  }

  /** Calls one by one came too early all the same: they do not all take the same time to arrive. */
  slowDown(): void {
    this.#pace = Math.max(SLOWEST_PACE, this.#pace * SLOWER);
  }

  /** The vendor says that nothing is left: refilling starts from `sinceMs`. */
  empty(sinceMs: number, nowMs: number): void {
    this.#correct(Math.min(this.#level, (nowMs - sinceMs) * this.#perMs));
    this.#atMs = nowMs;
  }

  /** Corrects the level by something that was not taken here, so the highest level moves along and the depth stays. */
  #correct(level: number): void {
    const corrected = Math.min(level, this.#burst);
    this.#peak += corrected - this.#level;
    this.#level = corrected;
  }

  /** Adds the permits of the time since the last look. A clock that goes back adds none. */
  #refill(nowMs: number): void {
    this.#level = Math.min(this.#burst, this.#level + Math.max(0, nowMs - this.#atMs) * this.#perMs);
    this.#peak = Math.max(this.#peak, this.#level);
    this.#atMs = Math.max(this.#atMs, nowMs);
  }
}

function defaultBurst(perMinute: number): number {
  return Math.max(1, Math.min(perMinute, (perMinute / 60) * BURST_SECONDS));
}
