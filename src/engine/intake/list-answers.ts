import { admitAnswer, type Intake, prepareAnswer, type PreparedAnswer } from './admit-answer.js';
import { orderAnswers } from './order-answers.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { AnswerToGrade } from '../../contract/question.js';
import { yieldToEventLoop } from '../../async/yield.js';

/**
 * Answers after which the event loop has a turn, so that a long list does not block the process. A count, and no time,
 * so that a run on a manual clock repeats itself.
 */
export const ANSWERS_PER_TURN = 64;

/** Answers that rules and guards look at in one go: a look takes a fraction of the time between two calls. */
const PREPARED_AT_ONCE = 16;

/** Read-ahead: answers that are looked up at once, in what an earlier run left, ahead of those that are sent. */
const RESUMED_AT_ONCE = 16;

/**
 * The answers of a run that need a provider, in the order in which they are sent. A generator, so that the link which
 * draws them decides the pace (back-pressure); the rest of the list is untouched until then.
 */
export async function* freshAnswers(intake: Intake, answers: readonly AnswerToGrade[]): AsyncGenerator<PendingAnswer> {
  const { run } = intake;
  const ahead: Promise<PendingAnswer | undefined>[] = [];
  // Only stores take their time: an answer that no store is asked about is admitted at once.
  const mostAhead = intake.resume === undefined ? 1 : RESUMED_AT_ONCE;
  let taken = 0;
  for (const prepared of preparedAnswers(intake, answers)) {
    const lagging = run.listeners.keepUp();
    // Listeners of results that lag hold the run back.
    if (lagging !== undefined) await lagging;
    if (run.abort.reason !== undefined) return;
    if (++taken % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
    const admitted = admitAnswer(intake, prepared);
    if (admitted instanceof Promise && ahead.push(admitted) < mostAhead) continue;
    const pending = admitted instanceof Promise ? await ahead.shift() : admitted;
    if (pending !== undefined) yield pending;
  }
  for (const admitted of ahead) {
    const pending = await admitted;
    if (pending !== undefined) yield pending;
  }
}

/**
 * Prepares the answers in the order in which they are sent, in small groups. The first goes alone, so that its call is
 * not kept waiting for the looks at others.
 */
function* preparedAnswers(intake: Intake, answers: readonly AnswerToGrade[]): Generator<PreparedAnswer> {
  const positions = orderAnswers(answers, intake.run.options.order);
  for (let start = 0, count = 1; start < positions.length; start += count, count = PREPARED_AT_ONCE) {
    yield* positions.slice(start, start + count).flatMap((index) => {
      const source = answers[index];
      return source === undefined ? [] : [prepareAnswer(intake, index, source)];
    });
  }
}
