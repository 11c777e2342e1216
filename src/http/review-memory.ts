import type { GradedAnswer } from '../contract/result.js';
import type { WireMetrics } from '../wire/review-wire.js';
import { RequestProblem } from './request-problem.js';
import type { HandlerSettings } from './resolve-handler-options.js';
import type { AnswerUnderReview } from './review-handler-options.js';
import { digest, readRecord, writeRecord, type ReviewRecord } from './review-record.js';

/** A grade and the question it belongs to. */
export interface RememberedGrade {
  questionIndex: number;
  result: GradedAnswer;
  isSaved: boolean;
}

/** What is known of the answers of a request from earlier requests with its idempotency key. */
export interface ReviewMemory {
  /** By the index of the question. */
  readonly known: ReadonlyMap<number, RememberedGrade>;
  /** Of the last run. */
  readonly metrics: WireMetrics | undefined;
  remember(grades: readonly RememberedGrade[], metrics: WireMetrics): Promise<void>;
}

/** Of a request without a key, nothing is known or remembered. */
export const NO_MEMORY: ReviewMemory = { known: new Map(), metrics: undefined, remember: async () => {} };

/**
 * Recalls what is known under a key.
 *
 * @throws {RequestProblem} 422 where the key came with another answer to one of the questions.
 */
export async function recall(
  settings: HandlerSettings,
  key: string,
  answers: readonly AnswerUnderReview[],
): Promise<ReviewMemory> {
  let record = await readRecord(settings, key);
  const digests = new Map(
    await Promise.all(
      answers.map(async ({ questionIndex, answer }) => [questionIndex, await digest(JSON.stringify(answer))] as const),
    ),
  );
  return {
    known: knownGrades(record, digests),
    metrics: record.metrics,
    remember: async (grades, metrics) => {
      const added = grades.map(({ questionIndex, result, isSaved }) => [
        questionIndex,
        { answer: digests.get(questionIndex), result, isSaved },
      ]);
      record = { metrics, answers: { ...record.answers, ...Object.fromEntries(added) } };
      await writeRecord(settings, key, record);
    },
  };
}

function knownGrades(record: ReviewRecord, digests: ReadonlyMap<number, string>): Map<number, RememberedGrade> {
  const known = new Map<number, RememberedGrade>();
  for (const [questionIndex, answer] of digests) {
    const recorded = record.answers[questionIndex];
    if (recorded === undefined) continue;
    if (recorded.answer !== answer) {
      const detail = `Idempotency-Key must be a new one: it came with another answer to question_index ${questionIndex}`;
      throw new RequestProblem(422, detail, { field: 'Idempotency-Key' });
    }
    known.set(questionIndex, { questionIndex, result: recorded.result, isSaved: recorded.isSaved });
  }
  return known;
}
