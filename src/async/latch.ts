/**
 * Latch: opens once and stays open. Made by whoever knows the moment ("the prefix is warm", "the grader is drained"); those
 * who wait for it register a callback, which the latch holds until it opens or the callback is taken back.
 */
export class Latch {
  readonly #callbacks = new Set<() => void>();
  #isOpen = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Runs `callback` once when the latch opens, at once if it is open. Returns what takes it back. */
  onOpen(callback: () => void): () => void {
    if (this.#isOpen) {
      callback();
      return () => {};
    }
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    const callbacks = [...this.#callbacks];
    this.#callbacks.clear();
    for (const callback of callbacks) callback();
  }
}
