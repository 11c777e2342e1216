import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ResultRow, ResultStore } from './result-store.js';
import { untilAnswered } from './store-patience.js';

/** A row that is to be stored, and who waits for it. */
interface Waiting {
  readonly row: ResultRow;
  readonly resolve: (isStored: boolean) => void;
}

/**
 * Stores the results of a worker, however long the database is away: a paid grade is not thrown away. Group commit: what
 * comes while a statement is on its way goes with the next one, so that the database sets the pace and no row waits for a timer.
 */
export class ResultWriter {
  readonly #store: Pick<ResultStore, 'save'>;
  readonly #halted: AbortSignal;
  readonly #unstored = new Set<Promise<boolean>>();
  #waiting: Waiting[] = [];
  #isWriting = false;

  /** @param halted Nothing is waited for any more. */
  constructor(store: Pick<ResultStore, 'save'>, halted: AbortSignal) {
    this.#store = store;
    this.#halted = halted;
  }

  /** Resolves when the row is stored; with false if the database refused it, or if the worker was halted before that. */
  store(row: ResultRow): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#unstored.add(promise);
    void promise.then(() => this.#unstored.delete(promise));
    this.#waiting.push({ row, resolve });
    if (!this.#isWriting) void this.#writeAll();
    return promise;
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

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    // Calls that end in the same turn share a statement.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#write(this.#takeGroup());
    this.#isWriting = false;
  }

  /** The rows that wait, of each place the first: a statement writes no row twice. */
  #takeGroup(): readonly Waiting[] {
    const group = new Map<string, Waiting>();
    const later: Waiting[] = [];
    for (const each of this.#waiting) {
      const place = `${each.row.index} ${each.row.runId}`;
      if (group.has(place)) later.push(each);
      else group.set(place, each);
    }
    this.#waiting = later;
    return [...group.values()];
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const isStored = await this.#save(group.map(({ row }) => row));
    if (isStored || group.length === 1) for (const { resolve } of group) resolve(isStored);
    // One of them is at fault, and the others are not lost with it.
    else for (const each of group) each.resolve(await this.#save([each.row]));
  }

  #save(rows: readonly ResultRow[]): Promise<boolean> {
    return untilAnswered(() => this.#store.save(rows), this.#halted).then(
      () => true,
      () => false,
    );
  }
}
