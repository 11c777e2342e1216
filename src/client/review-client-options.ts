import type { FallbackStep, ParallelProcessingMetrics, ProcessingModeRequest } from '../contract/report.js';
import type { ProcessingMode } from '../contract/result.js';
import type { ReviewCall, ReviewedAnswer, ReviewProgress } from '../wire/review-wire.js';

/** Options of `createReviewClient`; `undefined` means the default. */
export interface ReviewClientOptions {
  /** Where the routes begin. @default '/api/review' */
  baseUrl?: string | undefined;
  /** @default the platform's `fetch` */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Sent with every request; a function is asked anew each time, for tokens that expire. */
  headers?: Readonly<Record<string, string>> | (() => MaybePromise<Readonly<Record<string, string>>>) | undefined;
  /** A connection that is silent for so long counts as lost, in milliseconds. @default 45_000: three heartbeats */
  idleTimeoutMs?: number | undefined;
  /** For a submission with all its requests and pauses, in milliseconds; what has no grade then fails. @default 120_000 */
  timeoutMs?: number | undefined;
  /**
   * Pause after a request that was lost, in milliseconds: up to twice as long by chance, and twice as long after each. A
   * `Retry-After` takes its place. @default 500
   */
  retryDelayMs?: number | undefined;
}

type MaybePromise<T> = T | Promise<T>;

/** A learner's answer to one of the card's questions. */
export interface AnswerToReview {
  /** Position in the card's questions, from 0. */
  questionIndex: number;
  answer: string | readonly string[] | readonly number[];
}

/** Options of one submission. */
export interface ReviewSubmitOptions {
  /** Aborting rejects the submission with the signal's reason, and aborts its calls on the server. */
  signal?: AbortSignal | undefined;
  /**
   * Has everything graded again, also what has a grade: the submission gets a new idempotency key. Without it, what is sent
   * again keeps its grades, but for those of a stand-in. @default false
   */
  anew?: boolean | undefined;
  /** Told after every answer. */
  onProgress?: ((progress: ReviewProgress) => void) | undefined;
}

/** What became of a submission. */
export interface ReviewOutcome {
  /** One per answer, in the same order. */
  results: readonly ReviewedAnswer[];
  /** Of all its requests; `undefined` if none brought any. */
  metrics: ParallelProcessingMetrics | undefined;
}

/** How answers are sent. */
export interface ProcessingConfig {
  processingMode: ProcessingModeRequest;
  /** Most calls in flight for one submission: 1..10. */
  maxConcurrentTasks: number;
}

/** What a page shows: the latest submission. Never changed, only replaced. */
export interface ReviewSnapshot {
  status: 'idle' | 'submitting' | 'done' | 'failed' | 'aborted';
  config: ProcessingConfig;
  /** The mode of the request under way, or of the last one. */
  mode: ProcessingMode | undefined;
  completed: number;
  total: number;
  /** What has come in so far, in the order of the answers. */
  results: readonly ReviewedAnswer[];
  /** Calls of the model as they begin and end, and the server's own steps: for `<grading-metrics>`. */
  events: readonly ReviewCall[];
  /** Steps to the next mode because a request was lost. */
  fallbacks: readonly FallbackStep[];
  metrics: ParallelProcessingMetrics | undefined;
  /** Why the status is `failed`. */
  error: unknown;
}

/** Sends answers of a card and gives their reviews. */
export type SubmitAnswers = (
  sessionId: string,
  cardId: string,
  answers: readonly AnswerToReview[],
  options?: ReviewSubmitOptions,
) => Promise<ReviewOutcome>;

/** What `createReviewClient` gives. Its functions may be taken off it. */
export interface ReviewClient {
  /**
   * Sends answers in the mode that fits their number, or the one that was set. A request that is lost on the way is
   * followed by the next mode (parallel, batch, sequential), after a pause, with the answers that have no grade yet.
   */
  readonly submitAnswersWithProcessingMode: SubmitAnswers;
  /** Sends all answers in one request, to be graded several at once. */
  readonly submitParallelAnswers: SubmitAnswers;
  /** Sends all answers in one request, to be graded several to a call. */
  readonly submitBatchAnswers: SubmitAnswers;
  /** Sends one answer per request, one after the other. */
  readonly submitSequentialAnswers: SubmitAnswers;
  /** The server's own rule: 1 answer sequential, 2 batch, 3 or more parallel. */
  readonly determineProcessingMode: (answerCount: number, requested?: ProcessingModeRequest) => ProcessingMode;
  /** @throws {GradingOptionsError} for a mode that is none. */
  readonly setProcessingMode: (mode: ProcessingModeRequest) => void;
  /** @throws {GradingOptionsError} for anything but an integer from 1 to 10. */
  readonly setConcurrencyLimit: (limit: number) => void;
  readonly getProcessingConfig: () => ProcessingConfig;
  /** Calls a listener after every change of the snapshot; returns what ends that. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => ReviewSnapshot;
}
