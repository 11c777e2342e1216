import type { GradedAnswer, GradingResult } from '../contract/result.js';
import { DEFAULT_PASSING_SCALED_SCORE } from '../contract/question.js';
import type { ComparedMarks } from './agreement.js';
import type { MarkedAnswer } from './marked-answer.js';

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
