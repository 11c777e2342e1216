import type { ReviewPolicy } from '../../contract/review-policy.js';
import { isByRule, isOutsidePolicy, ownReasons } from '../../grading/marks/outside-policy.js';
import { gradesBesideMarks, type MarkedGrades } from '../marked-grades.js';
import { clustersOf } from '../statistics/clusters.js';
import { wilsonInterval, type Interval } from '../statistics/distributions.js';
import { disagrees } from './disagreement.js';

/** What people's later marks say about a review policy. Plain data. */
export interface PolicyWatch {
  /** `'broken'`: the policy no longer holds, with its own certainty. `'holds'` is no proof: nothing speaks against it. */
  status: 'holds' | 'broken' | 'unchecked';
  /** Marks of grades that the policy lets go unreviewed; others say nothing about it. */
  checkedCount: number;
  disagreementCount: number;
  /** The share of disagreement among them, and how sure it is; absent without any. */
  disagreement?: { value: number; interval: Interval } | undefined;
  /** How strongly they speak against the policy: it is given up from 1 / (1 - certainty) on, 20 for 0.95. */
  evidence: number;
  /** The same in a sentence for people. */
  message: string;
}

/** Rates above the allowed one that are weighed against it, as shares of the way to 1: from a little more to many times. */
const RIVALS = [0.02, 0.05, 0.1, 0.2, 0.4] as const;

/**
 * Says whether later marks of people still agree with a review policy, after each of them if need be. Have people mark a
 * random sample of the grades that go unreviewed, agreed ones included, as overrides with the same points: overrides of
 * grades that were reviewed anyway do not count.
 *
 * However often it is asked, a policy that holds is called broken with a chance of at most 1 - `certainty`: the evidence
 * is a mixture of likelihood ratios against the allowed rate, a test martingale (Ville 1939; Ramdas et al. 2023). Answers
 * of one question count as fewer, as they did when the policy was made.
 *
 * @param policy From {@link reviewPolicy}.
 * @param marked People's overrides since, or grades beside people's marks.
 * @returns Plain data.
 * @throws {GradingOptionsError} for entries that are no marked grades.
 *
 * @example
 * ```ts
 * import type { ReviewPolicy } from 'gradelanes';
 * import { watchPolicy, type OverriddenGrade } from 'gradelanes/evaluate';
 *
 * const isStillGood = (policy: ReviewPolicy, overrides: readonly OverriddenGrade[]) =>
 *   watchPolicy(policy, overrides).status !== 'broken';
 * ```
 */
export function watchPolicy(policy: ReviewPolicy, marked: MarkedGrades): PolicyWatch {
  const checked = gradesBesideMarks(marked).filter(
    ({ grade }) => !isByRule(grade) && ownReasons(grade).length === 0 && !isOutsidePolicy(policy, grade),
  );
  const isDisagreement = checked.map((each) => disagrees(each, policy.within));
  const disagreementCount = isDisagreement.filter(Boolean).length;
  const clusters = clustersOf(
    checked.map(({ question }) => question),
    (index) => isDisagreement[index] ?? false,
  );
  const evidence = evidenceAgainst(policy, clusters);
  const interval = wilsonInterval(disagreementCount, checked.length, policy.certainty);
  return {
    status: checked.length === 0 ? 'unchecked' : evidence >= 1 / (1 - policy.certainty) ? 'broken' : 'holds',
    checkedCount: checked.length,
    disagreementCount,
    ...(interval !== undefined && { disagreement: { value: disagreementCount / checked.length, interval } }),
    evidence,
    message: inWords(policy, checked.length, disagreementCount, evidence),
  };
}

/** The mean over the rivals of how much better each explains the marks than the allowed rate does. */
function evidenceAgainst(
  { maxDisagreement, correlation }: ReviewPolicy,
  clusters: readonly { count: number; hits: number }[],
): number {
  const ratios = RIVALS.map((way) => {
    const rival = maxDisagreement + way * (1 - maxDisagreement);
    const [hit, miss] = [Math.log(rival / maxDisagreement), Math.log((1 - rival) / (1 - maxDisagreement))];
    const exponent = clusters.reduce((sum, { count, hits }) => {
      const weight = 1 / (1 + (count - 1) * correlation);
      return sum + weight * (hits * hit + (count - hits) * miss);
    }, 0);
    return Math.exp(exponent);
  });
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}

function inWords(policy: ReviewPolicy, checked: number, disagreed: number, evidence: number): string {
  if (checked === 0) return 'No grade that goes unreviewed has been marked by a person since.';
  const found = `${disagreed} of ${checked} unreviewed grades disagree with people`;
  const allowed = `${Number((policy.maxDisagreement * 100).toFixed(1))} % are allowed`;
  if (evidence < 1 / (1 - policy.certainty)) return `Nothing speaks against the policy: ${found}, ${allowed}.`;
  return `The policy no longer holds: ${found}, ${allowed}. Review all grades and learn a new one from these marks.`;
}
