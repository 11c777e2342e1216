import { Latch } from './latch.js';

/** Why a run stopped before all of its answers were settled. */
export type StopReason = 'aborted' | 'deadline_exceeded';

/**
 * Stop signal: ends a run's waiting at once and says why. Owned by one run, for as long as that lasts; everything in the
 * run that waits registers here, so that the caller's signal has one listener. Not an `AbortSignal`, because taking a
 * listener from an `EventTarget` searches all of them.
 */
export class StopSignal {
  readonly #stopped = new Latch();
  #reason: StopReason | undefined;

  /** `undefined` while the run goes on. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Runs `callback` once when the run stops, at once if it has. Returns what takes it back. */
  onStop(callback: () => void): () => void {
    return this.#stopped.onOpen(callback);
  }

  /** The first reason stays, except that an abort also ends what a deadline leaves running. */
  stop(reason: StopReason): void {
    if (this.#reason === 'aborted') return;
    this.#reason = reason;
    this.#stopped.open();
  }
}
