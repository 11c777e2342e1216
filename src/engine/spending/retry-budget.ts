/** Repeated calls that a run may make before any success. */
const RETRY_BUDGET_START = 10;

/**
 * Repeated calls that every success adds: N graded answers never take more than N / 2 + 10 repeated calls. Neither an
 * answer's first call to each provider nor its own first one after a call it shared was split is one.
 */
const RETRY_BUDGET_PER_SUCCESS = 0.5;

/**
 * Retry budget, a bucket that successes fill: bounds repeated calls of any sort, such as retries, re-asks, later modes
 * and hedges. In an outage it runs dry and the storm ends (after Finagle's RetryBudget and the AWS SDK's retry quota).
 * Owned by the run, as long as that lasts.
 */
export class RetryBudget {
  readonly #perSuccess: number;
  /** Repeated calls that may be made now; may be a fraction. */
  #tokens = RETRY_BUDGET_START;

  constructor(perSuccess: number = RETRY_BUDGET_PER_SUCCESS) {
    this.#perSuccess = perSuccess;
  }

  /** True if not one whole repeated call is left. */
  get isEmpty(): boolean {
    return this.#tokens < 1;
  }

  /** Adds the share of one success. */
  succeeded(): void {
    this.#tokens += this.#perSuccess;
  }

  /** Takes one repeated call out; true if there was one. */
  spend(): boolean {
    if (this.isEmpty) return false;
    this.#tokens--;
    return true;
  }
}
