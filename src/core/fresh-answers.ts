import { answerText } from '../grading/answer-text.js';
import type { Followers } from './followers.js';
import type { GradingRun } from './grading-run.js';
import { decideLocally } from './local-step.js';
import { orderAnswers } from './order-answers.js';
import { pendingAnswer, type PendingAnswer } from './pending-answer.js';
import type { AnswerToGrade } from './question.js';
import { settleLocally } from './settle-graded.js';
import { yieldToEventLoop } from './yield-to-event-loop.js';

/** After so many answers the event loop has a turn; by count, so that a run on a manual clock repeats itself. */
const ANSWERS_PER_TURN = 64;

/**
 * The answers of a run that need a provider, in the order in which they are sent. What a rule decides is settled on the
 * way; an answer that is identical to one in flight waits for that one's result.
 */
export async function* freshAnswers(
  run: GradingRun,
  answers: readonly AnswerToGrade[],
  followers: Followers,
): AsyncGenerator<PendingAnswer> {
  let taken = 0;
  for (const index of orderAnswers(answers, run.options.order)) {
    const source = answers[index];
    if (source === undefined) continue;
    if (run.abort.reason !== undefined) return;
    if (++taken % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
    run.emit?.({ type: 'answer-started', index });
    const pending = pendingAnswer(index, source);
    const decided = decideLocally(source, run.options);
    const decision = decided instanceof Promise ? await decided : decided;
    if (decision?.decided === true) settleLocally(run, pending, decision);
    else {
      const shared = run.joinInFlight(index, source);
      if (shared === undefined) {
        pending.guarded = run.guards?.guardAnswer(source.question, answerText(source.question, source.answer));
        yield pending;
      } else followers.add(pending, shared);
    }
  }
}
