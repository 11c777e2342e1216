import { criterionPoints, describedLevel } from '../../contract/criterion-scale.js';
import type { CriteriaVerdict, ScoreVerdict } from '../../contract/provider.js';
import { DEFAULT_PASSING_SCALED_SCORE, type Question } from '../../contract/question.js';
import type { AnswerPart, CriterionScore, GradedAnswer, SuggestedRating } from '../../contract/result.js';
import { hasCriteria } from './check-verdict.js';

/** The part of a result that says how many marks there are. */
export type Score = Pick<
  GradedAnswer,
  'scoreGiven' | 'scoreMaximum' | 'scaledScore' | 'isCorrect' | 'suggestedRating' | 'criteria'
>;

/** Turns a checked verdict into marks: totals are summed here, never taken from a model. */
export function scoreOf(question: Question, verdict: ScoreVerdict | CriteriaVerdict): Score {
  if (!hasCriteria(question, verdict)) return scoreFromShare(question, verdict.score);
  const criteria = criterionScores(question, verdict);
  const sum = criteria.reduce((total, { scoreGiven }) => total + scoreGiven, 0);
  return { ...scoreFromShare(question, sum / maximumOf(question)), criteria };
}

/** Marks for a share of the maximum; shares beyond 0..1 are clamped. */
export function scoreFromShare(question: Question, share: number): Score {
  const clamped = Math.min(1, Math.max(0, share));
  const scaledScore = rounded(clamped);
  const scoreMaximum = maximumOf(question);
  const passing = question.passingScaledScore ?? DEFAULT_PASSING_SCALED_SCORE;
  return {
    scoreGiven: Math.min(scoreMaximum, rounded(clamped * scoreMaximum)),
    scoreMaximum,
    scaledScore,
    isCorrect: scaledScore >= passing,
    suggestedRating: ratingOf(scaledScore, passing),
  };
}

/** FSRS: Again below the passing score, Hard in the lower half of the passing range, Good above; never Easy. */
function ratingOf(scaledScore: number, passing: number): SuggestedRating {
  if (scaledScore < passing) return 1;
  return scaledScore < (passing + 1) / 2 ? 2 : 3;
}

function criterionScores(question: Question, verdict: CriteriaVerdict): readonly CriterionScore[] {
  const given = new Map(verdict.criteria.map((criterion) => [criterion.id, criterion]));
  return (question.rubric?.criteria ?? []).map((criterion) => {
    const { id } = criterion;
    const { score = 0, comment } = given.get(id) ?? {};
    const scoreMaximum = criterionPoints(criterion);
    const level = describedLevel(criterion, score);
    return {
      id,
      scoreGiven: rounded(score * scoreMaximum),
      scoreMaximum,
      ...(level !== undefined && { level }),
      ...(comment !== undefined && { comment }),
    };
  });
}

/** What a rule made of the parts of an answer, in points. */
export function partsInPoints(
  question: Question,
  parts: readonly { isCorrect: boolean; share: number; maximum: number }[],
): readonly AnswerPart[] {
  const whole = maximumOf(question);
  return parts.map(({ isCorrect, share, maximum }, index) => {
    return { index, isCorrect, scoreGiven: rounded(share * whole), scoreMaximum: rounded(maximum * whole) };
  });
}

/** To 1e-6, so that sums of fractions read as people expect. */
function rounded(value: number): number {
  // Adding 0 turns -0, which a criterion with negative points can give, into 0.
  return Math.round(value * 1e6) / 1e6 + 0;
}

/** Points for a perfect answer. */
export function maximumOf({ scoreMaximum, rubric }: Question): number {
  if (scoreMaximum !== undefined) return scoreMaximum;
  if (rubric === undefined) return 1;
  return rubric.criteria.reduce((sum, criterion) => sum + Math.max(0, criterionPoints(criterion)), 0);
}
