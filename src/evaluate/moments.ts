import type { ScorePair } from './metric.js';

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
