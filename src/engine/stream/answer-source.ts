import type { StopSignal } from '../../async/stop-signal.js';

/**
 * Adapter over a caller's iterable, sync or async, which may be slow, throw, or never end. Owned by one stream, from
 * its first read until it is closed.
 */
export class AnswerSource<T> {
  /** Next step of the iterator; that of an async one is cut off by an abort. */
  readonly #read: () => Promise<IteratorResult<T>> | IteratorResult<T>;
  /** Clean-up of the iterator, where it has one, such as the `finally` of a generator. */
  readonly #return: () => unknown;
  readonly #abort: StopSignal;
  /** False once the source has ended, thrown or been closed: its clean-up must not run again. */
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
      // A step cut off by an abort looks like an end, but the source is still open and needs its clean-up.
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

  /**
   * The next step, or the end once the run is aborted: a source that never answers must not keep the run from ending.
   */
  #orDone(next: Promise<IteratorResult<T>>): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      const forget = this.#abort.onStop(() => resolve({ done: true, value: undefined }));
      next.then(resolve, reject).finally(forget);
    });
  }
}
