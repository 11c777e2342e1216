/** Runs tasks of the same key one after the other. */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs a task after those that came before it under its key.
   *
   * @param waitFor Bounds the wait for its turn. Where it rejects, the task does not run, and whoever stands behind it
   * still waits for those before.
   */
  async run<T>(key: string, waitFor: (turn: Promise<void>) => Promise<void>, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const own: Promise<void> = Promise.all([before, ended]).then(() => {
      if (this.#last.get(key) === own) this.#last.delete(key);
    });
    this.#last.set(key, own);
    try {
      if (before !== undefined) await waitFor(before);
      return await task();
    } finally {
      end();
    }
  }
}
