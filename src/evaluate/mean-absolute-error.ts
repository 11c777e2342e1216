import { checkScores, type ScorePair } from './metric.js';

/**
 * How far the grader's marks are from a person's on average, in points.
 *
 * @returns 0 or more; `undefined` without pairs.
 * @throws {GradingOptionsError} for a mark that is not a finite number.
 *
 * @example
 * ```ts
 * import { meanAbsoluteError } from 'gradelanes/evaluate';
 *
 * console.log(meanAbsoluteError([{ expected: 5, actual: 3 }])); // 2
 * ```
 */
export function meanAbsoluteError(pairs: readonly ScorePair[]): number | undefined {
  checkScores(pairs);
  if (pairs.length === 0) return undefined;
  let sum = 0;
  for (const { expected, actual } of pairs) sum += Math.abs(expected - actual);
  return sum / pairs.length;
}
