import { checkScores, type ScorePair } from './metric.js';
import { markColumns, momentsOf, type Moments } from './moments.js';

/**
 * Pearson's correlation: whether the grader's marks rise and fall with a person's, whatever their level and spread.
 * 1 is perfect, 0 none, -1 perfectly contrary.
 *
 * @returns -1..1; `undefined` where either side's marks are all the same, so also below two pairs.
 * @throws {GradingOptionsError} for a mark that is not a finite number.
 *
 * @example
 * ```ts
 * import { pearson } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { expected: 1, actual: 0.1 },
 *   { expected: 2, actual: 0.2 },
 *   { expected: 3, actual: 0.3 },
 * ];
 * console.log(pearson(pairs)?.toFixed(3)); // 1.000
 * ```
 */
export function pearson(pairs: readonly ScorePair[]): number | undefined {
  checkScores(pairs);
  return correlationOf(momentsOf(markColumns(pairs)));
}

/** {@link pearson} of marks with these moments. */
export function correlationOf(moments: Moments | undefined): number | undefined {
  if (moments === undefined) return undefined;
  const { expectedVariance, actualVariance, covariance } = moments;
  const spread = Math.sqrt(expectedVariance) * Math.sqrt(actualVariance);
  return spread === 0 ? undefined : Math.min(1, Math.max(-1, covariance / spread));
}
