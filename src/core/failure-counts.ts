import type { FailureCode, GradingFailure } from '../contract/failure.js';

/** Counts failures by code. */
export class FailureCounts {
  /** What was added, answers without a failure too. */
  total = 0;
  readonly #byCode = new Map<FailureCode, { failure: GradingFailure; count: number }>();

  add(failure: GradingFailure | undefined): void {
    this.total++;
    if (failure === undefined) return;
    const count = (this.#byCode.get(failure.code)?.count ?? 0) + 1;
    this.#byCode.set(failure.code, { failure, count });
  }

  /** The last one of the commonest code. */
  get commonest(): GradingFailure | undefined {
    return [...this.#byCode.values()].toSorted((first, second) => second.count - first.count)[0]?.failure;
  }
}
