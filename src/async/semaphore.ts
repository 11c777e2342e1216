/** Lets so many in at once and the others in order of arrival: one limit for several lanes of a run. */
export class Turnstile {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  hasRoom(): boolean {
    return this.#inside < this.#limit;
  }

  /** Runs `proceed` once there is room: at once, if there is. */
  enter(proceed: () => void): void {
    if (!this.hasRoom()) this.#waiting.push(proceed);
    else {
      this.#inside++;
      proceed();
    }
  }

  /** Whoever waits longest takes the place. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside--;
    else next();
  }
}
