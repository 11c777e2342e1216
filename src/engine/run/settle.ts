import type { GradingFailure } from '../../contract/failure.js';
import type { CallReport, CriteriaVerdict, ScoreVerdict } from '../../contract/provider.js';
import type { GradingResult } from '../../contract/result.js';
import type { LocalGrade } from '../../grading/rules/grade-locally.js';
import { assignDefined } from '../../json/defined.js';
import { effort, failedAnswer, type Further, gradedAnswer, identity, localAnswer } from './build-result.js';
import type { GradingRun } from './grading-run.js';
import type { Link } from './link.js';
import type { PendingAnswer } from './pending-answer.js';

/** Settles an answer with a provider's checked verdict. */
export function settleGraded(
  link: Pick<Link, 'run' | 'provider' | 'mode'>,
  pending: PendingAnswer,
  verdict: ScoreVerdict | CriteriaVerdict,
  report: CallReport,
  further?: Further,
): void {
  const result = gradedAnswer(link, pending, verdict, report, further);
  result.mode = link.mode;
  link.run.settle(result);
  // A doubtful grade is not kept: a later run must look again instead of repeating the doubt.
  if (!result.needsReview) link.run.keepGrade?.(pending, { provider: link.provider, model: report.model, verdict });
}

/** Settles an answer that a rule or a word-for-word match decided. */
export function settleLocally(run: GradingRun, pending: PendingAnswer, grade: LocalGrade): void {
  run.settle(localAnswer(run, pending, grade));
}

/** Settles an answer that nothing could grade; earlier failures become its causes. */
export function settleFailed(run: GradingRun, pending: PendingAnswer, failure: GradingFailure): void {
  run.settle(failedAnswer(run, pending, failure));
}

/** Settles an answer with the result of an identical one, of this run or another, whose calls are not counted again. */
export function settleShared(run: GradingRun, pending: PendingAnswer, shared: GradingResult): void {
  // A copy: results of different answers must not change together.
  const { questionId: _, answerId: __, usage: ___, ...rest } = structuredClone(shared);
  // A grade out of the cache or an earlier run was not taken over from an answer in flight.
  if (shared.status === 'failed' || !shared.fromCache) run.metrics.answerCoalesced();
  run.settle(
    assignDefined<GradingResult>({ ...rest, index: pending.index, ...effort(run, pending) }, identity(pending)),
  );
}
