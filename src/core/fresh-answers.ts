import { admitAnswer } from './admit-answer.js';
import type { Followers } from './followers.js';
import type { GradingRun } from './grading-run.js';
import { orderAnswers } from './order-answers.js';
import type { PendingAnswer } from './pending-answer.js';
import type { AnswerToGrade } from './question.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** After so many answers the event loop has a turn; by count, so that a run on a manual clock repeats itself. */
export const ANSWERS_PER_TURN = 64;

/** The answers of a run that need a provider, in the order in which they are sent. */
export async function* freshAnswers(
  run: GradingRun,
  answers: readonly AnswerToGrade[],
  followers: Followers,
): AsyncGenerator<PendingAnswer> {
  let taken = 0;
  for (const index of orderAnswers(answers, run.options.order)) {
    const source = answers[index];
    if (source === undefined) continue;
    const lagging = run.listenersKeepUp();
    if (lagging !== undefined) await lagging;
    if (run.abort.reason !== undefined) return;
    if (++taken % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
    const admitted = admitAnswer(run, index, source, followers);
    const pending = admitted instanceof Promise ? await admitted : admitted;
    if (pending !== undefined) yield pending;
  }
}
