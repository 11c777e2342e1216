import type { PendingAnswer } from '../run/pending-answer.js';
import { yieldToEventLoop } from '../../async/yield.js';
import { companyOf, type Sharing, type Work } from './share-call.js';

/**
 * Queue of a stream's answers that wait for a link, in order of arrival (first in, first out). Its length is bounded by
 * as many answers as the stream takes in at once. Owned by the stream's chain, one for each link, as long as the stream
 * lasts.
 */
export class AnswerQueue implements Work {
  readonly #waiting: PendingAnswer[] = [];
  #isClosed = false;
  /** Resolves the one consumer's wait; `undefined` while it does not wait. */
  #wake: (() => void) | undefined;

  /** Adds an answer at the end and wakes the consumer. */
  push(pending: PendingAnswer): void {
    this.#waiting.push(pending);
    this.#wake?.();
  }

  /** Ends the queue: the answers in it are still handed out, and then the consumer's loop ends. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** The answers one by one, for one consumer at a time. */
  async *[Symbol.asyncIterator](): AsyncGenerator<PendingAnswer> {
    while (await this.#isReady()) {
      const pending = this.#waiting.shift();
      if (pending !== undefined) yield pending;
    }
  }

  /**
   * Micro-batching: the answers in groups that may share a call, made of those that wait when a group is asked for.
   * Groups are full under load, and no answer waits for others that a slow source may never send.
   */
  async *groups(sharing: Sharing): AsyncGenerator<readonly PendingAnswer[]> {
    while (await this.#isReady()) {
      // One turn of the event loop lets answers arrive that are already on their way, so that they fill the group.
      if (this.#waiting.length < sharing.width) await yieldToEventLoop();
      yield this.#takeGroup(sharing);
    }
  }

  /**
   * Removes the first answer and the next ones that may share a call with it. Answers of other company keep their
   * places.
   */
  #takeGroup(sharing: Sharing): readonly PendingAnswer[] {
    const [first] = this.#waiting;
    const company = first && companyOf(first, sharing);
    const group = this.#waiting.filter((pending) => companyOf(pending, sharing) === company).slice(0, sharing.width);
    for (const pending of group) this.#waiting.splice(this.#waiting.indexOf(pending), 1);
    return group;
  }

  /** False once nothing waits and nothing more will come. */
  async #isReady(): Promise<boolean> {
    if (this.#waiting.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
    return this.#waiting.length > 0;
  }
}
