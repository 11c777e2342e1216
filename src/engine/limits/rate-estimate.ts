/** In flight after a pause, until the provider has shown what it takes. */
export const RESTART_IN_FLIGHT = 2;

/**
 * An empty bucket holds less than one call, so up to one more or less was refilled than was let through. Three quarters
 * more finds the limit again and again, which sharpens the estimate, and costs few rejections.
 */
const UNCOUNTED = 0.75;

/** A rate that is met no more, after so many calls and twice as many as it was learned from, is too low. */
const CALLS_BEFORE_RAISE = 10;
const RAISE_FACTOR = 1.25;

/** After so many raises, what was let through before says nothing of the rate. */
const RAISES_TO_FORGET = 2;

/**
 * Floor: an estimate never falls below this share of the fastest rate that the vendor has proved. Rejections that no rate
 * is behind come at any pace, and each would slow it down further, for hours where this costs minutes
 * (test/chaos/random-rejections.test.ts). The rest is room for others who use the same limit.
 */
const FLOOR_SHARE = 0.75;

/** A call to the vendor. */
export interface SentCall {
  readonly startedAtMs: number;
  /** Counts the calls that were sent. */
  readonly callNumber: number;
}

/** Calls were turned away: the vendor's bucket was empty when the first of them came. */
interface Exhaustion {
  readonly startedAtMs: number;
  /** The last call that was sent before a pause. */
  readonly lastNumber: number;
}

/**
 * Learns a rate limit that no header tells. Between two times at which the vendor's bucket was empty, it let through
 * just what it refilled: calls let through over the time between them is the rate. The whole time since the first
 * exhaustion is used, so that the estimate sharpens with each one; it errs on the fast side, since a limit that is never
 * met again teaches nothing. Until the second exhaustion, few calls go at once.
 */
export class RateEstimate {
  #first: Exhaustion | undefined;
  #latest: Exhaustion | undefined;
  #rejections = 0;
  #perMinute: number | undefined;
  /** The fastest rate that is sure, in calls per minute. */
  #proved = 0;
  #cap: number | undefined;
  #successes = 0;
  #raises = 0;
  #learnedFrom = 0;

  /** Calls per minute, once known. */
  get perMinute(): number | undefined {
    return this.#perMinute;
  }

  /** Most calls in flight; `undefined` does not say. */
  get cap(): number | undefined {
    return this.#cap;
  }

  /** The vendor let a call through that had waited its time for the rate. */
  admitted(call: SentCall): void {
    if (!this.#isAfterFirst(call)) return;
    this.#successes++;
    if (this.#cap !== undefined && this.#successes >= this.#cap) {
      // One more at a time, until the limit shows itself again.
      this.#successes = 0;
      this.#cap++;
    } else if (this.#perMinute !== undefined && this.#successes > 2 * this.#learnedFrom + CALLS_BEFORE_RAISE) {
      this.#successes = 0;
      this.#learnedFrom = 0;
      this.#raises++;
      this.#perMinute *= RAISE_FACTOR;
    }
  }

  /** The vendor turned a call away. */
  rejected(call: SentCall): void {
    if (!this.#isAfterFirst(call)) return;
    this.#rejections++;
    // One of those that came before: it was taken for let through.
    if (this.#latest !== undefined && call.callNumber <= this.#latest.lastNumber) this.#learn();
  }

  /** The call was the first of those that were turned away together; no other was sent after `lastNumber`. */
  exhausted({ startedAtMs }: SentCall, lastNumber: number): void {
    this.#successes = 0;
    const exhaustion = { startedAtMs, lastNumber };
    if (this.#first === undefined) {
      this.#first = exhaustion;
      this.#cap = RESTART_IN_FLIGHT;
    } else if (this.#raises >= RAISES_TO_FORGET) this.#startAnew(exhaustion);
    else {
      this.#prove();
      this.#latest = exhaustion;
      this.#raises = 0;
      this.#learn();
    }
  }

  /**
   * By now it is known which of the calls before the latest exhaustion were turned away: all but the one that has just
   * been. The bucket held less than one call at first, so all but one of those let through were refilled since.
   */
  #prove(): void {
    if (this.#first === undefined || this.#latest === undefined) return;
    const elapsedMs = this.#latest.startedAtMs - this.#first.startedAtMs;
    const admitted = this.#latest.lastNumber - this.#first.lastNumber - (this.#rejections - 1);
    if (elapsedMs > 0) this.#proved = Math.max(this.#proved, ((admitted - 1) / elapsedMs) * 60_000);
  }

  #learn(): void {
    if (this.#first === undefined || this.#latest === undefined) return;
    const elapsedMs = this.#latest.startedAtMs - this.#first.startedAtMs;
    const admitted = this.#latest.lastNumber - this.#first.lastNumber - this.#rejections;
    if (admitted <= 0 || elapsedMs <= 0) return;
    const estimate = ((admitted + UNCOUNTED) / elapsedMs) * 60_000;
    this.#perMinute = Math.max(estimate, FLOOR_SHARE * this.#proved);
    this.#learnedFrom = admitted;
    this.#cap = undefined;
  }

  /** The rate before the last raise was not too fast. */
  #startAnew(exhaustion: Exhaustion): void {
    this.#first = exhaustion;
    this.#latest = undefined;
    this.#rejections = 0;
    this.#raises = 0;
    if (this.#perMinute === undefined) return;
    this.#perMinute /= RAISE_FACTOR;
    this.#proved = Math.min(this.#proved, this.#perMinute);
  }

  #isAfterFirst({ callNumber }: SentCall): boolean {
    return this.#first !== undefined && callNumber > this.#first.lastNumber;
  }
}
