import type { GradingResult } from '../../contract/result.js';

type Step = IteratorResult<GradingResult, undefined>;

/** Where a stream's results wait for their reader, in input order or as they come. */
export class ResultOutlet {
  readonly #isOrdered: boolean;
  readonly #onRead: () => void;
  #ready: GradingResult[] = [];
  /** Settled before their turn. */
  readonly #early = new Map<number, GradingResult>();
  readonly #readers: PromiseWithResolvers<Step>[] = [];
  #nextIndex = 0;
  #end: { failure: { error: unknown } | undefined } | undefined;

  constructor(emit: 'input' | 'completed', onRead: () => void) {
    this.#isOrdered = emit === 'input';
    this.#onRead = onRead;
  }

  add(result: GradingResult): void {
    if (this.#isOrdered) {
      this.#early.set(result.index, result);
      this.#takeTurns();
    } else this.#ready.push(result);
    this.#handOut();
  }

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

  /** Nobody wants what is there. */
  discard(): void {
    this.#ready = [];
    this.end(undefined);
  }

  #takeTurns(): void {
    for (let next = this.#early.get(this.#nextIndex); next !== undefined; next = this.#early.get(this.#nextIndex)) {
      this.#early.delete(this.#nextIndex++);
      this.#ready.push(next);
    }
  }

  #handOut(): void {
    while (this.#readers.length > 0) {
      const value = this.#ready.shift();
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
