import { brand, hasBrand } from '../contract/brand.js';
import type { ReviewedAnswer, ReviewProblem } from '../wire/review-wire.js';

/** What a {@link ReviewError} may carry beside its message. */
export interface ReviewErrorOptions {
  status?: number | undefined;
  problem?: ReviewProblem | undefined;
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * A review that came to nothing: the server refused it, or it could not be reached in any mode.
 *
 * @example
 * ```ts
 * import { createReviewClient, isReviewError } from 'gradelanes/client';
 *
 * const client = createReviewClient({ fetch: async () => new Response('{}', { status: 401 }) });
 * try {
 *   await client.submitBatchAnswers('1', 'ice', [{ questionIndex: 0, answer: 'It is less dense.' }]);
 * } catch (error) {
 *   if (isReviewError(error)) console.log(error.status); // 401
 * }
 * ```
 */
export class ReviewError extends Error {
  override readonly name = 'ReviewError';
  /** The status of the reply; `undefined` if there was none, or none that could be read. */
  readonly status: number | undefined;
  /** What the server said is wrong. */
  readonly problem: ReviewProblem | undefined;
  /** When to come back, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What was graded before. */
  results: readonly ReviewedAnswer[] = [];

  constructor(message: string, { status, problem, retryAfterMs, cause }: ReviewErrorOptions = {}) {
    super(message, { cause });
    brand(this, 'ReviewError');
    this.status = status;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Whether a value is a {@link ReviewError}, also one of another copy of this package.
 *
 * @example
 * ```ts
 * import { isReviewError } from 'gradelanes/client';
 *
 * const retryAfterMs = (error: unknown) => (isReviewError(error) ? error.retryAfterMs : undefined);
 * ```
 */
export function isReviewError(value: unknown): value is ReviewError {
  return hasBrand(value, 'ReviewError');
}
