import { readDeadLetters, type DeadLetter, type RunOptions } from './dead-letters.js';
import { knownRun, openQueue, RUN_RULES, type OpenQueue } from './open-queue.js';
import type { RunRow } from './run-table.js';
import type { WorkerTrouble } from './trouble-table.js';

/** How far a run is. */
export interface RunProgress {
  runId: string;
  /** Absent until all of the run is enqueued. */
  total?: number | undefined;
  /** Answers with a grade. */
  graded: number;
  /** Answers that will get none: their own fault, their chunk was given up, or the deadline has passed. */
  failed: number;
  /** Answers that the workers have still to settle; absent like `total`. */
  pending?: number | undefined;
  isCancelled: boolean;
  /** When what has no grade yet will have failed. */
  deadline: Date;
  /**
   * Why workers of the queue wait before they take more chunks, longest first: their provider is down, or their key is wrong.
   * The answers wait with them. Absent when none does, or the run is over.
   */
  troubles?: readonly WorkerTrouble[] | undefined;
  /** Nothing is pending, the run was cancelled, or its deadline has passed. */
  isOver: boolean;
}

/**
 * Says how far a run is, from its rows. Cheap enough to be asked every second.
 *
 * @param options The queue and the run.
 * @returns The counts.
 * @throws {GradingOptionsError} for misuse, and for a run that nobody enqueued.
 *
 * @example
 * ```ts
 * import { setTimeout as wait } from 'node:timers/promises';
 * import { gradingProgress, type RunOptions } from 'gradelanes/jobs';
 *
 * const untilOver = async (run: RunOptions): Promise<void> => {
 *   for (;;) {
 *     const { graded, failed, total, troubles = [], isOver } = await gradingProgress(run);
 *     console.log(`${graded + failed} of ${total ?? 'so far unknown'}`);
 *     for (const { code, since, workers } of troubles) console.log(`${workers} workers wait since ${since.toISOString()}: ${code}`);
 *     if (isOver) return;
 *     await wait(1_000);
 *   }
 * };
 * ```
 */
export async function gradingProgress(options: RunOptions): Promise<RunProgress> {
  const queue = openQueue(options, RUN_RULES);
  const run = await knownRun(queue, options.runId);
  return readProgress(queue, options.runId, run, await readDeadLetters(queue, options.runId, run));
}

/** Counts rows; what dead letters or a passed deadline left without a row has failed as well. */
export async function readProgress(
  { name, results, troubles: waiting }: OpenQueue,
  runId: string,
  { answerCount: total, isCancelled, isPastDeadline, deadline }: RunRow,
  letters: readonly DeadLetter[],
): Promise<RunProgress> {
  const ranges = letters.map(({ first, answerCount: count }) => ({ first, count }));
  const [settledInDead, counts] = await Promise.all([
    ranges.length === 0 ? 0 : results.settledCount(runId, ranges),
    results.counts(runId),
  ]);
  const givenUp = ranges.reduce((sum, { count }) => sum + count, 0) - settledInDead;
  const isTimeUp = isPastDeadline && total !== undefined && !isCancelled;
  const failed = isTimeUp ? Math.max(0, total - counts.graded) : counts.failed + givenUp;
  const pending = total === undefined ? undefined : Math.max(0, total - counts.graded - failed);
  const isOver = isCancelled || isPastDeadline || pending === 0;
  const troubles = isOver ? [] : await waiting.of(name);
  return {
    runId,
    ...(total !== undefined && { total, pending }),
    graded: counts.graded,
    failed,
    isCancelled,
    deadline,
    ...(troubles.length > 0 && { troubles }),
    isOver,
  };
}
