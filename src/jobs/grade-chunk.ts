import type { ConcurrencyController } from '../contract/controller.js';
import { isGradingAborted } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { Provider } from '../contract/provider.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { FailedAnswer, GradedAnswer, GradingResult } from '../contract/result.js';
import { gradeAnswersWithFallback } from '../engine/grade-answers.js';
import { withBeforeCall } from '../grading/prompt/prompt-grader.js';
import { assignDefined } from '../json/defined.js';
import { isFinal } from './chunk-trouble.js';
import type { GradingChunk } from './grading-chunk.js';
import type { ResultRow, ResultStore } from './result-store.js';
import type { ResultWriter } from './result-writer.js';
import { untilAnswered } from './store-patience.js';

/** What a chunk is graded with. */
export interface ChunkParts {
  readonly grading: GradingOptions;
  readonly controller: ConcurrencyController;
  readonly gradeKey: (answer: AnswerToGrade) => Promise<string>;
  readonly store: ResultStore;
  readonly writer: ResultWriter;
  /** Told of every result that is no longer open. */
  readonly onResult?: (result: GradingResult) => void;
  /** Awaited before every call; one that rejects fails the call. */
  readonly beforeCall?: (() => Promise<void> | undefined) | undefined;
  /** The chunk is over, for this worker. */
  readonly signal: AbortSignal;
}

/** An answer of the chunk that has no row yet. */
interface OpenAnswer {
  readonly source: AnswerToGrade;
  /** Position in the run. */
  readonly index: number;
  readonly gradeKey: string;
}

/** The rest of a chunk after an attempt. */
export interface ChunkRest {
  /** The answers without a row that settles them; of an aborted chunk only those that failed before. */
  readonly left: readonly FailedAnswer[];
  readonly isAborted: boolean;
}

/**
 * Grades the answers of a chunk that have no row, and stores each result as it comes.
 *
 * @throws what the store refused.
 */
export async function gradeOpenAnswers(chunk: GradingChunk, parts: ChunkParts): Promise<ChunkRest> {
  const open = await takeOver(chunk, await openAnswers(chunk, parts), parts);
  if (open.length === 0) return { left: [], isAborted: false };
  const left: FailedAnswer[] = [];
  const stores: Promise<boolean>[] = [];
  const onResult = (result: GradingResult): void => {
    const answer = open[result.index];
    if (answer === undefined) return;
    const row = rowOf(chunk.runId, answer, result);
    parts.onResult?.(row.result);
    if (!row.isSettled && result.status === 'failed') left.push(result);
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
  const isAborted = await run.then(() => false, isAbort);
  await allStored(stores);
  return { left, isAborted };
}

async function openAnswers(
  { runId, first, answers }: GradingChunk,
  { gradeKey, store, signal }: ChunkParts,
): Promise<readonly OpenAnswer[]> {
  const keys = await Promise.all(answers.map(gradeKey));
  const settled = await untilAnswered(() => store.settledIn(runId, first, keys), signal);
  return answers.flatMap((source, position) => {
    const [index, key] = [first + position, keys[position]];
    return key === undefined || settled.has(index) ? [] : [{ source, index, gradeKey: key }];
  });
}

/** Copies the grades that other runs have for the same; returns what is still open. */
async function takeOver(
  { runId }: GradingChunk,
  open: readonly OpenAnswer[],
  { store, writer, onResult, signal }: ChunkParts,
): Promise<readonly OpenAnswer[]> {
  if (open.length === 0) return open;
  const keys = open.map(({ gradeKey }) => gradeKey);
  const known = await untilAnswered(() => store.reusable(keys), signal);
  const rows = open.flatMap((answer) => {
    const result = known.get(answer.gradeKey);
    return result?.status === 'graded' ? [rowOf(runId, answer, takenOver(result))] : [];
  });
  for (const { result } of rows) onResult?.(result);
  await allStored(rows.map((row) => writer.store(row)));
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
    isSettled: isGraded || isFinal(own.error),
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
function carefully(provider: GradingOptions['provider'], parts: ChunkParts): [Provider, ...Provider[]] {
  const [first, ...others] = 'grade' in provider || 'generate' in provider ? [provider] : provider;
  const beforeCall = async (): Promise<void> => {
    await parts.writer.settled();
    await parts.beforeCall?.();
  };
  const guarded = (each: Provider): Provider => withBeforeCall(each, beforeCall);
  return [guarded(first), ...others.map(guarded)];
}

/** Without the error as a cause: its report would end up among what the engine keeps of a failure. */
function isAbort(error: unknown): boolean {
  if (!isGradingAborted(error)) throw error;
  return true;
}
