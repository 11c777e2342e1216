import type { Clock } from '../contract/clock.js';
import type { FailureCode } from '../contract/failure.js';
import { wait } from './wait.js';

/** The rest after a first trouble, in milliseconds; doubled each time, up to the longest. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 60_000;

/** Jitter: a rest lasts up to so much longer, so that workers do not all come back at once. */
const JITTER_SHARE = 0.25;

/** Hears when a worker rests and when it is well again. */
export interface RestListener {
  resting(code: FailureCode, waitMs: number): void;
  well(): void;
}

/**
 * Back-off of a worker in trouble: its provider is down, or its key is wrong. It takes no chunks while it rests, then one that
 * tries whether the trouble is over. Owned by one worker, for its life.
 */
export class WorkerRest {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #listener: RestListener;
  #troubles = 0;
  #until = -Infinity;

  constructor(clock: Clock, random: () => number, listener: RestListener) {
    this.#clock = clock;
    this.#random = random;
    this.#listener = listener;
  }

  /** The next chunk is to be the only one: nobody knows whether the trouble is over. */
  get isProbing(): boolean {
    return this.#troubles > 0;
  }

  /**
   * Chunks that were in the works together tell of one trouble: only what is told after a rest makes the next one longer.
   *
   * @param retryAt When the provider wants to be asked again.
   */
  trouble(code: FailureCode, retryAt?: string): void {
    if (this.#remainingMs() > 0) return;
    const doubled = Math.min(FIRST_REST_MS * 2 ** Math.min(this.#troubles++, 10), LONGEST_REST_MS);
    const wantedMs = retryAt === undefined ? 0 : Date.parse(retryAt) - this.#clock.date() || 0;
    const restMs = Math.min(Math.max(doubled, wantedMs), LONGEST_REST_MS) * (1 + JITTER_SHARE * this.#random());
    this.#until = this.#clock.now() + restMs;
    this.#listener.resting(code, restMs);
  }

  /** A chunk went through. */
  well(): void {
    if (this.#troubles === 0) return;
    this.#troubles = 0;
    this.#until = -Infinity;
    this.#listener.well();
  }

  /** Resolves when the rest is over, or the signal aborts. */
  async over(signal: AbortSignal): Promise<void> {
    for (let ms = this.#remainingMs(); ms > 0 && !signal.aborted; ms = this.#remainingMs())
      await wait(ms, signal, this.#clock);
  }

  #remainingMs(): number {
    return this.#until - this.#clock.now();
  }
}
