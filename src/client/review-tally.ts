import type { FailedReview, ReviewedAnswer } from '../wire/review-wire.js';
import type { AnswerToReview, ReviewSubmitOptions } from './review-client-options.js';
import type { ReviewError } from './review-error.js';

/** What has come in of a submission. */
export class ReviewTally {
  readonly #answers: readonly AnswerToReview[];
  readonly #settled = new Map<number, ReviewedAnswer>();
  readonly #onProgress: ReviewSubmitOptions['onProgress'];
  readonly #onChange: (results: readonly ReviewedAnswer[]) => void;

  constructor(
    answers: readonly AnswerToReview[],
    onProgress: ReviewSubmitOptions['onProgress'],
    onChange: (results: readonly ReviewedAnswer[]) => void,
  ) {
    this.#answers = answers;
    this.#onProgress = onProgress;
    this.#onChange = onChange;
  }

  /** In the order of the answers. */
  get results(): readonly ReviewedAnswer[] {
    return this.#answers.flatMap((answer) => this.#resultOf(answer) ?? []);
  }

  get ungraded(): readonly AnswerToReview[] {
    return this.#answers.filter((answer) => this.#resultOf(answer)?.status !== 'graded');
  }

  get unsettled(): readonly AnswerToReview[] {
    return this.#answers.filter((answer) => !this.#resultOf(answer));
  }

  get graded(): number {
    return this.#answers.length - this.ungraded.length;
  }

  #resultOf({ questionIndex }: Pick<AnswerToReview, 'questionIndex'>): ReviewedAnswer | undefined {
    return this.#settled.get(questionIndex);
  }

  /** Takes a result; the reply repeats those of its progress. */
  settle(result: ReviewedAnswer): void {
    if (this.#resultOf(result)?.status === result.status) return;
    this.#settled.set(result.questionIndex, result);
    const { graded, results } = this;
    this.#onChange(results);
    try {
      const completed = results.length;
      this.#onProgress?.({ completed, total: this.#answers.length, graded, failed: completed - graded, result });
    } catch {
      // A listener that throws changes nothing.
    }
  }
}

/** An answer that got no reply. Nothing of it was measured here. */
export function unanswered({ questionIndex }: AnswerToReview, { message, problem }: ReviewError): FailedReview {
  return {
    status: 'failed',
    questionIndex,
    questionId: String(questionIndex + 1),
    error: { code: problem?.code ?? 'network', message, retryable: true },
    attempts: 0,
    durationMs: 0,
    queuedMs: 0,
  };
}
