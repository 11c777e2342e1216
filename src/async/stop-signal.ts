/** Why a run stopped before all of its answers were settled. */
export type StopReason = 'aborted' | 'deadline_exceeded';

/**
 * Ends a run's waiting at once: everything that waits registers here, and one caller's signal has one listener. A plain
 * set, because removing a listener from an `EventTarget` searches all of them.
 */
export class RunStop {
  readonly #callbacks = new Set<() => void>();
  #reason: StopReason | undefined;

  /** `undefined` while the run goes on. */
  get reason(): StopReason | undefined {
    return this.#reason;
  }

  /** Runs `callback` once when the run stops, at once if it has. Returns what takes it back. */
  onStop(callback: () => void): () => void {
    if (this.#reason !== undefined) {
      callback();
      return () => {};
    }
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  /** The first reason stays, except that an abort also ends what a deadline leaves running. */
  stop(reason: StopReason): void {
    if (this.#reason === 'aborted') return;
    this.#reason = reason;
    const callbacks = [...this.#callbacks];
    this.#callbacks.clear();
    for (const callback of callbacks) callback();
  }
}
