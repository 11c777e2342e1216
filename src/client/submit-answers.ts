import { GradingOptionsError } from '../contract/errors.js';
import type { FallbackStep, ParallelProcessingMetrics } from '../contract/report.js';
import type { ProcessingMode } from '../contract/result.js';
import type { ReviewCall } from '../wire/review-wire.js';
import { mergeMetrics } from './merge-metrics.js';
import type { AnswerToReview, ReviewClientOptions } from './review-client-options.js';
import type { ReviewError } from './review-error.js';
import { unanswered, type ReviewTally } from './review-tally.js';
import { isLost, noReview, sendRequest } from './send-request.js';

/** The pause before the next mode, which doubles each time. */
const DEFAULT_RETRY_DELAY_MS = 500;

/** Answers on their way to the server. */
export interface Submission {
  options: ReviewClientOptions;
  sessionId: string;
  cardId: string;
  /** The same for all requests, so that nothing is graded twice. */
  idempotencyKey: string;
  maxConcurrentTasks: number;
  /** Aborts when the page says so, and when time is over. */
  signal: AbortSignal;
  tally: ReviewTally;
  onMode: (mode: ProcessingMode, fallbacks: readonly FallbackStep[]) => void;
  onCall: (call: ReviewCall) => void;
}

/**
 * Sends what is ungraded, mode by mode until a request gets through. Whatever follows a lost request waits first: a server
 * that is down is not helped by all pages calling at once. An answer that is lost alone does not keep the next one from
 * being sent; two requests in a row do.
 *
 * @returns The metrics of all requests that brought some.
 * @throws {ReviewError} if the server refuses, or if nothing was graded.
 */
export async function submitAnswers(
  submission: Submission,
  modes: readonly ProcessingMode[],
): Promise<ParallelProcessingMetrics | undefined> {
  const { tally, onMode, signal } = submission;
  const steps: FallbackStep[] = [];
  let total: ParallelProcessingMetrics | undefined;
  let lost: Lost | undefined;
  for (const mode of modes) {
    const left = tally.ungraded;
    // A batch of one would be the request that comes next.
    if (left.length === 0 || (lost && mode === 'batch' && left.length === 1)) continue;
    if (lost) steps.push(fallbackStep(lost.mode, mode, left.length));
    onMode(mode, [...steps]);
    const isAlone = mode === 'sequential';
    let lastLost = lost;
    lost = undefined;
    for (const answers of isAlone ? left.map((answer) => [answer]) : [left]) {
      if (lastLost && !(await pause(submission, lastLost))) break;
      try {
        total = mergeMetrics(total, await request(submission, mode, answers));
        lastLost = undefined;
      } catch (error) {
        // A server that could grade nothing of one answer may grade the next.
        if (!isLost(error, isAlone ? 503 : undefined)) throw error;
        if (isAlone) for (const answer of answers) tally.settle(unanswered(answer, error));
        lost = lastLost = { mode, error, count: (lastLost?.count ?? 0) + 1 };
        if (lost.count > 1) break;
      }
    }
    if (!lost || isAlone || signal.aborted) break;
  }
  if (lost) settleLost(tally, lost.error);
  return withSteps(total, steps, tally);
}

/** A request without a reply; `count` says how many it makes in a row. */
interface Lost {
  mode: ProcessingMode;
  error: ReviewError;
  count: number;
}

/**
 * Jitter: pages that lost their requests together do not come back together.
 *
 * @returns false when time is over.
 * @throws the reason of the signal.
 */
async function pause({ options, signal }: Submission, { error, count }: Lost): Promise<boolean> {
  const { retryDelayMs = DEFAULT_RETRY_DELAY_MS } = options;
  const waitMs = (error.retryAfterMs ?? retryDelayMs * 2 ** (count - 1)) * (1 + Math.random());
  await new Promise((resolve) => {
    setTimeout(resolve, waitMs);
    signal.addEventListener('abort', resolve);
  });
  if (!isLost(signal.reason)) signal.throwIfAborted();
  return !signal.aborted;
}

async function request(
  submission: Submission,
  mode: ProcessingMode,
  answers: readonly AnswerToReview[],
): Promise<ParallelProcessingMetrics> {
  const { options, sessionId, cardId, maxConcurrentTasks, tally } = submission;
  const submitted = answers.map(({ questionIndex, answer }) => ({ question_index: questionIndex, answer }));
  const isAlone = mode === 'sequential';
  const [session, card] = [segment(sessionId), segment(cardId)];
  const metrics = await sendRequest(options, {
    ...submission,
    path: `/session/${session}/answer${isAlone ? `/${card}` : `s/${card}/${mode}`}`,
    body: isAlone
      ? submitted[0]
      : { answers: submitted, processing_mode: mode, max_concurrent_tasks: maxConcurrentTasks },
    onResult: (result) => tally.settle(result),
  });
  if (tally.unsettled.some((answer) => answers.includes(answer))) throw noReview();
  return metrics;
}

/** An id as a part of the path; some texts would lead elsewhere. */
function segment(id: string): string {
  if (/^\.{0,2}$|\p{Cs}/u.test(id)) throw new GradingOptionsError('id', 'must be a name', id);
  return encodeURIComponent(id);
}

/** What got no reply failed; if that is all of it, so did the submission. */
function settleLost(tally: ReviewTally, error: ReviewError): void {
  if (tally.graded === 0) throw error;
  for (const answer of tally.unsettled) tally.settle(unanswered(answer, error));
}

function fallbackStep(from: ProcessingMode, to: ProcessingMode, answerCount: number): FallbackStep {
  const reason = `${answerCount} ${answerCount === 1 ? 'answer' : 'answers'} went from ${from} to ${to}: the server could not be reached`;
  return { kind: 'mode', from, to, code: 'network', reason, answerCount };
}

/** The steps of this side before those of the server; counts are those of the whole submission. */
function withSteps(
  metrics: ParallelProcessingMetrics | undefined,
  steps: readonly FallbackStep[],
  { graded, results }: ReviewTally,
): ParallelProcessingMetrics | undefined {
  if (metrics === undefined || steps.length === 0) return metrics;
  const { processingModeUsed: used, fallbackReason } = metrics;
  return {
    ...metrics,
    gradedCount: graded,
    failedCount: results.length - graded,
    fallbacks: [...steps, ...metrics.fallbacks],
    fallbackReason: [...steps.map(({ reason }) => reason), fallbackReason].filter(Boolean).join('; '),
    processingModeUsed: used === 'batch' || used === 'sequential' ? `${used}_fallback` : used,
  };
}
