/** Repeated calls that a run may make before any success. */
const RETRY_BUDGET_START = 10;

/** What every success adds. With it, N answers never take more than 1.5 N + 10 calls. */
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
