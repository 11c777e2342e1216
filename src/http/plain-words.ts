import { fallbackSentence } from '../contract/fallback-sentence.js';
import type { FailureCode } from '../contract/failure.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';

/** What clients are told. Messages of providers stay on the server: they name vendors, keys and models. */
const SENTENCES: Readonly<Record<FailureCode, string>> = {
  rate_limited: 'the grading service takes no more answers for now',
  overloaded: 'the grading service is overloaded',
  timeout: 'the grading service took too long',
  network: 'the grading service could not be reached',
  server: 'the grading service failed',
  truncated: 'the grading service broke off its reply',
  malformed: 'the reply of the grading service was not usable',
  too_large: 'the answer is too long to be graded',
  refused: 'the grading service declined to grade this answer',
  auth: 'the grading service is not set up',
  quota: 'the grading service is used up for now',
  not_found: 'the grading service is not set up',
  invalid_request: 'the grading service cannot read this answer',
  unsupported: 'the grading service cannot grade such an answer',
  aborted: 'grading was cancelled',
  deadline_exceeded: 'there was no time left for this answer',
  budget_exceeded: 'the budget for grading is used up',
  unknown: 'the grading service failed',
};

/** A failure as a sentence for learners. */
export function failureSentence(code: FailureCode): string {
  return SENTENCES[code];
}

/** The result with its failure in words of ours. */
export function inPlainWords(result: GradingResult): GradingResult {
  if (result.status === 'graded') return result;
  const { code, scope, retryable, retryAt } = result.error;
  return { ...result, error: { code, message: failureSentence(code), scope, retryable, retryAt } };
}

/** The metrics with the reasons for their fallbacks in words of ours. */
export function metricsInPlainWords(metrics: ParallelProcessingMetrics): ParallelProcessingMetrics {
  let { fallbackReason } = metrics;
  const fallbacks = metrics.fallbacks.map((step) => {
    const reason = fallbackSentence(step, failureSentence(step.code));
    fallbackReason = fallbackReason?.replace(step.reason, () => reason);
    return { ...step, reason };
  });
  return { ...metrics, fallbackReason, fallbacks };
}
