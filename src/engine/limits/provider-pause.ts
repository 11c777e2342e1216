/** Several processes that were told the same time do not come back at once. */
const PAUSE_JITTER = 0.02;

/** A 429 without a hint pauses for a time drawn up to this, in milliseconds, doubled each time in a row. */
const HINTLESS_PAUSE_MS = 1_000;

/** The longest pause without a hint, in milliseconds. */
const HINTLESS_PAUSE_MAX_MS = 30_000;

/** When a provider may be called again. Times are handed in, in milliseconds. */
export class ProviderPause {
  readonly #random: () => number;
  #untilMs = 0;
  #setAtMs = Number.NEGATIVE_INFINITY;
  #totalMs = 0;
  #hintlessInARow = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  leftMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** All pauses so far. */
  spentMs(nowMs: number): number {
    return this.#totalMs - this.leftMs(nowMs);
  }

  /** Whether a call that started then was under way when the last pause was set: it belongs to the same episode. */
  isOlder(startedAtMs: number): boolean {
    return startedAtMs < this.#setAtMs;
  }

  /** For as long as the provider asked. Never shortens a pause. Returns its length if it got longer. */
  extend(delayMs: number, nowMs: number): number | undefined {
    const untilMs = nowMs + delayMs * (1 + this.#random() * PAUSE_JITTER);
    this.#setAtMs = nowMs;
    if (untilMs <= this.#untilMs) return undefined;
    this.#totalMs += untilMs - Math.max(nowMs, this.#untilMs);
    this.#untilMs = untilMs;
    return untilMs - nowMs;
  }

  /** The provider said 429 and not for how long: full jitter, growing while that goes on. */
  extendWithoutHint(nowMs: number): number | undefined {
    const bound = Math.min(HINTLESS_PAUSE_MAX_MS, HINTLESS_PAUSE_MS * 2 ** this.#hintlessInARow++);
    return this.extend(this.#random() * bound, nowMs);
  }

  /** A call went through. */
  succeeded(): void {
    this.#hintlessInARow = 0;
  }
}
