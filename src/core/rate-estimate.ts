/** In flight after the first pause, while the rate is not known. */
const RESTART_IN_FLIGHT = 2;

/** An empty bucket holds less than one call, so at most one more was refilled than was let through. */
const AT_MOST_UNCOUNTED = 1;

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

  /** Calls per minute, once known. */
  get perMinute(): number | undefined {
    return this.#perMinute;
  }

  /** How many calls may be in flight; `undefined` does not say. */
  get cap(): number | undefined {
    return this.#cap;
  }

  /** The vendor let a call through. */
  admitted(call: SentCall): void {
    if (this.#cap === undefined || !this.#isAfterFirst(call) || ++this.#successes < this.#cap) return;
    // One more at a time, until the limit shows itself again.
    this.#successes = 0;
    this.#cap++;
  }

  /** The vendor turned a call away. */
  rejected(call: SentCall): void {
    if (this.#isAfterFirst(call)) this.#rejected++;
  }

  /** The vendor's bucket was empty when this call came, the first of those that it turned away. */
  exhausted(call: SentCall): void {
    if (this.#first === undefined) {
      this.#first = call;
      this.#cap = RESTART_IN_FLIGHT;
      return;
    }
    const elapsedMs = call.startedAtMs - this.#first.startedAtMs;
    const admitted = call.callNumber - this.#first.callNumber - this.#rejected;
    if (admitted <= 0 || elapsedMs <= 0) return;
    this.#perMinute = ((admitted + AT_MOST_UNCOUNTED) / elapsedMs) * 60_000;
    this.#cap = undefined;
  }

  #isAfterFirst({ callNumber }: SentCall): boolean {
    return this.#first !== undefined && callNumber > this.#first.callNumber;
  }
}
