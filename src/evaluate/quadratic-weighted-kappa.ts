import { checkScores, type ScorePair } from './metric.js';
import { markColumns, momentsOf } from './moments.js';

/**
 * Agreement on ordered marks beyond chance: 1 is perfect, 0 what chance would give, negative worse. Being off by two
 * counts four times as much as being off by one. The usual measure for marks on a scale.
 *
 * Cohen's weighted kappa (1968) with squared weights, 1 - (mean squared difference) / (its expectation if both markers'
 * marks were shuffled). Written with sums of squares, it takes linear time and any numeric scale, evenly spaced or not.
 *
 * @returns -1..1; `undefined` without pairs, and where all marks of both are one and the same.
 * @throws {GradingOptionsError} for a mark that is not a finite number.
 *
 * @example
 * ```ts
 * import { quadraticWeightedKappa } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { expected: 1, actual: 1 },
 *   { expected: 2, actual: 2 },
 *   { expected: 1, actual: 2 },
 * ];
 * console.log(quadraticWeightedKappa(pairs)?.toFixed(1)); // 0.4
 * ```
 */
export function quadraticWeightedKappa(pairs: readonly ScorePair[]): number | undefined {
  checkScores(pairs);
  const moments = momentsOf(markColumns(pairs));
  if (moments === undefined) return undefined;
  const { expectedMean, actualMean, expectedVariance, actualVariance, covariance } = moments;
  const byChance = expectedVariance + actualVariance + (expectedMean - actualMean) ** 2;
  return byChance === 0 ? undefined : (2 * covariance) / byChance;
}
