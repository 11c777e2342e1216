import { DEFAULT_PASSING_SCALED_SCORE, type Question } from '../../contract/question.js';
import type { Score } from './score.js';

/** From which doubt on a grade is worth another opinion. */
export interface DoubtLimits {
  /** 0..1 */
  belowConfidence: number;
  /** Distance of the scaled score from the passing score, 0..1. */
  nearPassingScore: number;
}

/** Sums of fractions miss their value by less. */
const ROUNDING = 1e-6;

/** Whether another opinion could well turn a grade: the grader is not sure, or a little more or less decides. */
export function isDoubtful(
  { passingScaledScore = DEFAULT_PASSING_SCALED_SCORE }: Question,
  { scaledScore }: Pick<Score, 'scaledScore'>,
  confidence: number | undefined,
  { belowConfidence, nearPassingScore }: DoubtLimits,
): boolean {
  if (confidence !== undefined && confidence < belowConfidence) return true;
  return Math.abs(scaledScore - passingScaledScore) <= nearPassingScore + ROUNDING;
}
