import type { GradingResult } from '../contract/result.js';

/** One answer's row. */
export interface ResultRow {
  readonly runId: string;
  /** Position of the answer in the run. */
  readonly index: number;
  /** Everything that decides the grade. */
  readonly gradeKey: string;
  /** The run asks no more about this answer. */
  readonly isSettled: boolean;
  /** Other runs may take it over. */
  readonly isReusable: boolean;
  readonly result: GradingResult;
}

/**
 * Where results of chunks live: the one thing that makes a chunk idempotent on engines that deliver more than once. Every
 * call stands alone: nothing is held open across model calls. One that rejects is made again until the chunk's signal aborts.
 *
 * @example
 * ```ts
 * import type { ResultRow, ResultStore } from 'gradelanes/jobs';
 *
 * const rows = new Map<string, ResultRow>();
 * const place = (runId: string, index: number): string => `${runId} ${index}`;
 * const store: ResultStore = {
 *   async save(some) {
 *     for (const row of some) {
 *       const old = rows.get(place(row.runId, row.index));
 *       const isKept = old?.isSettled === true && old.gradeKey === row.gradeKey;
 *       if (!isKept) rows.set(place(row.runId, row.index), row);
 *     }
 *   },
 *   async settledIn(runId, first, gradeKeys) {
 *     const isSettled = (key: string, position: number): boolean => {
 *       const row = rows.get(place(runId, first + position));
 *       return row?.isSettled === true && row.gradeKey === key;
 *     };
 *     return new Set(gradeKeys.flatMap((key, position) => (isSettled(key, position) ? [first + position] : [])));
 *   },
 *   reusable: async () => new Map(),
 * };
 * ```
 */
export interface ResultStore {
  /** Stores each result under its run and position, all or none; a settled one with the same key stays as it is. */
  save(rows: readonly ResultRow[]): Promise<void>;
  /** The positions in the run, from `first` on, that have a settled row with the wanted key. */
  settledIn(runId: string, first: number, gradeKeys: readonly string[]): Promise<ReadonlySet<number>>;
  /** Grades of any run by key; an empty map takes none over. */
  reusable(gradeKeys: readonly string[]): Promise<ReadonlyMap<string, GradingResult>>;
}
