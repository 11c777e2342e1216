import type { PendingAnswer } from '../run/pending-answer.js';
import { yieldToEventLoop } from '../../async/yield.js';
import { companyOf, type Sharing, type Work } from './share-call.js';

/**
 * Answers of a stream that wait for a link, in order of arrival: as many as the stream takes in at once, at most. Owned by
 * the stream's chain, one for each link.
 */
export class AnswerQueue implements Work {
  readonly #waiting: PendingAnswer[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;

  push(pending: PendingAnswer): void {
    this.#waiting.push(pending);
    this.#wake?.();
  }

  /** No more will come. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<PendingAnswer> {
    while (await this.#isReady()) {
      const pending = this.#waiting.shift();
      if (pending !== undefined) yield pending;
    }
  }

  /**
   * The answers in groups that may share a call: what waits when a group is asked for. So groups are full under load,
   * and none waits for answers that a slow source may never send.
   */
  async *groups(sharing: Sharing): AsyncGenerator<readonly PendingAnswer[]> {
    while (await this.#isReady()) {
      // The others may be on their way.
      if (this.#waiting.length < sharing.width) await yieldToEventLoop();
      yield this.#takeGroup(sharing);
    }
  }

  /** The first answer, and the next ones that may share a call with it. */
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
