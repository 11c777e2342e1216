import type { ReviewPolicy, ReviewSignal } from '../../contract/review-policy.js';
import type { GradedAnswer, GradingResult } from '../../contract/result.js';

/** The reason for a review that a policy gives; all others come from the grade itself. */
const OUTSIDE_POLICY = 'outside_policy';

/** The part of a grade that a review policy looks at. */
export type TrustedParts = Pick<
  GradedAnswer,
  'confidence' | 'gradedBy' | 'isCorrect' | 'opinions' | 'reviewReasons' | 'scaledScore'
>;

/**
 * Trust in a grade, 0..1, by one signal. A grade that other opinions differ from is trusted less by the distance between
 * them.
 */
export function trustIn(grade: TrustedParts, signal: ReviewSignal): number {
  const scores = grade.opinions?.map(({ scaledScore }) => scaledScore) ?? [];
  const spread = scores.length === 0 ? 0 : Math.max(...scores) - Math.min(...scores);
  return trustBySignal[signal](grade) * (1 - spread);
}

const trustBySignal: Readonly<Record<ReviewSignal, (grade: TrustedParts) => number>> = {
  confidence: ({ confidence = 0 }) => confidence,
  margin: ({ isCorrect, scaledScore }) => (isCorrect ? scaledScore : 1 - scaledScore),
};

/** Marks by rule and by word-for-word match are right by construction: no policy is about them. */
export function isByRule({ gradedBy }: Pick<GradedAnswer, 'gradedBy'>): boolean {
  return gradedBy === 'rule' || gradedBy === 'exact';
}

/** Why a person should look at a grade whatever a policy says. */
export function ownReasons({ reviewReasons }: Pick<GradedAnswer, 'reviewReasons'>): readonly string[] {
  return reviewReasons.filter((reason) => reason !== OUTSIDE_POLICY);
}

/** The policy does not trust this grade enough to let it go without a review. */
export function isOutsidePolicy(policy: Pick<ReviewPolicy, 'acceptFrom' | 'signal'>, grade: TrustedParts): boolean {
  const { acceptFrom = Infinity, signal } = policy;
  return !isByRule(grade) && trustIn(grade, signal) < acceptFrom;
}

/**
 * A result as the policy of its run has it: a grade outside of it needs a review. The word of an earlier policy, in a
 * grade of an earlier run, no longer counts. Without a policy every result stays as it is.
 */
export function underPolicy(result: GradingResult, policy: ReviewPolicy | undefined): GradingResult {
  if (policy === undefined || result.status === 'failed') return result;
  const own = ownReasons(result);
  const reviewReasons = isOutsidePolicy(policy, result) ? [...own, OUTSIDE_POLICY] : own;
  return { ...result, reviewReasons, needsReview: reviewReasons.length > 0 };
}
