// A client for the review routes: for browsers, without zod and p-queue.
export { createReviewClient } from './client/create-review-client.js';
export { isReviewError, ReviewError } from './client/review-error.js';
export { DEFAULT_CONCURRENCY_LIMIT } from './client/review-store.js';

export type {
  AnswerToReview,
  ProcessingConfig,
  ReviewClient,
  ReviewClientOptions,
  ReviewOutcome,
  ReviewSnapshot,
  SubmitAnswers,
  ReviewSubmitOptions,
} from './client/review-client-options.js';
export type { ReviewErrorOptions } from './client/review-error.js';
export type {
  BatchAnswerRequest,
  FailedReview,
  GradedReview,
  ParallelAnswerRequest,
  ParallelApiResponse,
  ReviewCall,
  ReviewedAnswer,
  ReviewProblem,
  ReviewProgress,
  SubmittedAnswer,
  WireMetrics,
  WireProgress,
  WireResult,
} from './wire/review-wire.js';
