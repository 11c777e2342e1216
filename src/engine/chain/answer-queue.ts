import type { PendingAnswer } from '../run/pending-answer.js';
import { yieldToEventLoop } from '../../async/yield.js';

/** Answers of a stream that wait for a link, in order of arrival. As many as the stream takes in at once, at most. */
export class AnswerQueue {
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
  async *groups(width: number, mixesLearners: boolean): AsyncGenerator<readonly PendingAnswer[]> {
    while (await this.#isReady()) {
      // The others may be on their way.
      if (this.#waiting.length < width) await yieldToEventLoop();
      yield this.#takeGroup(width, mixesLearners);
    }
  }

  /** The first answer, and the next ones that may share a call with it. */
  #takeGroup(width: number, mixesLearners: boolean): readonly PendingAnswer[] {
    const first = this.#waiting[0];
    const group: PendingAnswer[] = [];
    for (let position = 0; group.length < width;) {
      const pending = this.#waiting[position];
      if (first === undefined || pending === undefined) break;
      if (pending === first || mayShareCall(first, pending, mixesLearners)) {
        group.push(pending);
        this.#waiting.splice(position, 1);
      } else position++;
    }
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

/** What may try to move other marks shares no prompt with other answers. */
function mayShareCall(first: PendingAnswer, other: PendingAnswer, mixesLearners: boolean): boolean {
  if (first.guarded?.isSuspicious === true || other.guarded?.isSuspicious === true) return false;
  return mixesLearners || first.source.learnerId === other.source.learnerId;
}
