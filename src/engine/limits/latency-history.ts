/** Calls remembered. */
const HISTORY_LENGTH = 100;

/** Ring buffer of the durations of the last calls, in milliseconds. Owned by a gate, a run's dispatcher or a lobby. */
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

  /**
   * A duration that the next call exceeds with a chance of `1 - share`, or `undefined` with fewer than `minimum` calls:
   * the k-th of n is not exceeded with a chance of k in n + 1 (Hyndman and Fan 1996, type 6).
   */
  quantileMs(share: number, minimum: number): number | undefined {
    if (this.count < minimum) return undefined;
    this.#sorted ??= this.#durationsMs.toSorted((first, second) => first - second);
    const position = Math.min(Math.max(share * (this.count + 1) - 1, 0), this.count - 1);
    const [below, above] = [this.#sorted[Math.floor(position)], this.#sorted[Math.ceil(position)]];
    return below === undefined || above === undefined ? undefined : below + (above - below) * (position % 1);
  }
}
