import { checkScores, type ScorePair } from './pairs.js';

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

/** Marks of both sides, one position per answer: what is computed often is computed on these. */
export interface MarkColumns {
  readonly expected: Float64Array;
  readonly actual: Float64Array;
}

/** Means of both marks, and their variances and covariance (divided by the number of pairs). */
export interface Moments {
  expectedMean: number;
  actualMean: number;
  expectedVariance: number;
  actualVariance: number;
  covariance: number;
}

/** The pairs as columns. */
export function markColumns(pairs: readonly ScorePair[]): MarkColumns {
  return {
    expected: Float64Array.from(pairs, ({ expected }) => expected),
    actual: Float64Array.from(pairs, ({ actual }) => actual),
  };
}

/**
 * Computed about the mean, in two passes, so that marks far from 0 lose no digits. A constant has variance 0 exactly.
 * `undefined` without pairs.
 */
export function momentsOf({ expected, actual }: MarkColumns): Moments | undefined {
  const count = expected.length;
  if (count === 0) return undefined;
  const expectedMean = meanOf(expected);
  const actualMean = meanOf(actual);
  let [expectedSquares, actualSquares, products] = [0, 0, 0];
  for (let index = 0; index < count; index += 1) {
    // Both are there: the columns are of one length.
    const fromExpected = (expected[index] as number) - expectedMean;
    const fromActual = (actual[index] as number) - actualMean;
    expectedSquares += fromExpected * fromExpected;
    actualSquares += fromActual * fromActual;
    products += fromExpected * fromActual;
  }
  return {
    expectedMean,
    actualMean,
    expectedVariance: expectedSquares / count,
    actualVariance: actualSquares / count,
    covariance: products / count,
  };
}

function meanOf(column: Float64Array): number {
  const first = column[0] ?? 0;
  let shifted = 0;
  // Distances from the first mark: all 0 for a constant, whatever its value.
  for (let index = 1; index < column.length; index += 1) shifted += (column[index] ?? first) - first;
  return first + shifted / column.length;
}

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
