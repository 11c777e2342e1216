/** In flight after the first pause, while the rate is not known. */
const RESTART_IN_FLIGHT = 2;

/** An empty bucket holds less than one call, so at most one more was refilled than was let through. */
const AT_MOST_UNCOUNTED = 1;

/** A rate that is met no more, after so many calls and twice as many as it was learned from, is too low. */
const CALLS_BEFORE_RAISE = 10;
const RAISE_FACTOR = 1.25;

/** After so many raises, what was let through before says nothing of the rate. */
const RAISES_TO_FORGET = 2;

/** A call to the vendor. */
export interface SentCall {
  readonly startedAtMs: number;
  /** Counts the calls that were sent. */
  readonly callNumber: number;
}

/**
 * Learns a rate limit that no header tells. Between two times at which the vendor's bucket was empty, it let through
 * just what it refilled: calls let through over the time between them is the rate. The whole time since the first
 * exhaustion is used, so that the estimate sharpens with each one; it errs on the fast side, since a limit that is never
 * met again teaches nothing. Until the second exhaustion, few calls go at once.
 */
export class RateEstimate {
  #first: SentCall | undefined;
  #rejected = 0;
  #perMinute: number | undefined;
  #cap: number | undefined;
  #successes = 0;
  #raises = 0;
  #learnedFrom = 0;

  /** Calls per minute, once known. */
  get perMinute(): number | undefined {
    return this.#perMinute;
  }

  /** How many calls may be in flight; `undefined` does not say. */
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
    if (this.#isAfterFirst(call)) this.#rejected++;
  }

  /** The vendor's bucket was empty when this call came, the first of those that it turned away. */
  exhausted(call: SentCall): void {
    this.#successes = 0;
    if (this.#first === undefined) {
      this.#first = call;
      this.#cap = RESTART_IN_FLIGHT;
    } else if (this.#raises >= RAISES_TO_FORGET) this.#forget(call);
    else this.#learn(call, this.#first);
  }

  #learn(call: SentCall, first: SentCall): void {
    const elapsedMs = call.startedAtMs - first.startedAtMs;
    const admitted = call.callNumber - first.callNumber - this.#rejected;
    if (admitted <= 0 || elapsedMs <= 0) return;
    this.#perMinute = ((admitted + AT_MOST_UNCOUNTED) / elapsedMs) * 60_000;
    this.#learnedFrom = admitted;
    this.#raises = 0;
    this.#cap = undefined;
  }

  /** The rate before the last raise was not too fast. */
  #forget(call: SentCall): void {
    this.#first = call;
    this.#rejected = 0;
    this.#raises = 0;
    if (this.#perMinute !== undefined) this.#perMinute /= RAISE_FACTOR;
  }

  #isAfterFirst({ callNumber }: SentCall): boolean {
    return this.#first !== undefined && callNumber > this.#first.callNumber;
  }
}
