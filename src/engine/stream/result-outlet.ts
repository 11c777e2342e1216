import type { GradingResult } from '../../contract/result.js';

/** Step of the stream's iterator. */
type Step = IteratorResult<GradingResult, undefined>;

/**
 * Outlet of a stream: results wait here for their reader, and readers for results, in input order (a reorder buffer) or
 * as they come. Owned by one stream, as long as it lasts. Its length is bounded by the stream's window.
 */
export class ResultOutlet {
  readonly #isOrdered: boolean;
  readonly #onRead: () => void;
  /** Results whose turn has come, with no reader yet. */
  #ready: GradingResult[] = [];
  /** Reorder buffer: results by position that were settled before their turn. */
  readonly #early = new Map<number, GradingResult>();
  /** Reads without a result yet; a caller may ask for several steps before the first one comes. */
  readonly #readers: PromiseWithResolvers<Step>[] = [];
  /** Position of the next result in input order. */
  #nextIndex = 0;
  /** End of the stream, with the failure that one reader will be told of; `undefined` while results may come. */
  #end: { failure: { error: unknown } | undefined } | undefined;

  constructor(emit: 'input' | 'completed', onRead: () => void) {
    this.#isOrdered = emit === 'input';
    this.#onRead = onRead;
  }

  /** Takes a result, and hands out all those whose turn has come. */
  add(result: GradingResult): void {
    if (this.#isOrdered) {
      this.#early.set(result.index, result);
      this.#takeTurns();
    } else this.#ready.push(result);
    this.#handOut();
  }

  /** Promise of the next result; rejects once with the failure that ended the stream. */
  next(): Promise<Step> {
    const reader = Promise.withResolvers<Step>();
    this.#readers.push(reader);
    this.#handOut();
    return reader.promise;
  }

  /** No more results will come. What is there is handed out first; then one reader is told of the failure. */
  end(failure: { error: unknown } | undefined): void {
    this.#end = { failure };
    this.#handOut();
  }

  /** Drops the results that wait and ends the stream: its reader has left. */
  discard(): void {
    this.#ready = [];
    this.end(undefined);
  }

  /** Moves the results that are next in input order out of the reorder buffer. */
  #takeTurns(): void {
    for (let next = this.#early.get(this.#nextIndex); next !== undefined; next = this.#early.get(this.#nextIndex)) {
      this.#early.delete(this.#nextIndex++);
      this.#ready.push(next);
    }
  }

  /** Matches readers with results, then tells the readers left over of the end. */
  #handOut(): void {
    while (this.#readers.length > 0) {
      const value = this.#ready.shift();
      // Nothing is there and more may come: the readers wait on.
      if (value === undefined && this.#end === undefined) return;
      const reader = this.#readers.shift();
      if (value !== undefined) {
        reader?.resolve({ done: false, value });
        this.#onRead();
      } else if (this.#end?.failure !== undefined) {
        reader?.reject(this.#end.failure.error);
        this.#end = { failure: undefined };
      } else reader?.resolve({ done: true, value: undefined });
    }
  }
}
