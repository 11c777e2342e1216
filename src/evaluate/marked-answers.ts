import { GradingOptionsError } from '../contract/errors.js';
import { type AnswerToGrade, DEFAULT_PASSING_SCALED_SCORE } from '../contract/question.js';
import type { GradedAnswer, GradingResult } from '../contract/result.js';
import type { ComparedMarks } from './agreement.js';

/**
 * An answer that people have marked.
 *
 * @example
 * ```ts
 * import type { MarkedAnswer } from 'gradelanes/evaluate';
 *
 * const marked: MarkedAnswer = {
 *   question: { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] },
 *   answer: 'it weighs less than the same amount of water',
 *   humanScores: [1, 0.5],
 * };
 * ```
 */
export interface MarkedAnswer extends AnswerToGrade {
  /**
   * Scaled scores 0..1, one per person. The first is what the grader is compared with; a second, by somebody who did not
   * know the first, shows how well people agree.
   */
  humanScores: readonly [number, ...number[]];
}

/** @throws {GradingOptionsError} naming the first mark that is missing or outside 0..1. */
export function checkMarks(dataset: readonly MarkedAnswer[]): void {
  if (!Array.isArray(dataset)) throw new GradingOptionsError('dataset', 'must be an array', typeof dataset);
  for (const [index, given] of dataset.entries()) {
    const scores: unknown = given?.humanScores;
    const field = `dataset[${index}].humanScores`;
    const rule = 'must be a list of one or more scores from 0 to 1';
    if (!Array.isArray(scores) || scores.length === 0) throw new GradingOptionsError(field, rule, typeof scores);
    const wrong = scores.findIndex((score) => !(typeof score === 'number' && score >= 0 && score <= 1));
    if (wrong >= 0)
      throw new GradingOptionsError(`${field}[${wrong}]`, 'must be a score from 0 to 1', `${scores[wrong]}`);
  }
}

/** A grade beside the marks of people. */
export interface GradedMark extends ComparedMarks {
  grade: GradedAnswer;
  /** The first two people's marks, where there are two. */
  humans: ComparedMarks | undefined;
}

/** The answers that were graded: one that failed has no score to compare. */
export function gradedMarks(
  dataset: readonly MarkedAnswer[],
  results: readonly GradingResult[],
): readonly GradedMark[] {
  return dataset.flatMap(({ question, humanScores: [first, second] }, index): readonly GradedMark[] => {
    const grade = results[index];
    if (grade?.status !== 'graded') return [];
    const passing = question.passingScaledScore ?? DEFAULT_PASSING_SCALED_SCORE;
    const expectedPasses = first >= passing;
    const humans =
      second === undefined
        ? undefined
        : { expected: first, actual: second, expectedPasses, actualPasses: second >= passing };
    return [
      { expected: first, actual: grade.scaledScore, expectedPasses, actualPasses: grade.isCorrect, grade, humans },
    ];
  });
}

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
