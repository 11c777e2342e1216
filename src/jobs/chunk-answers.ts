import { GradingOptionsError, isGradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade } from '../contract/question.js';
import { checkAnswers } from '../input/check-answers.js';
import type { OptionRule } from '../input/option-rules.js';
import type { GradingChunk } from './grading-chunk.js';

/** Answers per job: what is started again at most where a worker is lost. Stored ones are not asked again. */
export const DEFAULT_CHUNK_SIZE = 50;

/** The rule of `chunkSize`. */
export const chunkSizeRule: OptionRule = {
  rule: 'must be an integer from 1 to 1000',
  holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000,
};

/** How answers are cut into chunks. */
export interface ChunkAnswersOptions {
  /** The run: the same id, answers and size always give the same chunks. */
  runId: string;
  /** Answers per chunk: 1..1,000. @default 50 */
  chunkSize?: number | undefined;
  /** @default 'background' */
  priority?: 'interactive' | 'background' | undefined;
}

/**
 * Cuts a stream of answers into checked chunks, for a job engine of your own choice: each is plain data, and one job.
 *
 * @param answers What to grade; a stream of any length, of which one chunk at a time is held.
 * @param options The run, and the size of its chunks.
 * @returns The chunks, in order.
 * @throws {GradingOptionsError} for a wrong size or answer, named by its position in the whole run.
 *
 * @example
 * ```ts
 * import { chunkAnswers, chunkId } from 'gradelanes/jobs';
 *
 * const answers = [{ question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' }];
 * for await (const chunk of chunkAnswers(answers, { runId: 'biology-2026-06' })) {
 *   console.log(chunkId('grading', chunk.runId, chunk.first), chunk.answers.length);
 * }
 * ```
 */
export async function* chunkAnswers(
  answers: Iterable<AnswerToGrade> | AsyncIterable<AnswerToGrade>,
  { runId, chunkSize = DEFAULT_CHUNK_SIZE, priority = 'background' }: ChunkAnswersOptions,
): AsyncGenerator<GradingChunk> {
  if (!chunkSizeRule.holds(chunkSize)) {
    throw new GradingOptionsError('chunkSize', chunkSizeRule.rule, String(chunkSize));
  }
  let first = 0;
  let taken: AnswerToGrade[] = [];
  for await (const answer of answers) {
    taken.push(answer);
    if (taken.length < chunkSize) continue;
    yield { runId, first, priority, answers: await checkedFrom(first, taken) };
    first += taken.length;
    taken = [];
  }
  if (taken.length > 0) yield { runId, first, priority, answers: await checkedFrom(first, taken) };
}

/** Errors name the position in the whole run. */
async function checkedFrom(first: number, answers: readonly AnswerToGrade[]): Promise<readonly AnswerToGrade[]> {
  try {
    return await checkAnswers(answers);
  } catch (error) {
    if (!isGradingOptionsError(error)) throw error;
    const field = error.field.replace(/^answers\[(\d+)\]/, (_, index: string) => `answers[${first + Number(index)}]`);
    throw new GradingOptionsError(field, error.rule, error.received);
  }
}
