/** Facts that decide a claim's turn in the fair queues. */
export interface ClaimOptions {
  readonly priority: 'interactive' | 'background';
  /** The run's number in order of arrival, counting up over the controller's life. */
  readonly order: number;
  /** Answers of the run that are not settled yet; `Infinity` for a stream. */
  readonly answersLeft: number;
  /** Most of the run's calls at once, over all providers. */
  readonly limit: number;
}

/**
 * Claim: a run's place in the fair queues of a controller, and the semaphore of its own limit. Owned by one run and held
 * by the gates only while a call of it waits there. Every call that a gate lets through takes a place, whichever
 * provider it goes to, so that the limit holds over all providers and judges of the run.
 */
export class Claim {
  readonly priority: ClaimOptions['priority'];
  readonly order: number;
  answersLeft: number;
  readonly #limit: number;
  readonly #listeners = new Set<() => void>();
  #taken = 0;

  constructor({ priority, order, answersLeft, limit }: ClaimOptions) {
    this.priority = priority;
    this.order = order;
    this.answersLeft = answersLeft;
    this.#limit = limit;
  }

  hasRoom(): boolean {
    return this.#taken < this.#limit;
  }

  take(): void {
    this.#taken++;
  }

  release(): void {
    const wasFull = !this.hasRoom();
    this.#taken--;
    if (wasFull) for (const look of this.#listeners) look();
  }

  /** Runs `look` whenever a full claim has room again. */
  onRoom(look: () => void): void {
    this.#listeners.add(look);
  }
}
