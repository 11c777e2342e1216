import type { RunOptions } from './dead-letters.js';
import { chunkId } from './grading-chunk.js';
import { knownRun, openQueue, RUN_RULES } from './open-queue.js';

/** Jobs that are cancelled in one statement. */
const JOBS_PER_CANCEL = 500;

/**
 * Cancels a run: chunks that wait are not started, and workers abort the calls of those in the works, which they notice within
 * a third of a lease. What was graded stays. `enqueueGrading` with `resume: true` goes on with the rest.
 *
 * @param options The queue and the run, of which all must have been enqueued.
 * @throws {GradingOptionsError} for misuse, and for a run that nobody enqueued.
 *
 * @example
 * ```ts
 * import { cancelGrading, collectReport, type RunOptions } from 'gradelanes/jobs';
 *
 * const stop = async (run: RunOptions): Promise<number> => {
 *   await cancelGrading(run);
 *   return (await collectReport(run)).progress.graded;
 * };
 * ```
 */
export async function cancelGrading(options: RunOptions): Promise<void> {
  const queue = openQueue(options, RUN_RULES);
  const { runId } = options;
  const { answerCount = 0, chunkSize, round } = await knownRun(queue, runId);
  await queue.runs.cancel(runId);
  // Chunks that workers handed back have other ids: they are dropped when they are taken.
  const ids: string[] = [];
  for (let first = 0; first < answerCount; first += chunkSize)
    ids.push(chunkId(queue.name, runId, first, { round, turn: 0 }));
  while (ids.length > 0) await queue.boss.cancel(queue.name, ids.splice(0, JOBS_PER_CANCEL));
}
