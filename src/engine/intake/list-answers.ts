import { admitAnswer, type Intake, prepareAnswer, type PreparedAnswer } from './admit-answer.js';
import { orderAnswers } from './order-answers.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { AnswerToGrade } from '../../contract/question.js';
import { yieldToEventLoop } from '../../async/yield.js';

/** After so many answers the event loop has a turn; by count, so that a run on a manual clock repeats itself. */
export const ANSWERS_PER_TURN = 64;

/** Answers that are looked at in one go: a look takes a fraction of the time it takes between two calls. */
const PREPARED_AT_ONCE = 16;

/** Answers that are looked up at once, in what an earlier run left, ahead of those that are sent. */
const RESUMED_AT_ONCE = 16;

/** The answers of a run that need a provider, in the order in which they are sent. */
export async function* freshAnswers(intake: Intake, answers: readonly AnswerToGrade[]): AsyncGenerator<PendingAnswer> {
  const { run } = intake;
  const ahead: Promise<PendingAnswer | undefined>[] = [];
  // Only stores take their time.
  const mostAhead = intake.resume === undefined ? 1 : RESUMED_AT_ONCE;
  let taken = 0;
  for (const prepared of preparedAnswers(intake, answers)) {
    const lagging = run.listeners.keepUp();
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

/** In the order in which they are sent. The first goes alone, so that its call is not kept waiting. */
function* preparedAnswers(intake: Intake, answers: readonly AnswerToGrade[]): Generator<PreparedAnswer> {
  const positions = orderAnswers(answers, intake.run.options.order);
  for (let start = 0, count = 1; start < positions.length; start += count, count = PREPARED_AT_ONCE) {
    yield* positions.slice(start, start + count).flatMap((index) => {
      const source = answers[index];
      return source === undefined ? [] : [prepareAnswer(intake, index, source)];
    });
  }
}
