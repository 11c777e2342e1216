import { GradingOptionsError } from '../contract/errors.js';
import type { FailureCode, GradingFailure } from '../contract/failure.js';
import type { FailedAnswer, GradingResult, TokenUsage } from '../contract/result.js';
import { addUsage } from '../engine/telemetry/token-usage.js';
import { readDeadLetters, type DeadLetter, type RunOptions } from './dead-letters.js';
import { readProgress, type RunProgress } from './grading-progress.js';
import { knownRun, openQueue, RUN_RULES } from './open-queue.js';
import type { ResultTable } from './result-table.js';
import type { RunRow } from './run-table.js';

/** Rows that are read in one statement. */
const ROWS_PER_PAGE = 1_000;

/** A run as its rows tell it. */
export interface JobReport {
  progress: RunProgress;
  /**
   * One result per answer, in the order in which they were enqueued. An answer without a row is there as a failure, always
   * retryable: `aborted` if it is pending or was cancelled, `deadline_exceeded` past the run's deadline, else that of its chunk,
   * which was given up.
   */
  results: readonly GradingResult[];
  /** Grades that a person should look at. */
  needsReviewCount: number;
  /** Grades that were taken over from earlier runs. */
  takenOverCount: number;
  /** Tokens of the calls that are in the rows. */
  usage?: TokenUsage | undefined;
}

/**
 * Collects the results of a run, finished or not: every answer exactly once, in order.
 *
 * @param options The queue and the run.
 * @returns The report. All of it is held in memory: about 1 KB per answer.
 * @throws {GradingOptionsError} for misuse, and for a run of which not all is enqueued.
 *
 * @example
 * ```ts
 * import { collectReport, type RunOptions } from 'gradelanes/jobs';
 *
 * const summary = async (run: RunOptions): Promise<string> => {
 *   const { progress, results } = await collectReport(run);
 *   const passed = results.filter((result) => result.status === 'graded' && result.isCorrect).length;
 *   return `${passed} of ${progress.graded} passed, ${progress.failed} without a grade`;
 * };
 * ```
 */
export async function collectReport(options: RunOptions): Promise<JobReport> {
  const queue = openQueue(options, RUN_RULES);
  const { runId } = options;
  const run = await knownRun(queue, runId);
  const { answerCount } = run;
  if (answerCount === undefined) {
    throw new GradingOptionsError(
      'runId',
      'must be a run of which all is enqueued',
      JSON.stringify(runId.slice(0, 40)),
    );
  }
  const letters = await readDeadLetters(queue, runId, run);
  const progress = await readProgress(queue, runId, run, letters);
  const results: GradingResult[] = [];
  for await (const result of rowsOf(queue.results, runId)) {
    while (results.length < result.index) results.push(withoutRow(results.length, letters, run));
    results.push(result);
  }
  while (results.length < answerCount) results.push(withoutRow(results.length, letters, run));
  return { progress, results, ...sums(results) };
}

async function* rowsOf(stored: ResultTable, runId: string): AsyncGenerator<GradingResult> {
  for (let from = 0; ;) {
    const page = await stored.page(runId, from, ROWS_PER_PAGE);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < ROWS_PER_PAGE) return;
    from = last.index + 1;
  }
}

function withoutRow(index: number, letters: readonly DeadLetter[], run: RunRow): FailedAnswer {
  const letter = letters.find(({ first, answerCount }) => index >= first && index < first + answerCount);
  return { status: 'failed', index, error: whyOpen(letter, run), attempts: 0, durationMs: 0, queuedMs: 0 };
}

function whyOpen(letter: DeadLetter | undefined, { isCancelled, isPastDeadline }: RunRow): GradingFailure {
  const open = (code: FailureCode, message: string): GradingFailure => ({
    code,
    message,
    scope: 'call',
    retryable: true,
  });
  if (isCancelled) return open('aborted', 'the run was cancelled');
  if (isPastDeadline) return open('deadline_exceeded', 'the run’s deadline passed before it was graded');
  if (letter !== undefined) return open('unknown', `its chunk was given up: ${letter.reason}`);
  return open('aborted', 'not graded yet');
}

function sums(results: readonly GradingResult[]): Pick<JobReport, 'needsReviewCount' | 'takenOverCount' | 'usage'> {
  const counts = { needsReviewCount: 0, takenOverCount: 0 };
  let usage: TokenUsage | undefined;
  for (const result of results) {
    if (result.usage !== undefined) usage = addUsage(usage, result.usage);
    if (result.status === 'failed') continue;
    if (result.needsReview) counts.needsReviewCount++;
    if (result.fromCache) counts.takenOverCount++;
  }
  return { ...counts, ...(usage !== undefined && { usage }) };
}
