// The review routes for any server that speaks `Request` and `Response`.
export { createReviewHandler } from './http/create-review-handler.js';
export {
  DEFAULT_BASE_PATH,
  DEFAULT_HEARTBEAT_MS,
  DEFAULT_MAX_ANSWERS,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_REVIEW_DEADLINE_MS,
} from './http/resolve-handler-options.js';
export { reviewApiDocument } from './http/review-api-document.js';

export type {
  BatchAnswerRequest,
  ParallelAnswerRequest,
  ParallelApiResponse,
  ReviewProblem,
  SubmittedAnswer,
  WireCallEvent,
  WireMetrics,
  WireProgress,
  WireResult,
} from './wire/review-wire.js';
export type { JsonDocument } from './http/review-api-document.js';
export type { ReviewHandler } from './http/create-review-handler.js';
export type { ParsedReviewRequest } from './http/parsed-review-request.js';
export type {
  AnswerUnderReview,
  Authorization,
  RateLimitContext,
  ReviewCard,
  ReviewContext,
  IdempotencyStore,
  ReviewHandlerOptions,
  SaveContext,
} from './http/review-handler-options.js';
