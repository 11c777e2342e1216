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

/** What a stream reads, and where its answers go. */
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
    source = new AnswerSource(intake.answers, run.abort);
    await takeFrom(source, intake, followers);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    if (source !== undefined) await closeSource(source, run);
    await followers.settled();
    queue.close();
  }
}

async function takeFrom(
  source: AnswerSource<AnswerToGrade>,
  { run, resume, window, queue }: StreamIntake,
  followers: Followers,
): Promise<void> {
  const intake: Intake = { run, resume, followers };
  const questions = new WeakMap<object, Question>();
  let admissions: Promise<void> | undefined;
  try {
    for (let index = 0; ; index++) {
      await window.room();
      await run.listeners.keepUp();
      if (run.abort.reason !== undefined) return;
      const step = await source.next();
      if (step.done === true) return;
      const answer = checkAnswer(step.value, `answers[${index}]`, questions);
      window.taken();
      const admitted = admitAnswer(intake, prepareAnswer(intake, index, answer));
      if (admitted instanceof Promise) admissions = pushAfter(admissions, admitted, queue);
      else if (admitted !== undefined) queue.push(admitted);
      if ((index + 1) % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
    }
  } finally {
    await admissions;
  }
}

/** Answers that are looked up at the same time are sent in the order in which they came. */
async function pushAfter(
  earlier: Promise<void> | undefined,
  admitted: Promise<PendingAnswer | undefined>,
  queue: AnswerQueue,
): Promise<void> {
  const [pending] = await Promise.all([admitted, earlier]);
  if (pending !== undefined) queue.push(pending);
}

/** A source that cannot let go, because it still waits for something, is left behind. */
async function closeSource(source: AnswerSource<AnswerToGrade>, { options }: GradingRun): Promise<void> {
  const { abortGraceMs, clock, logger } = options;
  const closing = notify(() => source.close(), undefined, logger);
  if (closing === undefined) return;
  const closed = waitWithGrace(closing, abortGraceMs, clock);
  closed.startGrace();
  await closed.outcome;
}
