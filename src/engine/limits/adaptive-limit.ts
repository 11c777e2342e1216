import type { LimitChange } from '../../contract/report.js';

/** Bounds of an adaptive limit, in calls in flight. */
export interface AdaptiveBounds {
  /** @default 1 */
  min: number;
  /** @default 5 */
  start: number;
  /** @default 10 */
  max: number;
}

/** Multiplicative decrease: the share of the limit that a cut leaves. */
const CUT_FACTOR = 0.7;

/** Time between cuts, in milliseconds: calls that were sent under the old limit say nothing of the new one. */
const CUT_COOLDOWN_MS = 15_000;

/** Share of the limit that a round must really have used to count: growth needs evidence. */
const SATURATION = 0.8;

/** Fewest calls of a round, however low the limit is. */
const MIN_ROUND = 4;

/**
 * Additive increase, multiplicative decrease (AIMD), with a slow start: finds how many calls a provider takes at once.
 * The limit doubles after each clean, saturated round until the first cut, then grows by one; a 429 cuts once per
 * episode; server errors stop growth but never cut. Owned by the provider's gate.
 */
export class AdaptiveLimit {
  readonly #bounds: AdaptiveBounds;
  readonly #onChange: (change: Omit<LimitChange, 'atMs' | 'provider'>) => void;
  #limit: number;
  #cleanCalls = 0;
  /** Most calls in flight during this round. */
  #roundPeak = 0;
  /** True after the first cut: the limit then grows by one each round instead of doubling (slow start is over). */
  #hasCut = false;
  #noCutBeforeMs = 0;

  constructor(bounds: AdaptiveBounds, onChange: (change: Omit<LimitChange, 'atMs' | 'provider'>) => void) {
    this.#bounds = bounds;
    this.#limit = bounds.start;
    this.#onChange = onChange;
  }

  get limit(): number {
    return this.#limit;
  }

  /** A call has started, as one of so many that have started and not ended. */
  started(inFlight: number): void {
    this.#roundPeak = Math.max(this.#roundPeak, inFlight);
  }

  /**
   * A first attempt went through. Repeated calls are neutral: they say nothing of a clean round.
   *
   * @param slots The most that can be in flight, whatever the bounds say.
   */
  succeeded(nowMs: number, slots: number = Infinity): void {
    this.#limit = Math.min(this.#limit, slots);
    this.#cleanCalls++;
    if (this.#cleanCalls < Math.max(this.#limit, MIN_ROUND)) return;
    const isSaturated = this.#roundPeak >= SATURATION * this.#limit;
    this.#startRound();
    if (!isSaturated || nowMs < this.#noCutBeforeMs) return;
    const grown = this.#hasCut ? this.#limit + 1 : this.#limit * 2;
    this.#change(Math.min(grown, this.#bounds.max, slots), 'a clean round used the limit');
  }

  /** A server error or a fault on the way: no growth from this round. */
  faulted(): void {
    this.#startRound();
  }

  /** The provider said 429. */
  rateLimited(retryAfterMs: number, nowMs: number, slots: number = Infinity): void {
    this.#limit = Math.min(this.#limit, slots);
    this.#startRound();
    if (nowMs < this.#noCutBeforeMs) return;
    this.#hasCut = true;
    this.#noCutBeforeMs = nowMs + Math.max(CUT_COOLDOWN_MS, retryAfterMs);
    const least = Math.min(this.#bounds.min, slots);
    this.#change(Math.max(least, Math.floor(this.#limit * CUT_FACTOR)), 'the provider answered 429');
  }

  #startRound(): void {
    this.#cleanCalls = 0;
    this.#roundPeak = 0;
  }

  #change(to: number, reason: string): void {
    const from = this.#limit;
    if (to === from) return;
    this.#limit = to;
    this.#onChange({ from, to, reason });
  }
}
