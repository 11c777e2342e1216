import { setImmediate as nextTurn } from 'node:timers/promises';
import { objectOf, textOf } from '../json/untyped-json.js';
import type { ResultRow, ResultTable } from './result-table.js';
import { wait } from './wait.js';

/** After a database that did not answer, in milliseconds. */
const STORE_AGAIN_MS = 250;

/** Stores the results of a worker, however long the database is away: a paid grade is not thrown away. */
export class ResultWriter {
  readonly #results: Pick<ResultTable, 'save'>;
  readonly #halted: AbortSignal;
  readonly #unstored = new Set<Promise<boolean>>();

  /** @param halted Nothing is waited for any more. */
  constructor(results: Pick<ResultTable, 'save'>, halted: AbortSignal) {
    this.#results = results;
    this.#halted = halted;
  }

  /** Resolves when the row is stored; with false if the database refused it, or if the worker was halted before that. */
  store(row: ResultRow): Promise<boolean> {
    const stored = this.#storeInTime(row);
    this.#unstored.add(stored);
    void stored.then(() => this.#unstored.delete(stored));
    return stored;
  }

  /**
   * Resolves when what calls have brought so far is stored. Whoever waits for that before the next call in a slot loses no
   * more calls than there are slots, when the worker dies.
   */
  async settled(): Promise<void> {
    // The call that had the slot before may have ended just now: its result is handed over within this turn.
    await nextTurn();
    await Promise.all(this.#unstored);
  }

  async #storeInTime(row: ResultRow): Promise<boolean> {
    for (;;) {
      try {
        await this.#results.save(row);
        return true;
      } catch (error) {
        if (this.#halted.aborted || isRefusal(error)) return false;
        await wait(STORE_AGAIN_MS, this.#halted);
      }
    }
  }
}

/** Bad data, a broken constraint, a missing table: the same again would change nothing. */
function isRefusal(error: unknown): boolean {
  return /^(?:22|23|42)...$/.test(textOf(objectOf(error)['code']) ?? '');
}
