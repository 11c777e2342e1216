// The JSON of the review routes: snake_case on the wire, camelCase in TypeScript, and nothing for teachers' eyes. This is
// the only place where one becomes the other. No zod: browsers load it.
import type { FailureCode } from '../contract/failure.js';
import type { GradingProgress } from '../contract/grading-options.js';
import type { ParallelProcessingMetrics, ProcessingModeRequest } from '../contract/report.js';
import type { AnswerPart, CriterionScore, FailedAnswer, GradedAnswer } from '../contract/result.js';

/** What a learner's page is told of a grade. Not the rationale, flags, reasons for review, comments on criteria, ids of calls. */
export type ShownOfGrade =
  | ShownOfFailure
  | 'isCorrect'
  | 'scoreGiven'
  | 'scoreMaximum'
  | 'scaledScore'
  | 'feedback'
  | 'suggestedRating'
  | 'gradedBy'
  | 'fromCache'
  | 'needsReview'
  | 'provider'
  | 'model';

/** What a learner's page is told of an answer without a grade, beside the error. */
export type ShownOfFailure = 'mode' | 'attempts' | 'durationMs' | 'queuedMs';

/** A name in snake_case: `scoreGiven` is `score_given`. */
type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/** A type as it travels: its names in snake_case at every depth, and null for what is undefined. */
type SnakeCased<T> = T extends undefined
  ? null
  : T extends readonly (infer Item)[]
    ? readonly SnakeCased<Item>[]
    : T extends object
      ? { [Name in keyof T as SnakeCase<Name & string>]: SnakeCased<T[Name]> }
      : T;

/** Which of the card's questions a result is about. */
interface QuestionReference {
  /** Position in the card's questions, from 0. */
  questionIndex: number;
  /** The question's own id, else `questionIndex + 1` as a text. */
  questionId: string;
}

/** The marks for one criterion, in points rounded to hundredths, and the words of the answer that they are for. */
export type ReviewedCriterion = Pick<CriterionScore, 'id' | 'scoreGiven' | 'scoreMaximum' | 'evidence'>;

/** A grade as a learner's page gets it: its points rounded to hundredths, as people are shown them. */
export interface GradedReview extends QuestionReference, Pick<GradedAnswer, ShownOfGrade> {
  status: 'graded';
  criteria?: readonly ReviewedCriterion[] | undefined;
  /** Marks part by part, where a rule decided a question with several: they tell which options are right. */
  parts?: readonly AnswerPart[] | undefined;
}

/** Why an answer has no grade, as a learner's page gets it. */
interface ReviewFailure {
  code: FailureCode;
  /** A sentence for people. */
  message: string;
  /** Sending the answer again later may help. */
  retryable: boolean;
  /** Not before this time (ISO 8601). */
  retryAt?: string | undefined;
}

/** An answer without a grade as a learner's page gets it. It has no score: an outage is never a wrong answer. */
export interface FailedReview extends QuestionReference, Pick<FailedAnswer, ShownOfFailure> {
  status: 'failed';
  error: ReviewFailure;
}

/** What became of one answer, as a learner's page gets it. */
export type ReviewedAnswer = GradedReview | FailedReview;

/** How far a review is, told after every answer. */
export interface ReviewProgress extends Pick<GradingProgress, 'completed' | 'graded' | 'failed'> {
  total: number;
  result: ReviewedAnswer;
}

/**
 * A call of the model that begins or ends, or a step to the next way of grading, told while a review goes on. Times are
 * milliseconds since the review's run started; `indices` are those of the card's questions.
 */
export type ReviewCall =
  | { type: 'call-started'; atMs: number; callId: string; indices: readonly number[] }
  | { type: 'call-ended'; atMs: number; callId: string; outcome: 'ok' | FailureCode }
  | { type: 'fallback-taken'; atMs: number; step: { reason: string } };

/** A {@link ReviewedAnswer} on the wire; `is_correct` is null where there is no grade. */
export type WireResult = SnakeCased<GradedReview> | (SnakeCased<FailedReview> & { is_correct: null });

/** The metrics on the wire; what was not measured is null. */
export type WireMetrics = SnakeCased<ParallelProcessingMetrics>;

/** A {@link ReviewProgress} on the wire: the data of a `progress` event. */
export type WireProgress = Omit<SnakeCased<ReviewProgress>, 'result'> & { result: WireResult };

/** A {@link ReviewCall} on the wire: the data of a `call` event. */
export type WireCallEvent = ReviewCall extends infer Call ? SnakeCased<Call> : never;

/** One answer in a request, and the whole body of a request to the route for a single answer. */
export interface SubmittedAnswer {
  /** Position in the card's questions, from 0. */
  question_index: number;
  /** Text, or the parts of an answer with several (texts, or indices from 0). */
  answer: string | readonly string[] | readonly number[];
}

/** The body of a request to the batch route. */
export interface BatchAnswerRequest {
  answers: readonly SubmittedAnswer[];
}

/** The body of a request to the parallel route. */
export interface ParallelAnswerRequest extends BatchAnswerRequest {
  /** @default 'auto' */
  processing_mode?: ProcessingModeRequest | undefined;
  /** Most calls in flight for this request: an integer from 1 to 10. @default the server's own limit */
  max_concurrent_tasks?: number | undefined;
}

/** The body of a reply: a list of results, or one for a single answer. */
export interface ParallelApiResponse<Data = readonly WireResult[]> {
  success: true;
  data: Data;
  metrics: WireMetrics;
}

/** Why a request was not served: the body of every reply with an error status (RFC 9457), and of an `error` event. */
export interface ReviewProblem {
  type: 'about:blank';
  title: string;
  status: number;
  /** A sentence for people. */
  detail: string;
  success: false;
  /** What is wrong with which field of the request. */
  errors?: readonly { field: string; pointer: string; detail: string }[];
  /** Why nothing was graded. */
  code?: FailureCode;
  /** As in the `Retry-After` header, in milliseconds. Absent where coming back would not help. */
  retry_after_ms?: number;
}
