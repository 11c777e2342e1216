import { GradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade } from '../contract/question.js';

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
