/** In flight after the first pause, while the rate is not known. */
const RESTART_IN_FLIGHT = 2;

/** Between two exhaustions lie on average half a call more than were counted; a bit too fast also finds the limit. */
const HALF_A_CALL = 0.5;

/**
 * Learns a rate limit that no header tells. Between two times at which the vendor's bucket was empty, it let through
 * just what it refilled: calls admitted over the time between them is the rate. The whole time since the first
 * exhaustion is used, so that the estimate sharpens with each one. Until the second, few calls go at once.
 */
export class RateEstimate {
  #firstExhaustedAtMs: number | undefined;
  #admitted = 0;
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
  admitted(): void {
    if (this.#firstExhaustedAtMs === undefined) return;
    this.#admitted++;
    if (this.#cap === undefined || ++this.#successes < this.#cap) return;
    // One more at a time, until the limit shows itself again.
    this.#successes = 0;
    this.#cap++;
  }

  /** The vendor's bucket was empty when a call came that was sent at this time. */
  exhausted(atMs: number): void {
    if (this.#firstExhaustedAtMs === undefined) {
      this.#firstExhaustedAtMs = atMs;
      this.#cap = RESTART_IN_FLIGHT;
      return;
    }
    const elapsedMs = atMs - this.#firstExhaustedAtMs;
    if (this.#admitted === 0 || elapsedMs <= 0) return;
    this.#perMinute = ((this.#admitted + HALF_A_CALL) / elapsedMs) * 60_000;
    this.#cap = undefined;
  }
}
