/** Repeated calls that a run may make before any success. */
const RETRY_BUDGET_START = 10;

/**
 * What every success adds: N graded answers never take more than N / 2 + 10 repeated calls. An answer's first call to
 * each provider is none, and neither is its own first one after a call it shared was split.
 */
const RETRY_BUDGET_PER_SUCCESS = 0.5;

/**
 * What a run may spend on repeated calls of any sort: retries, re-asks, later modes, hedges. In an outage it runs dry
 * and the storm ends (after Finagle's RetryBudget and the AWS SDK's retry quota).
 */
export class RetryBudget {
  readonly #perSuccess: number;
  #tokens = RETRY_BUDGET_START;

  constructor(perSuccess: number = RETRY_BUDGET_PER_SUCCESS) {
    this.#perSuccess = perSuccess;
  }

  get isEmpty(): boolean {
    return this.#tokens < 1;
  }

  succeeded(): void {
    this.#tokens += this.#perSuccess;
  }

  /** True if there was one to spend. */
  spend(): boolean {
    if (this.isEmpty) return false;
    this.#tokens--;
    return true;
  }
}
