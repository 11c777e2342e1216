import { answerText } from '../grading/answer-text.js';
import type { Followers } from './followers.js';
import type { GradingRun } from './grading-run.js';
import { decideLocally } from './local-step.js';
import { pendingAnswer, type PendingAnswer } from './pending-answer.js';
import type { AnswerToGrade } from './question.js';
import { settleLocally } from './settle-graded.js';

type LocalDecision = Awaited<ReturnType<typeof decideLocally>>;

/**
 * Takes an answer into a run. Returns it if a provider has to be asked, for which few have to be waited for; what an
 * earlier run or a rule has decided is settled at once, and an answer that is identical to one in flight waits for that
 * one's result.
 */
export function admitAnswer(
  run: GradingRun,
  index: number,
  source: AnswerToGrade,
  followers: Followers,
): PendingAnswer | undefined | Promise<PendingAnswer | undefined> {
  run.emit?.({ type: 'answer-started', index });
  const pending = pendingAnswer(index, source);
  const isSettled = run.recall?.(pending);
  return isSettled instanceof Promise ? recalled(isSettled, run, pending, followers) : decide(run, pending, followers);
}

/** After an abort nothing is settled here: the run settles what it left behind. */
async function recalled(
  isSettled: Promise<boolean>,
  run: GradingRun,
  pending: PendingAnswer,
  followers: Followers,
): Promise<PendingAnswer | undefined> {
  if (await isSettled) return undefined;
  return run.abort.reason === undefined ? decide(run, pending, followers) : pending;
}

function decide(
  run: GradingRun,
  pending: PendingAnswer,
  followers: Followers,
): PendingAnswer | undefined | Promise<PendingAnswer | undefined> {
  const decided = decideLocally(pending.source, run.options);
  return decided instanceof Promise
    ? decided.then((decision) => afterRules(run, pending, decision, followers))
    : afterRules(run, pending, decided, followers);
}

function afterRules(
  run: GradingRun,
  pending: PendingAnswer,
  decision: LocalDecision,
  followers: Followers,
): PendingAnswer | undefined {
  const { index, source } = pending;
  if (decision?.decided === true) {
    settleLocally(run, pending, decision);
    return undefined;
  }
  const shared = run.joinInFlight(index, source);
  if (shared !== undefined) {
    followers.add(pending, shared);
    return undefined;
  }
  pending.guarded = run.guards?.guardAnswer(source.question, answerText(source.question, source.answer));
  return pending;
}
