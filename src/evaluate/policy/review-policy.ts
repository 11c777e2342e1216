import { GradingOptionsError } from '../../contract/errors.js';
import type { ReviewPolicy, ReviewSignal } from '../../contract/review-policy.js';
import { isByRule, ownReasons, trustIn } from '../../grading/marks/outside-policy.js';
import { gradesBesideMarks, type MarkedGrades } from '../marked-grades.js';
import { binomialUpperBound } from '../statistics/distributions.js';
import { disagrees, isShare } from './disagreement.js';
import { fixedSequence, type Candidate, type JudgedGrade } from './fixed-sequence.js';
import { moreNeeded } from './more-needed.js';

/** What a review policy has to keep. */
export interface ReviewPolicyOptions {
  /** At most this share of the unreviewed grades may disagree with people: above 0 and below 1. @default 0.05 */
  maxDisagreement?: number | undefined;
  /** With this certainty, above 0 and below 1. @default 0.95 */
  certainty?: number | undefined;
  /**
   * A grade agrees with a person's scaled score from which it is no further than this, 0..1.
   * @default grades agree where both pass or both fail
   */
  within?: number | undefined;
}

/** Both ways to order grades from the surest on; each has its share of the risk of being wrong. */
const SIGNALS: readonly ReviewSignal[] = ['confidence', 'margin'];

/**
 * Finds which grades may go without a review so that, with the stated certainty, at most the stated share of them
 * disagrees with people. Grades are ordered by trust, once by confidence and once by the distance from the passing score;
 * along each order, ever more of them are tested with exact binomial bounds until a test fails (fixed-sequence testing:
 * Jung et al. 2024, "Trust or Escalate", arXiv 2407.18370; Angelopoulos et al. 2021, "Learn then Test"). Grades with a
 * reason for review of their own are always reviewed, and marks by rule are no part of it.
 *
 * The bound is exact where every answer has a question of its own. Answers of one question stand and fall together: they
 * count as fewer, by the design effect (Kish 1965) of an intraclass correlation that is estimated from them and is taken
 * to be at least 0.02.
 *
 * It holds for answers, questions and a grader like those it was learned from. Give it all answers of a pilot, not only
 * those that looked doubtful, and keep an eye on it with {@link watchPolicy}.
 *
 * @param marked Grades beside people's marks, people's overrides of grades, or what `evaluateGrader` returned.
 * @param options What the policy has to keep.
 * @returns Plain data for the option `review`. Where nothing is sure enough, it sends every grade to review and says about
 *   how many marked answers more it takes.
 * @throws {GradingOptionsError} for options outside their ranges, and for entries that are no marked grades.
 *
 * @example
 * ```ts
 * import { evaluateGrader, reviewPolicy, type MarkedAnswer } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const pilot: MarkedAnswer[] = [{ question, answer: 'it is less dense than water', humanScores: [1] }];
 * const policy = reviewPolicy(await evaluateGrader(offlineProvider(), pilot), { maxDisagreement: 0.1 });
 * console.log(policy.acceptFrom, policy.message.slice(0, 26)); // undefined Not enough marked answers:
 * ```
 */
export function reviewPolicy(marked: MarkedGrades, options: ReviewPolicyOptions = {}): ReviewPolicy {
  const { maxDisagreement, certainty, within } = resolvePolicyOptions(options);
  const judged = gradesBesideMarks(marked)
    .filter(({ grade }) => !isByRule(grade))
    .map((each) => ({ ...each, isDisagreement: disagrees(each, within) }));
  const candidates = SIGNALS.map((signal) => {
    const inQuestion: readonly JudgedGrade[] = judged
      .filter(({ grade }) => ownReasons(grade).length === 0)
      .map((each) => ({ ...each, trust: trustIn(each.grade, signal) }));
    const risk = (1 - certainty) / SIGNALS.length;
    return { signal, ...fixedSequence(inQuestion, { maxDisagreement, risk }), inQuestion, risk };
  });
  const best = candidates.reduce((left, right) => (countOf(right.passed) > countOf(left.passed) ? right : left));
  const about = {
    format: 'gradelanes-review-policy',
    version: 1,
    signal: best.signal,
    ...{ maxDisagreement, certainty, ...(within !== undefined && { within }) },
    gradeCount: judged.length,
    questionCount: new Set(judged.map(({ question }) => question)).size,
  } as const;
  const { passed, risk } = best;
  if (passed !== undefined) return { ...about, ...accepted(passed, 1 - risk, judged.length, maxDisagreement) };
  const more = moreNeeded(
    candidates.flatMap(({ tested }) => tested),
    { maxDisagreement, risk, gradeCount: judged.length },
  );
  return { ...about, ...nothingAccepted(best.tested.at(-1), more, about) };
}

/** Options with every default in place. */
function resolvePolicyOptions({ maxDisagreement = 0.05, certainty = 0.95, within }: ReviewPolicyOptions): {
  maxDisagreement: number;
  certainty: number;
  within: number | undefined;
} {
  const rule = 'must be a number above 0 and below 1';
  check('maxDisagreement', maxDisagreement, rule, maxDisagreement > 0 && maxDisagreement < 1);
  check('certainty', certainty, rule, certainty > 0 && certainty < 1);
  check('within', within, 'must be a number from 0 to 1', within === undefined || isShare(within));
  return { maxDisagreement, certainty, within };
}

function check(field: string, value: number | undefined, rule: string, holds: boolean): void {
  if (!holds) throw new GradingOptionsError(field, rule, String(value));
}

function countOf(passed: Candidate | undefined): number {
  return passed?.count ?? 0;
}

type Findings = Omit<
  ReviewPolicy,
  'format' | 'version' | 'signal' | 'maxDisagreement' | 'certainty' | 'within' | 'gradeCount' | 'questionCount'
>;

function accepted(
  { trust, count, disagreements, correlation, effectiveCount, effectiveDisagreements }: Candidate,
  certainty: number,
  gradeCount: number,
  maxDisagreement: number,
): Findings {
  const bound = binomialUpperBound(effectiveDisagreements, effectiveCount, certainty);
  return {
    acceptFrom: trust,
    unreviewedCount: count,
    disagreementCount: disagreements,
    correlation,
    disagreementBound: bound,
    message:
      `${percent(count / gradeCount)} of the grades may go unreviewed: ${disagreements} of these ${count} disagree with ` +
      `people, most likely at most ${percent(bound)} of others like them (allowed: ${percent(maxDisagreement)}).`,
  };
}

function nothingAccepted(
  widest: Candidate | undefined,
  more: number | undefined,
  { gradeCount, maxDisagreement }: Pick<ReviewPolicy, 'gradeCount' | 'maxDisagreement'>,
): Findings {
  const about = { unreviewedCount: 0, disagreementCount: 0, correlation: widest?.correlation ?? 0 };
  const limit = percent(maxDisagreement);
  if (more !== undefined) {
    const message = `Not enough marked answers: ${gradeCount} cannot show that at most ${limit} disagree; about ${more} more could.`;
    return { ...about, moreNeeded: more, message };
  }
  const message = `Nothing may go unreviewed: even among the surest grades more than ${limit} seem to disagree with people. Allow more, or improve the grader.`;
  return { ...about, message };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
