import { admitAnswer, type Intake, prepareAnswer } from '../intake/admit-answer.js';
import type { AnswerQueue } from '../chain/answer-queue.js';
import { AnswerSource } from './answer-source.js';
import { checkAnswer } from '../../input/check-answers.js';
import { notify } from '../telemetry/notify.js';
import { Followers } from '../reuse/followers.js';
import { ANSWERS_PER_TURN } from '../intake/list-answers.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { AnswerToGrade, Question } from '../../contract/question.js';
import { waitWithGrace } from '../../async/waiting.js';
import type { StreamWindow } from './stream-window.js';
import { yieldToEventLoop } from '../../async/yield.js';

/** Intake of a stream: the source that it reads, the window that bounds it, and the queue that its answers go to. */
export interface StreamIntake extends Pick<Intake, 'run' | 'resume'> {
  readonly answers: Iterable<AnswerToGrade> | AsyncIterable<AnswerToGrade>;
  readonly window: StreamWindow;
  readonly queue: AnswerQueue;
}

/**
 * Reads a stream's answers as there is room for them, until there are no more, the run is aborted, the source throws, or
 * an answer is misuse. Returns what was thrown. No answer is read after that, and those before it are graded.
 */
export async function takeAnswers(intake: StreamIntake): Promise<{ error: unknown } | undefined> {
  const { run, queue } = intake;
  const followers = new Followers(run, (pending) => queue.push(pending));
  let source: AnswerSource<AnswerToGrade> | undefined;
  try {
    // Opening the source runs code of the caller's, which may throw as well.
    source = new AnswerSource(intake.answers, run.abort);
    await takeFrom(source, intake, followers);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    if (source !== undefined) await closeSource(source, run);
    // Followers may still have to be asked about themselves, so the queue stays open until they are settled.
    await followers.settled();
    queue.close();
  }
}

/** Reads, checks and admits answers one by one, each only when there is room for it. */
async function takeFrom(
  source: AnswerSource<AnswerToGrade>,
  { run, resume, window, queue }: StreamIntake,
  followers: Followers,
): Promise<void> {
  const intake: Intake = { run, resume, followers };
  // A question is checked once, however many answers share its object.
  const questions = new WeakMap<object, Question>();
  // Tail of a chain of promises: each answer that a store is asked about waits for those before it.
  let admissions: Promise<void> | undefined;
  try {
    for (let index = 0; ; index++) {
      // Back-pressure: an answer is read only when the window has room and no listener lags.
      await window.room();
      await run.listeners.keepUp();
      if (run.abort.reason !== undefined) return;
      const step = await source.next();
      if (step.done === true) return;
      const answer = checkAnswer(step.value, `answers[${index}]`, questions);
      // Counted before it is admitted: a rule may settle it at once, and the window must not count below 0.
      window.taken();
      const admitted = admitAnswer(intake, prepareAnswer(intake, index, answer));
      if (admitted instanceof Promise) admissions = pushAfter(admissions, admitted, queue);
      else if (admitted !== undefined) queue.push(admitted);
      if ((index + 1) % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
    }
  } finally {
    // Answers that a store is still asked about must be queued before the queue is closed.
    await admissions;
  }
}

/**
 * Queues an answer after those before it. Lookups go on at the same time, and their answers are still sent in the order
 * in which they came.
 */
async function pushAfter(
  earlier: Promise<void> | undefined,
  admitted: Promise<PendingAnswer | undefined>,
  queue: AnswerQueue,
): Promise<void> {
  const [pending] = await Promise.all([admitted, earlier]);
  if (pending !== undefined) queue.push(pending);
}

/** Closes the source within the grace. One that cannot let go, because it still waits for something, is left behind. */
async function closeSource(source: AnswerSource<AnswerToGrade>, { options }: GradingRun): Promise<void> {
  const { abortGraceMs, clock, logger } = options;
  const closing = notify(() => source.close(), undefined, logger);
  if (closing === undefined) return;
  const closed = waitWithGrace(closing, abortGraceMs, clock);
  closed.startGrace();
  await closed.outcome;
}
