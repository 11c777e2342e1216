/**
 * Semaphore: so many may hold it at once, the others get it in order of arrival. Owned by a run, for the limit that its
 * dispatchers share. Works with callbacks instead of promises, so that a free place is taken in the same turn.
 */
export class Semaphore {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #held = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  hasRoom(): boolean {
    return this.#held < this.#limit;
  }

  /** Runs `proceed` once there is room: at once, if there is. Whoever proceeds must release. */
  acquire(proceed: () => void): void {
    if (!this.hasRoom()) this.#waiting.push(proceed);
    else {
      this.#held++;
      proceed();
    }
  }

  /** Hands the place to whoever waits longest. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held--;
    else next();
  }
}
