import { readDeadLetters, type DeadLetter, type RunOptions } from './dead-letters.js';
import { knownRun, openQueue, RUN_RULES, type OpenQueue } from './open-queue.js';
import type { RunRow } from './run-table.js';

/** How far a run is. */
export interface RunProgress {
  runId: string;
  /** Absent until all of the run is enqueued. */
  total?: number | undefined;
  /** Answers with a grade. */
  graded: number;
  /** Answers that will get none: their own fault, or their chunk was given up. */
  failed: number;
  /** Answers that the workers have still to settle; absent like `total`. */
  pending?: number | undefined;
  isCancelled: boolean;
  /** Nothing is pending, or the run was cancelled. */
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
 *     const { graded, failed, total, isOver } = await gradingProgress(run);
 *     console.log(`${graded + failed} of ${total ?? 'so far unknown'}`);
 *     if (isOver) return;
 *     await wait(1_000);
 *   }
 * };
 * ```
 */
export async function gradingProgress(options: RunOptions): Promise<RunProgress> {
  const queue = openQueue(options, RUN_RULES);
  const run = await knownRun(queue, options.runId);
  return readProgress(queue, options.runId, run, await readDeadLetters(queue, options.runId));
}

/** Counts rows; what dead letters left without a row has failed as well. */
export async function readProgress(
  { results }: OpenQueue,
  runId: string,
  { answerCount, isCancelled }: RunRow,
  letters: readonly DeadLetter[],
): Promise<RunProgress> {
  const ranges = letters.map(({ first, answerCount: count }) => ({ first, count }));
  const [settledInDead, counts] = await Promise.all([
    ranges.length === 0 ? 0 : results.settledCount(runId, ranges),
    results.counts(runId),
  ]);
  const givenUp = ranges.reduce((sum, { count }) => sum + count, 0) - settledInDead;
  const failed = counts.failed + givenUp;
  const progress = { runId, graded: counts.graded, failed, isCancelled };
  if (answerCount === undefined) return { ...progress, isOver: isCancelled };
  const pending = Math.max(0, answerCount - counts.graded - failed);
  return { ...progress, total: answerCount, pending, isOver: isCancelled || pending === 0 };
}
