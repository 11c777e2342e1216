import { isGradingAborted, isGradingOptionsError } from '../contract/errors.js';
import type { GradingEvent } from '../contract/grading-event.js';
import type { ParallelProcessingMetrics, ProcessingModeRequest } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';
import type { WireCallEvent, WireMetrics, WireProgress, WireResult } from '../wire/review-wire.js';
import { fromWireMetrics, toWireMetrics, toWireResult } from '../wire/translate.js';
import { failureSentence, inPlainWords, metricsInPlainWords } from './plain-words.js';
import { RequestProblem } from './request-problem.js';
import type { HandlerSettings } from './resolve-handler-options.js';
import type { AnswerUnderReview, ReviewCard, SaveContext } from './review-handler-options.js';
import { NO_MEMORY, recall, type RememberedGrade, type ReviewMemory } from './review-memory.js';
import { recordKey } from './digest.js';
import { toWireCall } from './live-calls.js';
import type { RequestTime } from './request-time.js';

/** When to come back, where no provider said so, in milliseconds. */
const DEFAULT_RETRY_AFTER_MS = 5_000;

/** A request that passed all checks. */
export interface ReviewJob {
  settings: HandlerSettings;
  time: RequestTime;
  /** Since the Unix epoch, in milliseconds. */
  arrivedAt: number;
  context: SaveContext;
  card: ReviewCard;
  mode: ProcessingModeRequest;
  maxConcurrentTasks: number | undefined;
  idempotencyKey: string | undefined;
}

/** The reply, before it takes the shape of its route. */
export interface Review {
  results: readonly WireResult[];
  metrics: WireMetrics;
}

/** The client of an event stream: told of every answer and every call. */
export interface ReviewListener {
  onProgress: (progress: WireProgress) => void;
  onCall: (call: WireCallEvent) => void;
}

/** A run of the grader; `problem` says why it was cut short. */
interface Run {
  results: readonly GradingResult[];
  metrics: ParallelProcessingMetrics;
  problem?: RequestProblem;
}

/** An answer, and what became of it. */
interface Reviewed extends AnswerUnderReview {
  result: GradingResult;
  isSaved: boolean;
}

/**
 * Grades what has no grade yet under the request's idempotency key, saves the grades, and gives the reply.
 *
 * @throws {RequestProblem} 503 if nothing could be graded or time is over, 422 for a key of other answers, 499 if the
 * client has left.
 */
export async function review(job: ReviewJob, listener?: ReviewListener): Promise<Review> {
  const { settings, time, arrivedAt, context, idempotencyKey } = job;
  if (idempotencyKey === undefined) return reviewWith(NO_MEMORY, job, listener);
  const owner = JSON.stringify(context.learnerId ?? null);
  const key = await recordKey(context.learnerId, context.sessionId, context.cardId, idempotencyKey);
  // A second request of a client that lost the first reply waits for the first to end, and finds its grades.
  return settings.queue.run(
    key,
    (turn) => time.wait('the request before it with its key', turn),
    async () => reviewWith(await recall(settings, { owner, key, arrivedAt }, context.answers), job, listener),
  );
}

/** A request that comes while the server closes, as a problem. */
export function closedProblem(): RequestProblem {
  return new RequestProblem(503, 'the server is shutting down', { retryAfterMs: DEFAULT_RETRY_AFTER_MS });
}

async function reviewWith(memory: ReviewMemory, job: ReviewJob, listener: ReviewListener | undefined): Promise<Review> {
  const { answers } = job.context;
  const tell = progressTeller(answers.length, listener);
  for (const { questionIndex, result } of memory.known.values()) tell(result, questionIndex);
  const fresh = answers.filter(({ questionIndex }) => !memory.known.has(questionIndex));
  const run = await grade(job, fresh, tell, listener);
  const reviewed = answers.map((answer): Reviewed => {
    const known = memory.known.get(answer.questionIndex);
    if (known !== undefined) return { ...answer, ...known };
    // The run gave one result for each fresh answer.
    const result = run.results[fresh.indexOf(answer)] as GradingResult;
    const standIn = memory.standIns.get(answer.questionIndex);
    return { ...answer, ...(standIn !== undefined && isNoBetter(result) ? standIn : { result, isSaved: false }) };
  });
  const ownMetrics = toWireMetrics(metricsInPlainWords(run.metrics));
  const metrics = fresh.length === 0 ? (memory.metrics ?? ownMetrics) : ownMetrics;
  await keep(memory, job, reviewed, metrics);
  if (run.problem !== undefined) throw run.problem;
  refuseOutage(job, reviewed);
  return {
    results: reviewed.map(({ result, questionIndex }) => toWireResult(inPlainWords(result), questionIndex)),
    metrics,
  };
}

/** A grade is never replaced by a failure, nor a stand-in's by another stand-in's. */
function isNoBetter(result: GradingResult): boolean {
  return result.status === 'failed' || result.reviewReasons.includes('offline_stand_in');
}

async function grade(
  { settings, time, context, card, mode, maxConcurrentTasks }: ReviewJob,
  answers: readonly AnswerUnderReview[],
  tell: (result: GradingResult, questionIndex: number) => void,
  listener: ReviewListener | undefined,
): Promise<Run> {
  const indices = answers.map(({ questionIndex }) => questionIndex);
  const onEvent = (event: GradingEvent): unknown => {
    const call = listener && toWireCall(event, indices);
    if (call !== undefined) listener?.onCall(call);
    // Returned, so that a listener that rejects is noticed.
    return settings.onEvent?.(event, context);
  };
  try {
    return await settings.grader.gradeAnswersWithFallback(
      answers.map(({ question, answer }) => ({ question, answer, learnerId: context.learnerId })),
      {
        mode,
        maxConcurrentTasks,
        context: card.context,
        instructions: card.instructions,
        deadlineMs: time.gradingMs,
        signal: time.signal,
        onProgress: ({ result }) => tell(result, indices[result.index] ?? result.index),
        onEvent,
      },
    );
  } catch (error) {
    const problem = time.signal.aborted ? time.stopProblem() : closedProblem();
    if (isGradingAborted(error)) return { ...error.report, problem };
    throw isGradingOptionsError(error) && error.field === 'grader' ? problem : error;
  }
}

/** Remembers and saves what is graded, also for a client that has left: its grades were paid for. */
async function keep(
  memory: ReviewMemory,
  { settings, time, context }: ReviewJob,
  reviewed: readonly Reviewed[],
  metrics: WireMetrics,
): Promise<void> {
  const unsaved = reviewed.filter(({ isSaved }) => !isSaved);
  const grades = unsaved.flatMap(({ questionIndex, result }): readonly RememberedGrade[] =>
    result.status === 'graded' ? [{ questionIndex, result, isSaved: settings.save === undefined }] : [],
  );
  if (grades.length === 0) return;
  await memory.remember(grades, metrics);
  if (settings.save === undefined) return;
  const results = unsaved.map(({ result }, index) => ({ ...result, index }));
  const answers = unsaved.map(({ questionIndex, question, answer }) => ({ questionIndex, question, answer }));
  await time.finish('save', settings.save({ results, metrics: fromWireMetrics(metrics) }, { ...context, answers }));
  await memory.remember(
    grades.map((each) => ({ ...each, isSaved: true })),
    metrics,
  );
}

/** Nothing graded is an outage, unless it was the answers' own fault. */
function refuseOutage({ settings }: ReviewJob, reviewed: readonly Reviewed[]): void {
  const failures = reviewed.flatMap(({ result }) => (result.status === 'failed' ? [result.error] : []));
  const cause = failures.find(({ scope }) => scope !== 'item');
  if (failures.length < reviewed.length || cause === undefined) return;
  const waits = failures.flatMap(({ retryAt }) =>
    retryAt === undefined ? [] : [Date.parse(retryAt) - settings.clock.date()],
  );
  // What does not pass by itself, such as a wrong key, has no time to come back.
  if (waits.length === 0 && failures.some(({ retryable }) => retryable)) waits.push(DEFAULT_RETRY_AFTER_MS);
  throw new RequestProblem(503, `nothing could be graded: ${failureSentence(cause.code)}`, {
    code: cause.code,
    ...(waits.length > 0 && { retryAfterMs: Math.max(1_000, Math.min(...waits)) }),
  });
}

function progressTeller(
  total: number,
  listener: ReviewListener | undefined,
): (result: GradingResult, questionIndex: number) => void {
  const counts = { graded: 0, failed: 0 };
  return (result, questionIndex) => {
    counts[result.status] += 1;
    const completed = counts.graded + counts.failed;
    listener?.onProgress({ completed, total, ...counts, result: toWireResult(inPlainWords(result), questionIndex) });
  };
}
