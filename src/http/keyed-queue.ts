/** Runs tasks of the same key one after the other. */
export class KeyedQueue {
  readonly #last = new Map<string, Promise<void>>();

  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const { promise: own, resolve: finish } = Promise.withResolvers<void>();
    this.#last.set(key, own);
    try {
      await before;
      return await task();
    } finally {
      finish();
      if (this.#last.get(key) === own) this.#last.delete(key);
    }
  }
}
