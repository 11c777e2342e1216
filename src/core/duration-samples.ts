/** So many durations are kept as they are, and what is said of them is exact. */
const EXACT_COUNT = 10_000;

/** More are counted in steps of 1 %. */
const STEP = Math.log(1.01);

/** Shorter ones count as this, in milliseconds. */
const SHORTEST_MS = 1e-6;

/** Durations in milliseconds, and what can be said of them. However many there are, they take a bounded amount of memory. */
export class DurationSamples {
  #exact: number[] = [];
  readonly #countByStep = new Map<number, number>();
  #sum = 0;
  #max = 0;
  count = 0;

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.#sum / this.count;
  }

  add(durationMs: number): void {
    this.count++;
    this.#sum += durationMs;
    this.#max = Math.max(this.#max, durationMs);
    this.#exact.push(durationMs);
    if (this.#exact.length > EXACT_COUNT) this.#fold();
  }

  /**
   * The nearest-rank quantiles: the smallest value that at least the given share does not exceed. Those of more than
   * 10,000 durations are at most 1 % too high.
   */
  quantiles<const Shares extends readonly number[]>(shares: Shares): { [Index in keyof Shares]: number } {
    if (this.#countByStep.size > 0) this.#fold();
    const sorted = Float64Array.from(this.#exact).toSorted();
    const steps = [...this.#countByStep].toSorted(([first], [second]) => first - second);
    const valueAt = (rank: number): number => {
      let left = rank - sorted.length;
      if (left <= 0) return sorted[rank - 1] ?? Number.NaN;
      const step = steps.find(([, count]) => (left -= count) <= 0);
      return step === undefined ? Number.NaN : Math.min(this.#max, Math.exp(step[0] * STEP));
    };
    // One value for each share.
    return shares.map((share) => valueAt(Math.max(1, Math.ceil(share * this.count)))) as {
      [Index in keyof Shares]: number;
    };
  }

  #fold(): void {
    for (const durationMs of this.#exact) {
      const step = Math.ceil(Math.log(Math.max(durationMs, SHORTEST_MS)) / STEP);
      this.#countByStep.set(step, (this.#countByStep.get(step) ?? 0) + 1);
    }
    this.#exact = [];
  }
}
