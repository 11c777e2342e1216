/** Tasks that run beside each other; only those that still run are held. */
export class TaskGroup {
  readonly #running = new Set<Promise<void>>();
  #error: { thrown: unknown } | undefined;

  start(task: Promise<unknown>): void {
    const ended = (): void => void this.#running.delete(tracked);
    const tracked: Promise<void> = task.then(ended, (error: unknown) => {
      this.#error ??= { thrown: error };
      ended();
    });
    this.#running.add(tracked);
  }

  /** Resolves when all tasks have ended, also those started meanwhile. @throws what the first failed task threw. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#error !== undefined) throw this.#error.thrown;
  }
}
