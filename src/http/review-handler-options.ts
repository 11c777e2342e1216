import type { Clock } from '../contract/clock.js';
import type { GradingEvent } from '../contract/grading-event.js';
import type { Logger } from '../contract/grading-options.js';
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
  /** Aborts when the client leaves or the request's time is over. */
  signal: AbortSignal;
  /** What the framework knows of the request, handed to `handle()`: a user, a database. Empty for a plain `Request`. */
  locals: Readonly<Record<string, unknown>>;
}

/**
 * Who the learner is, or the status to turn the request away with. A learner without a name is said to be one on purpose:
 * an id that is missing by mistake lets nobody in.
 */
export type Authorization = { learnerId: string } | 'anonymous' | 401 | 403 | 404;

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
  /** Gives the card; `undefined` and null answer 404. */
  load: (context: ReviewContext & { learnerId: string | undefined }) => MaybePromise<ReviewCard | null | undefined>;
  /** Grades; shared by all requests, so that they share its limit. */
  grader: Pick<Grader, 'gradeAnswersWithFallback'> & { readonly logger?: Logger | undefined };
  /**
   * Says who the learner is, or turns the request away. Only a plain object with a `learnerId` of its own that is not
   * empty, or `'anonymous'`, lets a request in; whatever else it gives is told to `onError` and answered 403. `'none'`
   * instead of a function lets everybody in.
   */
  authorize: 'none' | ((context: ReviewContext) => MaybePromise<Authorization>);
  /**
   * Stores the grades, before the reply goes out. If it fails, the client gets a 500; sent again with the same
   * `Idempotency-Key`, the answers are not graded again but saved. It may then see a grade twice.
   */
  save?: ((report: GradingReport, context: SaveContext) => MaybePromise<void>) | undefined;
  /**
   * Answers 429 where it gives a time to wait. Asked before anything of the body is checked: `answerCount` is what the
   * request claims.
   */
  rateLimit?: ((context: RateLimitContext) => MaybePromise<{ retryAfterMs: number } | null | undefined>) | undefined;
  /**
   * Remembers the grades under an `Idempotency-Key` for a day; Keyv fits, and for tests a `Map`, which never forgets. Share
   * one between the instances of a server. One that fails or takes longer than a second costs no learner a grade.
   * @default in memory: 50 keys of a learner, 1,000 in all
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
  /**
   * For the whole request, in milliseconds: its body, every hook, the wait for another request with its key, grading and
   * the reply. Grading gets nine tenths of it, and what is ungraded then fails; a hook that hangs is a 503.
   * @default 25_000
   */
  deadlineMs?: number | undefined;
  /**
   * Told of what hooks throw and of other faults, which clients see as a 500 without details.
   * @default the grader's `logger`, else the console
   */
  onError?: ((error: unknown) => void) | undefined;
  /** Told of the grader's events, with the request they belong to. `indices` count the answers that had no grade yet. */
  onEvent?: ((event: GradingEvent, context: SaveContext) => void) | undefined;
  /** Where time comes from. @default the system's clock */
  clock?: Clock | undefined;
}
