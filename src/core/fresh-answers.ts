import { admitAnswer } from './admit-answer.js';
import type { Followers } from './followers.js';
import type { GradingRun } from './grading-run.js';
import { orderAnswers } from './order-answers.js';
import type { PendingAnswer } from './pending-answer.js';
import type { AnswerToGrade } from './question.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** After so many answers the event loop has a turn; by count, so that a run on a manual clock repeats itself. */
export const ANSWERS_PER_TURN = 64;

/** Answers that are looked up at once, in what an earlier run left, ahead of those that are sent. */
const RECALLED_AT_ONCE = 16;

/** The answers of a run that need a provider, in the order in which they are sent. */
export async function* freshAnswers(
  run: GradingRun,
  answers: readonly AnswerToGrade[],
  followers: Followers,
): AsyncGenerator<PendingAnswer> {
  const ahead: Promise<PendingAnswer | undefined>[] = [];
  // Only stores take their time.
  const mostAhead = run.recall === undefined ? 1 : RECALLED_AT_ONCE;
  let taken = 0;
  for (const index of orderAnswers(answers, run.options.order)) {
    const source = answers[index];
    if (source === undefined) continue;
    const lagging = run.listenersKeepUp();
    if (lagging !== undefined) await lagging;
    if (run.abort.reason !== undefined) return;
    if (++taken % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
    const admitted = admitAnswer(run, index, source, followers);
    if (admitted instanceof Promise && ahead.push(admitted) < mostAhead) continue;
    const pending = admitted instanceof Promise ? await ahead.shift() : admitted;
    if (pending !== undefined) yield pending;
  }
  for (const admitted of ahead) {
    const pending = await admitted;
    if (pending !== undefined) yield pending;
  }
}
