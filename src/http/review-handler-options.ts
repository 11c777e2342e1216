import type { Clock } from '../contract/clock.js';
import type { Grader } from '../engine/create-grader.js';
import type { Question } from '../contract/question.js';
import type { GradingReport } from '../contract/report.js';
import type { ReviewRoute } from './review-route.js';

/** Where records of requests are kept: plain data, for a time in milliseconds. */
export interface IdempotencyStore {
  get(key: string): unknown;
  set(key: string, value: unknown, ttlMs?: number): unknown;
}

/** A request as the hooks of {@link ReviewHandlerOptions} see it. */
export interface ReviewContext extends ReviewRoute {
  headers: Headers;
  /** Aborts when the client leaves. */
  signal: AbortSignal;
  /** What the framework knows of the request, handed to `handle()`: a user, a database. Empty for a plain `Request`. */
  locals: Readonly<Record<string, unknown>>;
}

/** Who the learner is, or the status to turn the request away with. */
export type Authorization = { learnerId?: string | undefined } | 401 | 403 | 404;

/** The questions of a card and the material for them. They never come from the client. */
export interface ReviewCard {
  questions: readonly Question[];
  /** Material shared by all questions. */
  context?: string | undefined;
  /** The teacher's own marking instructions. */
  instructions?: string | undefined;
}

/** An answer beside its question. */
export interface AnswerUnderReview {
  /** Position in the card's questions, from 0. */
  questionIndex: number;
  question: Question;
  answer: string | readonly string[] | readonly number[];
}

/** What `save` gets beside the report. */
export interface SaveContext extends ReviewContext {
  learnerId: string | undefined;
  /** The answers that the report's results are about, in the same order. */
  answers: readonly AnswerUnderReview[];
}

/** What the rate limit may look at. */
export interface RateLimitContext extends ReviewContext {
  learnerId: string | undefined;
  answerCount: number;
}

type MaybePromise<T> = T | Promise<T>;

/** Options of `createReviewHandler`; `undefined` means the default. */
export interface ReviewHandlerOptions {
  /** Where the routes begin. @default '/api/review' */
  basePath?: string | undefined;
  /** Gives the card; `undefined` answers 404. */
  load: (context: ReviewContext & { learnerId: string | undefined }) => MaybePromise<ReviewCard | undefined>;
  /** Grades; shared by all requests, so that they share its limit. */
  grader: Pick<Grader, 'gradeAnswersWithFallback'>;
  /**
   * Says who the learner is, or turns the request away; anything but an object turns it away with 403. `'none'` lets
   * everybody in.
   */
  authorize: 'none' | ((context: ReviewContext) => MaybePromise<Authorization>);
  /**
   * Stores the grades, before the reply goes out. If it fails, the client gets a 500; sent again with the same
   * `Idempotency-Key`, the answers are not graded again but saved. It may then see a grade twice.
   */
  save?: ((report: GradingReport, context: SaveContext) => MaybePromise<void>) | undefined;
  /** Answers 429 where it gives a time to wait. */
  rateLimit?: ((context: RateLimitContext) => MaybePromise<{ retryAfterMs: number } | undefined>) | undefined;
  /**
   * Remembers the grades under an `Idempotency-Key` for a day; a `Map` fits, and so does Keyv. Share one between the
   * instances of a server. @default 1,000 keys in memory
   */
  idempotencyStore?: IdempotencyStore | undefined;
  /** Larger bodies are answered 413. @default 262_144 */
  maxBodyBytes?: number | undefined;
  /** More answers in a request are answered 400. @default 100 */
  maxAnswers?: number | undefined;
  /** Other origins whose pages may send requests and read the replies, such as `https://app.example`. @default none */
  allowedOrigins?: readonly string[] | undefined;
  /** Pause between the comments that keep an event stream open, in milliseconds. @default 15_000 */
  heartbeatMs?: number | undefined;
  /** For the whole review, in milliseconds; what is ungraded then fails. @default 25_000 */
  deadlineMs?: number | undefined;
  /** Told of what hooks throw and of other faults, which clients see as a 500 without details. */
  onError?: ((error: unknown) => void) | undefined;
  /** Where time comes from. @default the system's clock */
  clock?: Clock | undefined;
}
