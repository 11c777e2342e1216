import type { ScorePair } from './metric.js';

/** Means of both marks, and their variances and covariance (divided by the number of pairs). */
interface Moments {
  expectedMean: number;
  actualMean: number;
  expectedVariance: number;
  actualVariance: number;
  covariance: number;
}

/**
 * Computed about the mean, in two passes, so that marks far from 0 lose no digits. A constant has variance 0 exactly.
 * `undefined` without pairs.
 */
export function momentsOf(pairs: readonly ScorePair[]): Moments | undefined {
  const first = pairs[0];
  if (first === undefined) return undefined;
  const shifted = { expected: 0, actual: 0 };
  for (const { expected, actual } of pairs) {
    // Distances from the first pair: all 0 for a constant, whatever its value.
    shifted.expected += expected - first.expected;
    shifted.actual += actual - first.actual;
  }
  const expectedMean = first.expected + shifted.expected / pairs.length;
  const actualMean = first.actual + shifted.actual / pairs.length;
  const sums = { expected: 0, actual: 0, both: 0 };
  for (const { expected, actual } of pairs) {
    const fromExpected = expected - expectedMean;
    const fromActual = actual - actualMean;
    sums.expected += fromExpected * fromExpected;
    sums.actual += fromActual * fromActual;
    sums.both += fromExpected * fromActual;
  }
  return {
    expectedMean,
    actualMean,
    expectedVariance: sums.expected / pairs.length,
    actualVariance: sums.actual / pairs.length,
    covariance: sums.both / pairs.length,
  };
}
