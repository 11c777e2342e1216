import { answerText } from '../../grading/text/answer-text.js';
import type { Followers } from '../reuse/followers.js';
import type { GradingRun } from '../run/grading-run.js';
import { decideLocally } from './decide-locally.js';
import { pendingAnswer, type PendingAnswer } from '../run/pending-answer.js';
import type { AnswerToGrade } from '../../contract/question.js';
import { settleLocally } from '../run/settle.js';

type LocalDecision = ReturnType<typeof decideLocally>;

/** An answer that is about to be taken into a run. */
export interface PreparedAnswer {
  readonly pending: PendingAnswer;
  /** Decides it by rule, or lets the guards look at it. Absent where an earlier run may have graded it. */
  readonly decision?: LocalDecision;
}

/** Lets rules and guards look at an answer, unless an earlier run may have graded it. Nobody hears of it yet. */
export function prepareAnswer(run: GradingRun, index: number, source: AnswerToGrade): PreparedAnswer {
  const pending = pendingAnswer(index, source);
  return run.recall === undefined ? { pending, decision: decide(run, pending) } : { pending };
}

/**
 * Takes an answer into a run. Returns it if a provider has to be asked, for which few have to be waited for; what an
 * earlier run or a rule has decided is settled at once, and an answer that is identical to one in flight waits for that
 * one's result.
 */
export function admitAnswer(
  run: GradingRun,
  { pending, decision }: PreparedAnswer,
  followers: Followers,
): PendingAnswer | undefined | Promise<PendingAnswer | undefined> {
  run.emit?.({ type: 'answer-started', index: pending.index });
  const isSettled = run.recall?.(pending);
  if (isSettled instanceof Promise) return recalled(isSettled, run, pending, followers);
  return settleOrAsk(run, pending, isSettled === undefined ? decision : decide(run, pending), followers);
}

/** After an abort nothing is settled here: the run settles what it left behind. */
async function recalled(
  isSettled: Promise<boolean>,
  run: GradingRun,
  pending: PendingAnswer,
  followers: Followers,
): Promise<PendingAnswer | undefined> {
  if (await isSettled) return undefined;
  return run.abort.reason === undefined ? settleOrAsk(run, pending, decide(run, pending), followers) : pending;
}

/** Only what a model may read needs the guards. */
function decide(run: GradingRun, pending: PendingAnswer): LocalDecision {
  const decision = decideLocally(pending.source, run.options);
  const { question, answer } = pending.source;
  if (decision?.decided !== true) pending.guarded = run.guards?.guardAnswer(question, answerText(question, answer));
  return decision;
}

function settleOrAsk(
  run: GradingRun,
  pending: PendingAnswer,
  decision: LocalDecision,
  followers: Followers,
): PendingAnswer | undefined {
  if (decision?.decided === true) {
    settleLocally(run, pending, decision);
    return undefined;
  }
  const shared = run.joinInFlight(pending.index, pending.source);
  if (shared === undefined) return pending;
  followers.add(pending, shared);
  return undefined;
}
