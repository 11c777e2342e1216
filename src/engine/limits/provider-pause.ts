/** Jitter: a pause lasts up to 2 % longer than asked, so that processes do not all resume at once. */
const PAUSE_JITTER = 0.02;

/** A 429 without a hint pauses for a time drawn up to this, in milliseconds, doubled each time in a row. */
const HINTLESS_PAUSE_MS = 1_000;

/** The longest pause without a hint, in milliseconds. */
const HINTLESS_PAUSE_MAX_MS = 30_000;

/** A provider that let nothing through for so long, or over so many pauses in a row, is left for the next one. */
const HOPELESS_AFTER_MS = 30_000;
const HOPELESS_PAUSES = 3;

/** Row of pauses between which nothing was let through. */
interface PauseRow {
  readonly sinceMs: number;
  count: number;
}

/** Pause: when a provider may be called again. Owned by its gate. Times are handed in, in milliseconds. */
export class ProviderPause {
  readonly #random: () => number;
  /** Time at which the pause ends; in the past without one. */
  #untilMs = 0;
  #setAtMs = Number.NEGATIVE_INFINITY;
  /** Lengths of all pauses together, also of what is left of the last. */
  #totalMs = 0;
  #hintlessInARow = 0;
  #row: PauseRow | undefined;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Rest of the pause, in milliseconds; 0 without one. */
  leftMs(nowMs: number): number {
    return Math.max(0, this.#untilMs - nowMs);
  }

  /** Total time of all pauses so far, in milliseconds. */
  spentMs(nowMs: number): number {
    return this.#totalMs - this.leftMs(nowMs);
  }

  /** True if a call that started then was under way when the last pause was set: it belongs to the same episode. */
  isOlder(startedAtMs: number): boolean {
    return startedAtMs < this.#setAtMs;
  }

  /**
   * Pauses for as long as the provider asked, plus jitter. Never shortens a pause. Returns its length if it got longer.
   */
  extend(delayMs: number, nowMs: number): number | undefined {
    const untilMs = nowMs + delayMs * (1 + this.#random() * PAUSE_JITTER);
    this.#setAtMs = nowMs;
    this.#row ??= { sinceMs: nowMs, count: 0 };
    // Rejections that were under way when it was paused belong to the same pause.
    if (this.#untilMs <= nowMs) this.#row.count++;
    if (untilMs <= this.#untilMs) return undefined;
    this.#totalMs += untilMs - Math.max(nowMs, this.#untilMs);
    this.#untilMs = untilMs;
    return untilMs - nowMs;
  }

  /** Exponential back-off with full jitter, for a 429 that does not say how long. */
  extendWithoutHint(nowMs: number): number | undefined {
    const bound = Math.min(HINTLESS_PAUSE_MAX_MS, HINTLESS_PAUSE_MS * 2 ** this.#hintlessInARow++);
    return this.extend(this.#random() * bound, nowMs);
  }

  /** A call went through and was answered. */
  succeeded(): void {
    this.#hintlessInARow = 0;
  }

  /** A call was not turned away. */
  letThrough(): void {
    this.#row = undefined;
  }

  /**
   * True while a pause lasts that ends a wait for nothing: whoever has another provider need not sit it out. False once
   * it is over, so that the next call finds out whether the provider is back.
   */
  isHopeless(nowMs: number): boolean {
    if (this.#row === undefined || this.leftMs(nowMs) === 0) return false;
    return this.#row.count >= HOPELESS_PAUSES || this.#untilMs - this.#row.sinceMs >= HOPELESS_AFTER_MS;
  }
}
