import { checkScores, type ScorePair } from './metric.js';

/**
 * How far the grader's marks are from a person's, in points; large errors weigh more than in the mean absolute error.
 *
 * @returns 0 or more; `undefined` without pairs.
 * @throws {GradingOptionsError} for a mark that is not a finite number.
 *
 * @example
 * ```ts
 * import { rootMeanSquaredError } from 'gradelanes/evaluate';
 *
 * console.log(rootMeanSquaredError([{ expected: 5, actual: 3 }])); // 2
 * ```
 */
export function rootMeanSquaredError(pairs: readonly ScorePair[]): number | undefined {
  checkScores(pairs);
  if (pairs.length === 0) return undefined;
  let sum = 0;
  for (const { expected, actual } of pairs) sum += (expected - actual) ** 2;
  return Math.sqrt(sum / pairs.length);
}
