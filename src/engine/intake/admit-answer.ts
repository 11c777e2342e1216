import type { AnswerToGrade } from '../../contract/question.js';
import type { GradedAnswer } from '../../contract/result.js';
import { answerText } from '../../grading/text/answer-text.js';
import type { Followers } from '../reuse/followers.js';
import type { Resume } from '../reuse/resume.js';
import type { GradingRun } from '../run/grading-run.js';
import { PendingAnswer } from '../run/pending-answer.js';
import { settleLocally, settleShared } from '../run/settle.js';
import { decideLocally } from './decide-locally.js';

/** Intake of a run: the parts that an answer meets on its way in. Lives as long as the run. */
export interface Intake {
  readonly run: GradingRun;
  /** Looks for what an earlier run has graded. Absent where nobody asks. */
  readonly resume: Resume | undefined;
  /** Takes the answers that are identical to one in flight. */
  readonly followers: Followers;
}

/** Decision of a rule: the grade, a finding that decides nothing, or `undefined` where no rule looked. */
type LocalDecision = ReturnType<typeof decideLocally>;

/** An answer that is about to be taken into a run. */
export interface PreparedAnswer {
  readonly pending: PendingAnswer;
  /** Decides it by rule. Absent where an earlier run may have graded it. */
  readonly decision?: LocalDecision;
}

/**
 * Lets rules and guards look at an answer, unless an earlier run may have graded it. Has no effect outside the answer:
 * no event is told, so an answer may be prepared ahead of its turn.
 */
export function prepareAnswer({ run, resume }: Intake, index: number, source: AnswerToGrade): PreparedAnswer {
  const pending = new PendingAnswer(index, source);
  return resume === undefined ? { pending, decision: decide(run, pending) } : { pending };
}

/**
 * Takes an answer into a run. Returns it if a provider has to be asked; what an earlier run or a rule has decided is
 * settled, and an answer that is identical to one in flight waits for that one's result. At once, except where a store is
 * asked: then a promise of the same.
 */
export function admitAnswer(
  intake: Intake,
  { pending, decision }: PreparedAnswer,
): PendingAnswer | undefined | Promise<PendingAnswer | undefined> {
  const { run, resume } = intake;
  run.emit?.({ type: 'answer-started', index: pending.index });
  if (resume === undefined) return settleOrAsk(intake, pending, decision);
  // An earlier grade goes before the rules, so that a resumed run tells the same as the run before it.
  const earlier = resume(pending);
  return earlier === undefined
    ? settleOrAsk(intake, pending, decide(run, pending))
    : earlier.then((found) => admitFound(intake, pending, found));
}

/** Goes on once a store has answered. After an abort nothing is settled here: the run settles what it left behind. */
function admitFound(
  intake: Intake,
  pending: PendingAnswer,
  earlier: GradedAnswer | undefined,
): PendingAnswer | undefined {
  const { run } = intake;
  if (run.abort.reason !== undefined) return pending;
  if (earlier === undefined) return settleOrAsk(intake, pending, decide(run, pending));
  settleShared(run, pending, earlier);
  return undefined;
}

/**
 * Decides an answer by rule, and lets the guards look at an undecided one: only texts that a model may read need them.
 */
function decide(run: GradingRun, pending: PendingAnswer): LocalDecision {
  const decision = decideLocally(pending.source, run.options);
  const { question, answer } = pending.source;
  if (decision?.decided !== true) pending.guard(run.guards?.guardAnswer(question, answerText(question, answer)));
  return decision;
}

/** Settles a decided answer; makes one follow its twin in flight; returns any other, to be asked about. */
function settleOrAsk(
  { run, followers }: Intake,
  pending: PendingAnswer,
  decision: LocalDecision,
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
