/** Calls remembered. */
const HISTORY_LENGTH = 100;

/** The durations of a provider's last calls, in milliseconds. */
export class LatencyHistory {
  readonly #durationsMs: number[] = [];
  #next = 0;
  #sorted: readonly number[] | undefined;

  get count(): number {
    return this.#durationsMs.length;
  }

  add(durationMs: number): void {
    this.#durationsMs[this.#next] = durationMs;
    this.#next = (this.#next + 1) % HISTORY_LENGTH;
    this.#sorted = undefined;
  }

  /** The nearest-rank quantile, or `undefined` with fewer than `minimum` calls. */
  quantileMs(share: number, minimum: number): number | undefined {
    if (this.count < minimum) return undefined;
    this.#sorted ??= this.#durationsMs.toSorted((first, second) => first - second);
    return this.#sorted[Math.max(0, Math.ceil(share * this.count) - 1)];
  }
}
