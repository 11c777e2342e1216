import type { GradedAnswer } from '../contract/result.js';
import type { WireMetrics } from '../wire/review-wire.js';
import { digest } from './digest.js';
import { RequestProblem } from './request-problem.js';
import type { HandlerSettings } from './resolve-handler-options.js';
import type { AnswerUnderReview } from './review-handler-options.js';
import type { RecordedAnswer, ReviewRecord } from './review-records.js';

/** A grade and the question it belongs to. */
export interface RememberedGrade {
  questionIndex: number;
  result: GradedAnswer;
  isSaved: boolean;
}

/** The grades from earlier requests with the idempotency key of a request, by the index of the question. */
export interface ReviewMemory {
  /** Grades that hold. */
  readonly known: ReadonlyMap<number, RememberedGrade>;
  /** Grades of stand-ins, which hold only where nothing better comes: whoever asks again wants the model's. */
  readonly standIns: ReadonlyMap<number, RememberedGrade>;
  /** Of the last run. */
  readonly metrics: WireMetrics | undefined;
  remember(grades: readonly RememberedGrade[], metrics: WireMetrics): Promise<void>;
}

/** A request without a key: nothing is known or remembered. */
export const NO_MEMORY: ReviewMemory = {
  known: new Map(),
  standIns: new Map(),
  metrics: undefined,
  remember: async () => {},
};

/** The record of a request. */
interface RecordName {
  owner: string;
  key: string;
  /** Since the Unix epoch: stand-ins from later on were given while the request waited, and are its own. */
  arrivedAt: number;
}

/**
 * Recalls what is known under a key.
 *
 * @throws {RequestProblem} 422 where the key came with another answer to one of the questions.
 */
export async function recall(
  { records, clock }: HandlerSettings,
  { owner, key, arrivedAt }: RecordName,
  answers: readonly AnswerUnderReview[],
): Promise<ReviewMemory> {
  let record: ReviewRecord = await records.read(owner, key);
  const digests = new Map(
    await Promise.all(
      answers.map(async ({ questionIndex, answer }) => [questionIndex, await digest(JSON.stringify(answer))] as const),
    ),
  );
  const earlier = recordedAnswers(record, digests);
  const isOld = ({ gradedAt, result }: RecordedAnswer): boolean =>
    gradedAt < arrivedAt && result.reviewReasons.includes('offline_stand_in');
  return {
    known: gradesOf(earlier.filter(([, each]) => !isOld(each))),
    standIns: gradesOf(earlier.filter(([, each]) => isOld(each))),
    metrics: record.metrics,
    remember: async (grades, metrics) => {
      const added = grades.map(({ questionIndex, result, isSaved }): [number, RecordedAnswer] => [
        questionIndex,
        { answer: digests.get(questionIndex) ?? '', result, isSaved, gradedAt: clock.date() },
      ]);
      record = { metrics, answers: { ...record.answers, ...Object.fromEntries(added) } };
      await records.write(owner, key, record);
    },
  };
}

function recordedAnswers(
  record: ReviewRecord,
  digests: ReadonlyMap<number, string>,
): readonly (readonly [questionIndex: number, RecordedAnswer])[] {
  return [...digests].flatMap(([questionIndex, answer]) => {
    const recorded = record.answers[questionIndex];
    if (recorded === undefined) return [];
    if (recorded.answer === answer) return [[questionIndex, recorded] as const];
    const detail = `Idempotency-Key must be a new one: it came with another answer to question_index ${questionIndex}`;
    throw new RequestProblem(422, detail, { field: 'Idempotency-Key' });
  });
}

function gradesOf(recorded: readonly (readonly [number, RecordedAnswer])[]): ReadonlyMap<number, RememberedGrade> {
  return new Map(
    recorded.map(([questionIndex, { result, isSaved }]) => [questionIndex, { questionIndex, result, isSaved }]),
  );
}
