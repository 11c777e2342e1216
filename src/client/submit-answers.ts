import { fallbackSentence } from '../contract/fallback-sentence.js';
import type { FallbackStep, ParallelProcessingMetrics } from '../contract/report.js';
import type { ProcessingMode } from '../contract/result.js';
import type { ParallelAnswerRequest, ParallelApiResponse, SubmittedAnswer, WireResult } from '../wire/review-wire.js';
import { fromWireMetrics, fromWireResult } from '../wire/translate.js';
import { mergeMetrics } from './merge-metrics.js';
import type { AnswerToReview, ReviewClientOptions } from './review-client-options.js';
import type { ReviewError } from './review-error.js';
import { unanswered, type ReviewTally } from './review-tally.js';
import { isLost, isOutage, sendRequest } from './send-request.js';

/** Answers on their way to the server. */
export interface Submission {
  options: ReviewClientOptions;
  sessionId: string;
  cardId: string;
  /** The same for all requests, so that nothing is graded twice. */
  idempotencyKey: string;
  maxConcurrentTasks: number;
  signal: AbortSignal | undefined;
  tally: ReviewTally;
  onMode: (mode: ProcessingMode, fallbacks: readonly FallbackStep[]) => void;
}

/**
 * Sends what is ungraded, mode by mode until a request gets through.
 *
 * @returns The metrics of all requests that brought some.
 * @throws {ReviewError} if the server refuses, or if nothing was graded.
 */
export async function submitAnswers(
  submission: Submission,
  modes: readonly ProcessingMode[],
): Promise<ParallelProcessingMetrics | undefined> {
  const { tally, onMode } = submission;
  const steps: FallbackStep[] = [];
  let lost: { mode: ProcessingMode; error: ReviewError } | undefined;
  for (const mode of modes) {
    const left = tally.ungraded;
    // A batch of one would be the request that comes next.
    if (left.length === 0 || (lost !== undefined && mode === 'batch' && left.length === 1)) continue;
    if (lost !== undefined) steps.push(fallbackStep(lost.mode, mode, left.length));
    onMode(mode, [...steps]);
    try {
      return withSteps(await send(submission, mode, left), steps, tally);
    } catch (error) {
      if (!isLost(error)) throw error;
      lost = { mode, error };
    }
  }
  if (lost !== undefined) settleLost(tally, lost.error);
  return undefined;
}

function send(
  submission: Submission,
  mode: ProcessingMode,
  answers: readonly AnswerToReview[],
): Promise<ParallelProcessingMetrics | undefined> {
  return mode === 'sequential' ? sendOneByOne(submission, answers) : sendTogether(submission, mode, answers);
}

async function sendTogether(
  submission: Submission,
  mode: 'parallel' | 'batch',
  answers: readonly AnswerToReview[],
): Promise<ParallelProcessingMetrics> {
  const body: ParallelAnswerRequest = {
    answers: answers.map(toSubmitted),
    ...(mode === 'parallel' && { processing_mode: mode, max_concurrent_tasks: submission.maxConcurrentTasks }),
  };
  const { data, metrics } = await request<readonly WireResult[]>(submission, `answers/:card/${mode}`, body);
  for (const result of data) submission.tally.settle(fromWireResult(result));
  return fromWireMetrics(metrics);
}

/** An answer that gets no reply does not keep the next one from being sent. */
async function sendOneByOne(
  submission: Submission,
  answers: readonly AnswerToReview[],
): Promise<ParallelProcessingMetrics | undefined> {
  const { tally } = submission;
  let total: ParallelProcessingMetrics | undefined;
  let last: ReviewError | undefined;
  for (const answer of answers) {
    try {
      const { data, metrics } = await request<WireResult>(submission, 'answer/:card', toSubmitted(answer));
      tally.settle(fromWireResult(data));
      const measured = fromWireMetrics(metrics);
      total = total === undefined ? measured : mergeMetrics(total, measured);
    } catch (error) {
      if (!isLost(error) && !isOutage(error)) throw error;
      last = error;
      tally.settle(unanswered(answer, error));
    }
  }
  if (last !== undefined) settleLost(tally, last);
  return total;
}

function request<Data>(submission: Submission, route: string, body: object): Promise<ParallelApiResponse<Data>> {
  const { options, sessionId, cardId, idempotencyKey, signal, tally } = submission;
  return sendRequest(options, {
    path: `/session/${encodeURIComponent(sessionId)}/${route.replace(':card', () => encodeURIComponent(cardId))}`,
    body,
    idempotencyKey,
    signal,
    onProgress: ({ result }) => tally.settle(fromWireResult(result)),
  });
}

/** What got no reply failed; if that is all of it, so did the submission. */
function settleLost(tally: ReviewTally, error: ReviewError): void {
  if (tally.graded === 0) throw error;
  for (const answer of tally.unsettled) tally.settle(unanswered(answer, error));
}

function toSubmitted({ questionIndex, answer }: AnswerToReview): SubmittedAnswer {
  return { question_index: questionIndex, answer };
}

function fallbackStep(from: ProcessingMode, to: ProcessingMode, answerCount: number): FallbackStep {
  const reason = fallbackSentence({ from, to, answerCount }, 'the server could not be reached');
  return { kind: 'mode', from, to, code: 'network', reason, answerCount };
}

/** The steps of this side before those of the server; counts are those of the whole submission. */
function withSteps(
  metrics: ParallelProcessingMetrics | undefined,
  steps: readonly FallbackStep[],
  { graded, results }: ReviewTally,
): ParallelProcessingMetrics | undefined {
  if (metrics === undefined || steps.length === 0) return metrics;
  const { processingModeUsed: used, fallbackReason = [] } = metrics;
  return {
    ...metrics,
    gradedCount: graded,
    failedCount: results.length - graded,
    fallbacks: [...steps, ...metrics.fallbacks],
    fallbackReason: steps
      .map(({ reason }) => reason)
      .concat(fallbackReason)
      .join('; '),
    processingModeUsed: used === 'batch' || used === 'sequential' ? `${used}_fallback` : used,
  };
}
