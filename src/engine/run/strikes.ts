import type { GradingFailure } from '../../contract/failure.js';

/** Strikes after which a link makes no more calls of several answers: as many as open a provider's circuit. */
const MOST_STRIKES = 5;

/**
 * Circuit breaker for a link's calls of several answers: a provider may take one answer at a time and fail all calls of
 * several, which says nothing of calls of one. Counts faults in a row on the way to or from the provider; calls that were
 * under way together when the first of them came count once, as connections that drop at the same time are one fault.
 * Owned by the link. Times are in milliseconds.
 */
export class Strikes {
  #count = 0;
  #firstAtMs = 0;
  #last: GradingFailure | undefined;

  /** The last of so many faults that calls of several are of no use; `undefined` while they may be. */
  get out(): GradingFailure | undefined {
    return this.#count < MOST_STRIKES ? undefined : this.#last;
  }

  /** Counts a fault, unless its call was under way when the first fault of the row came. */
  failed(failure: GradingFailure, startedAtMs: number, nowMs: number): void {
    this.#last = failure;
    if (this.#count === 0) this.#firstAtMs = nowMs;
    else if (startedAtMs < this.#firstAtMs) return;
    this.#count++;
  }

  /** Ends the row of faults. */
  succeeded(): void {
    this.#count = 0;
  }
}
