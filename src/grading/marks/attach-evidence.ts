import type { CriteriaVerdict, ScoreVerdict } from '../../contract/provider.js';
import type { Question } from '../../contract/question.js';
import type { GradedAnswer } from '../../contract/result.js';
import { hasCriteria } from './check-verdict.js';
import { evidenceFinder, type FoundEvidence } from './find-evidence.js';
import type { Score } from './score.js';

/** The flag of a grade that gave marks for words that the answer does not hold. */
export const EVIDENCE_NOT_FOUND = 'evidence_not_found';

/** Marks with the words behind them, as far as the answer holds these. */
export interface EvidencedScore extends Score, Pick<GradedAnswer, 'evidence' | 'evidenceDropped'> {
  /** Marks were given for words, and none of them are in the answer. */
  readonly isUnfounded: boolean;
}

/**
 * Verifies what a grader quotes: looks for it in the learner's own text and puts the places beside the marks. Quotes that
 * are not there are dropped and counted.
 */
export function attachEvidence(
  question: Question,
  verdict: ScoreVerdict | CriteriaVerdict,
  score: Score,
  answer: string,
): EvidencedScore {
  const find = evidenceFinder(answer);
  if (!hasCriteria(question, verdict)) {
    const found = find(verdict.evidence ?? []);
    return { ...score, ...spansIn(found), ...droppedIn(found.dropped), isUnfounded: isUnfounded(found, verdict.score) };
  }
  const given = new Map(verdict.criteria.map((criterion) => [criterion.id, criterion]));
  let dropped = 0;
  let anyUnfounded = false;
  const criteria = score.criteria?.map((criterion) => {
    const { evidence = [], score: share = 0 } = given.get(criterion.id) ?? {};
    const found = find(evidence);
    dropped += found.dropped;
    anyUnfounded ||= isUnfounded(found, share);
    return { ...criterion, ...spansIn(found) };
  });
  return { ...score, ...(criteria && { criteria }), ...droppedIn(dropped), isUnfounded: anyUnfounded };
}

function isUnfounded({ spans, dropped }: FoundEvidence, share: number): boolean {
  return share > 0 && dropped > 0 && spans.length === 0;
}

function spansIn({ spans }: FoundEvidence): Pick<GradedAnswer, 'evidence'> {
  return spans.length === 0 ? {} : { evidence: spans };
}

function droppedIn(dropped: number): Pick<GradedAnswer, 'evidenceDropped'> {
  return dropped === 0 ? {} : { evidenceDropped: dropped };
}
