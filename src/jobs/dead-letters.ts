import { objectOf, textOf } from '../json/untyped-json.js';
import { placeOfChunk } from './grading-chunk.js';
import type { GradingQueue } from './job-engine.js';
import { knownRun, openQueue, RUN_RULES, type OpenQueue } from './open-queue.js';
import type { RunRow } from './run-table.js';

/** Dead letters that are read in one statement. */
const LETTERS_PER_PAGE = 1_000;

/** Which run is meant. */
export interface RunOptions extends GradingQueue {
  runId: string;
}

/** A chunk that the engine gave up. */
export interface DeadLetter {
  /** The engine's id of the dead letter, e.g. for `boss.redrive('gradelanes_dead', { ids: [id] })`. */
  id: string;
  /** Position of its first answer in the run. */
  first: number;
  answerCount: number;
  /** What its last attempt failed with: codes and counts, or what happened to its worker. No answer text. */
  reason: string;
  /** When it was given up. */
  at: Date;
}

/**
 * Lists the chunks of a run that were given up: after all their attempts, or because the run's deadline passed. Answers of
 * theirs that were graded before are stored all the same. To try them again, once the cause is mended: `redriveGrading`.
 *
 * @param options The queue and the run.
 * @returns The dead letters, oldest first.
 * @throws {GradingOptionsError} for misuse, and for a run that nobody enqueued.
 *
 * @example
 * ```ts
 * import { deadLetters, type RunOptions } from 'gradelanes/jobs';
 *
 * const explain = async (run: RunOptions): Promise<string[]> =>
 *   (await deadLetters(run)).map(({ first, answerCount, reason }) => `${answerCount} answers from ${first}: ${reason}`);
 * ```
 */
export async function deadLetters(options: RunOptions): Promise<DeadLetter[]> {
  const queue = openQueue(options, RUN_RULES);
  return readDeadLetters(queue, options.runId, await knownRun(queue, options.runId));
}

/** The dead letters of a run, read page by page. */
export async function readDeadLetters(
  { boss, deadLetterName }: OpenQueue,
  runId: string,
  { round }: Pick<RunRow, 'round'>,
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  let after: string | undefined;
  for (;;) {
    const page = { limit: LETTERS_PER_PAGE, ...(after !== undefined && { after }) };
    const jobs = await boss.findJobs(deadLetterName, { data: { runId }, ...page });
    for (const { id, data, createdOn, sourceOutput } of jobs) {
      const place = placeOfChunk(data);
      if (place === undefined || place.round < round) continue;
      const reason = textOf(objectOf(data)['reason']) ?? reasonIn(sourceOutput);
      letters.push({ id, first: place.first, answerCount: place.count, reason, at: createdOn });
    }
    if (jobs.length < LETTERS_PER_PAGE) return letters;
    after = jobs.at(-1)?.id;
  }
}

/** The engine keeps an error as it is, and its own words under `value`. */
function reasonIn(output: unknown): string {
  const { message, value } = objectOf(output);
  return textOf(message) ?? textOf(objectOf(value)['message']) ?? 'unknown';
}
