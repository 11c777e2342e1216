import type { StopSignal } from '../../async/stop-signal.js';

/** Reads a caller's iterable, which may be slow, throw, or never end. */
export class AnswerSource<T> {
  readonly #read: () => Promise<IteratorResult<T>> | IteratorResult<T>;
  readonly #return: () => unknown;
  readonly #abort: StopSignal;
  #isOpen = true;

  constructor(answers: Iterable<T> | AsyncIterable<T>, abort: StopSignal) {
    this.#abort = abort;
    if (Symbol.asyncIterator in answers) {
      const iterator = answers[Symbol.asyncIterator]();
      this.#read = () => this.#orDone(iterator.next());
      this.#return = () => iterator.return?.();
    } else {
      const iterator = answers[Symbol.iterator]();
      this.#read = () => iterator.next();
      this.#return = () => iterator.return?.();
    }
  }

  /**
   * The next answer; done when there is none, or when the run is aborted first.
   *
   * @throws what the source throws.
   */
  async next(): Promise<IteratorResult<T>> {
    try {
      const step = await this.#read();
      if (step.done === true && this.#abort.reason === undefined) this.#isOpen = false;
      return step;
    } catch (error) {
      this.#isOpen = false;
      throw error;
    }
  }

  /** Lets the source clean up, once, unless it ended by itself. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#return();
  }

  #orDone(next: Promise<IteratorResult<T>>): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      const forget = this.#abort.onStop(() => resolve({ done: true, value: undefined }));
      next.then(resolve, reject).finally(forget);
    });
  }
}
