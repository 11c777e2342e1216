import type { ConcurrencyController } from '../contract/controller.js';
import type { FailureCode } from '../contract/failure.js';
import { isGradingAborted } from '../contract/errors.js';
import { gradeAnswersWithFallback } from '../engine/grade-answers.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { Provider } from '../contract/provider.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { GradedAnswer, GradingResult } from '../contract/result.js';
import { assignDefined } from '../json/defined.js';
import { withBeforeCall } from '../grading/prompt/prompt-grader.js';
import type { GradingChunk } from './grading-chunk.js';
import type { JobLease } from './job-lease.js';
import type { ResultRow, ResultTable } from './result-table.js';
import type { ResultWriter } from './result-writer.js';

/** Faults of the one answer: asking for the whole chunk once more would only cost as much again. */
const OF_THE_ANSWER: ReadonlySet<FailureCode> = new Set([
  'malformed',
  'truncated',
  'too_large',
  'refused',
  'invalid_request',
  'unsupported',
]);

/** What a chunk is graded with. */
export interface ChunkGrading {
  readonly grading: GradingOptions;
  readonly controller: ConcurrencyController;
  readonly gradeKey: (answer: AnswerToGrade) => Promise<string>;
  readonly results: ResultTable;
  readonly writer: ResultWriter;
  readonly lease: JobLease;
  /** The job is over, for this worker. */
  readonly signal: AbortSignal;
}

/** An answer of the chunk that has no row yet. */
interface OpenAnswer {
  readonly source: AnswerToGrade;
  /** Position in the run. */
  readonly index: number;
  readonly gradeKey: string;
}

/**
 * Grades the answers of a chunk that have no row, and stores each result as it comes. Resolves when every answer has a row
 * that settles it.
 *
 * @throws when some have not, so that the engine tries the chunk again.
 */
export async function gradeChunk(chunk: GradingChunk, parts: ChunkGrading): Promise<void> {
  const open = await takeOver(chunk, await openAnswers(chunk, parts), parts);
  if (open.length === 0) return;
  const unsettled: FailureCode[] = [];
  const stores: Promise<boolean>[] = [];
  const onResult = (result: GradingResult): void => {
    const answer = open[result.index];
    if (answer === undefined) return;
    const row = rowOf(chunk.runId, answer, result);
    if (!row.isSettled && result.status === 'failed') unsettled.push(result.error.code);
    // What an aborted run leaves behind says nothing about the answer.
    if (result.status === 'graded' || result.error.code !== 'aborted') stores.push(parts.writer.store(row));
  };
  const { grading, controller, signal } = parts;
  const run = gradeAnswersWithFallback(
    open.map(({ source }) => source),
    {
      ...grading,
      provider: carefully(grading.provider, parts),
      controller,
      priority: chunk.priority,
      signal,
      onResult,
    },
  );
  const wasAborted = await run.then(() => false, isAbort);
  await allStored(stores);
  if (wasAborted) throw new Error('the chunk was taken from this worker, or the worker was closed');
  if (unsettled.length > 0) throw new Error(describeUnsettled(unsettled, chunk.answers.length));
}

async function openAnswers(
  { runId, first, answers }: GradingChunk,
  { gradeKey, results }: ChunkGrading,
): Promise<readonly OpenAnswer[]> {
  const keys = await Promise.all(answers.map(gradeKey));
  const settled = await results.settledIn(runId, first, keys);
  return answers.flatMap((source, position) => {
    const [index, key] = [first + position, keys[position]];
    return key === undefined || settled.has(index) ? [] : [{ source, index, gradeKey: key }];
  });
}

/** Copies the grades that other runs have for the same; returns what is still open. */
async function takeOver(
  { runId }: GradingChunk,
  open: readonly OpenAnswer[],
  parts: ChunkGrading,
): Promise<readonly OpenAnswer[]> {
  if (open.length === 0) return open;
  const known = await parts.results.reusable(open.map(({ gradeKey }) => gradeKey));
  const stores = open.flatMap((answer) => {
    const result = known.get(answer.gradeKey);
    return result?.status === 'graded' ? [parts.writer.store(rowOf(runId, answer, takenOver(result)))] : [];
  });
  await allStored(stores);
  return open.filter(({ gradeKey }) => known.get(gradeKey)?.status !== 'graded');
}

function takenOver(result: GradedAnswer): GradedAnswer {
  const { usage: _, questionId: __, answerId: ___, ...rest } = result;
  return { ...rest, fromCache: true, attempts: 0, durationMs: 0, queuedMs: 0 };
}

/** The result as the run has it: at its position there, with its answer's own ids. */
function rowOf(runId: string, { source, index, gradeKey }: OpenAnswer, result: GradingResult): ResultRow {
  const own = assignDefined<GradingResult>(
    { ...result, index },
    { questionId: source.question.id, answerId: source.id },
  );
  const isGraded = own.status === 'graded';
  return {
    runId,
    index,
    gradeKey,
    isSettled: isGraded || OF_THE_ANSWER.has(own.error.code),
    isReusable: isGraded && !own.reviewReasons.includes('offline_stand_in'),
    result: own,
  };
}

async function allStored(stores: readonly Promise<boolean>[]): Promise<void> {
  const stored = await Promise.all(stores);
  const lost = stored.filter((isStored) => !isStored).length;
  if (lost > 0) throw new Error(`${lost} results could not be stored`);
}

/** Every call waits until earlier ones are stored and the claim on the job is certain. */
function carefully(provider: GradingOptions['provider'], { writer, lease }: ChunkGrading): [Provider, ...Provider[]] {
  const [first, ...others] = 'grade' in provider || 'generate' in provider ? [provider] : provider;
  const beforeCall = async (): Promise<void> => {
    await writer.settled();
    await lease.certain();
  };
  const guarded = (each: Provider): Provider => withBeforeCall(each, beforeCall);
  return [guarded(first), ...others.map(guarded)];
}

/** Without the error as a cause: its report would end up among what the engine keeps of a failure. */
function isAbort(error: unknown): boolean {
  if (!isGradingAborted(error)) throw error;
  return true;
}

/** Codes and counts only: what the engine keeps of a failure must not hold an answer. */
function describeUnsettled(codes: readonly FailureCode[], answerCount: number): string {
  const counts = [...new Set(codes)].map((code) => `${code} x ${codes.filter((each) => each === code).length}`);
  return `${codes.length} of ${answerCount} answers could not be graded: ${counts.join(', ')}`;
}
