import type { GradedMark } from './graded-mark.js';

/** A grade that is far from a person's mark. */
export interface Disagreement {
  /** Position in the dataset and in the results, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** The person's scaled score. */
  expected: number;
  /** The grader's. */
  actual: number;
  confidence?: number | undefined;
  needsReview: boolean;
}

/** The grades furthest from a person's mark, the surest first among equals; those that agree are not among them. */
export function worstDisagreements(marks: readonly GradedMark[], count: number): readonly Disagreement[] {
  const distance = ({ expected, actual }: GradedMark): number => Math.abs(actual - expected);
  return marks
    .filter((mark) => distance(mark) > 0)
    .toSorted((left, right) => distance(right) - distance(left) || confidenceOf(right) - confidenceOf(left))
    .slice(0, count)
    .map(({ expected, actual, grade: { index, questionId, answerId, confidence, needsReview } }) => ({
      index,
      ...(questionId !== undefined && { questionId }),
      ...(answerId !== undefined && { answerId }),
      expected,
      actual,
      ...(confidence !== undefined && { confidence }),
      needsReview,
    }));
}

function confidenceOf({ grade }: GradedMark): number {
  return grade.confidence ?? 0;
}
