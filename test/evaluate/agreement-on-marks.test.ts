import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isGradingOptionsError } from 'gradelanes';
import {
  meanAbsoluteError,
  pearson,
  quadraticWeightedKappa,
  rootMeanSquaredError,
  type Metric,
  type ScorePair,
} from 'gradelanes/evaluate';

function pairsOf(expected: readonly number[], actual: readonly number[]): ScorePair[] {
  return expected.map((mark, index) => ({ expected: mark, actual: actual[index] ?? Number.NaN }));
}

const metrics: readonly [string, Metric<ScorePair>][] = [
  ['quadraticWeightedKappa', quadraticWeightedKappa],
  ['pearson', pearson],
  ['rootMeanSquaredError', rootMeanSquaredError],
  ['meanAbsoluteError', meanAbsoluteError],
];
const mark = fc.integer({ min: 0, max: 5 });
const marks = fc.array(fc.record({ expected: mark, actual: mark }), { minLength: 1, maxLength: 30 });

describe('quadraticWeightedKappa', () => {
  // The cases of the tests of Kaggle's reference implementation (B. Hamner, "Metrics", ml_metrics), and worked by hand.
  test.each([
    [[1, 2, 3], [1, 2, 3], 1],
    [[1, 2, 1], [1, 2, 2], 0.4],
    [[1, 2, 3, 1, 2, 2, 3], [1, 2, 3, 1, 2, 3, 2], 0.75],
  ])('of %j and %j is what the reference implementation gives', (expected, actual, kappa) => {
    expect(quadraticWeightedKappa(pairsOf(expected, actual))).toBeCloseTo(kappa, 9);
  });

  test('is negative for marks the wrong way round', () => {
    // By hand: mean squared difference 8/3, expected by chance 4/3, so 1 - 2.
    expect(quadraticWeightedKappa(pairsOf([0, 1, 2], [2, 1, 0]))).toBeCloseTo(-1, 9);
  });

  test('is 0 where both are constant and differ, undefined where they are the same', () => {
    expect(quadraticWeightedKappa(pairsOf([1, 1], [2, 2]))).toBe(0);
    expect(quadraticWeightedKappa(pairsOf([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]))).toBeUndefined();
  });

  test.prop([marks])('equals the definition with a matrix of weights', (pairs) => {
    expect(quadraticWeightedKappa(pairs) ?? 'undefined').toEqual(closeTo(kappaByMatrix(pairs)));
  });
});

describe('pearson', () => {
  test('of the first set of Anscombe’s quartet is as published', () => {
    // Anscombe (1973); from his sums 99, 82.51, 1001, 660.1727 and 797.60 over 11 points.
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const published = (11 * 797.6 - 99 * 82.51) / Math.sqrt((11 * 1001 - 99 ** 2) * (11 * 660.1727 - 82.51 ** 2));
    expect(published).toBeCloseTo(0.816, 3);
    expect(pearson(pairsOf(x, y))).toBeCloseTo(published, 9);
  });

  test('keeps its digits for marks far from 0', () => {
    expect(pearson(pairsOf([1e9 + 1, 1e9 + 2, 1e9 + 4], [1, 2, 4]))).toBeCloseTo(1, 9);
  });

  test('is undefined where a side is constant, whatever the rounding', () => {
    expect(pearson(pairsOf([0.1, 0.1, 0.1], [1, 2, 3]))).toBeUndefined();
    expect(pearson(pairsOf([1, 2, 3], [0.7, 0.7, 0.7]))).toBeUndefined();
    expect(pearson(pairsOf([1], [2]))).toBeUndefined();
  });

  test.prop([marks])('stays within -1 and 1, and is the same both ways', (pairs) => {
    const turned = pairs.map(({ expected, actual }) => ({ expected: actual, actual: expected }));
    const value = pearson(pairs);
    expect(value === undefined || Math.abs(value) <= 1).toBe(true);
    expect(pearson(turned) ?? 'undefined').toEqual(closeTo(value));
  });
});

describe('rootMeanSquaredError and meanAbsoluteError', () => {
  test('are those of the example in scikit-learn’s documentation', () => {
    const pairs = pairsOf([3, -0.5, 2, 7], [2.5, 0, 2, 8]);
    expect(rootMeanSquaredError(pairs)).toBeCloseTo(Math.sqrt(0.375), 9);
    expect(meanAbsoluteError(pairs)).toBeCloseTo(0.5, 9);
  });

  test.prop([marks])('are 0 for equal marks only, and the first is never the smaller', (pairs) => {
    const [squared, absolute] = [rootMeanSquaredError(pairs) ?? -1, meanAbsoluteError(pairs) ?? -1];
    expect(squared).toBeGreaterThanOrEqual(absolute - 1e-12);
    expect(absolute === 0).toBe(pairs.every(({ expected, actual }) => expected === actual));
  });
});

describe.each(metrics)('%s', (_, metric) => {
  test('is undefined without pairs', () => {
    expect(metric([])).toBeUndefined();
  });

  test.each([
    ['actual', { expected: 1, actual: Number.NaN }],
    ['expected', { expected: Number.POSITIVE_INFINITY, actual: 1 }],
  ])('refuses a mark that is no number: %s', (field, pair) => {
    expect(() => metric([{ expected: 1, actual: 1 }, pair])).toThrow(
      expect.toSatisfy((error) => isGradingOptionsError(error) && error.field === `pairs[1].${field}`),
    );
  });

  test.prop([marks])('is never NaN', (pairs) => {
    expect(metric(pairs)).not.toBeNaN();
  });
});

function closeTo(value: number | undefined): unknown {
  return value === undefined ? 'undefined' : expect.closeTo(value, 9);
}

/** Cohen (1968), written out: observed and expected tables, weights (i - j)^2. */
function kappaByMatrix(pairs: readonly ScorePair[]): number | undefined {
  const share = (test_: (pair: ScorePair) => boolean): number => pairs.filter(test_).length / pairs.length;
  let observed = 0;
  let byChance = 0;
  for (let row = 0; row <= 5; row += 1) {
    for (let column = 0; column <= 5; column += 1) {
      const weight = (row - column) ** 2;
      observed += weight * share(({ expected, actual }) => expected === row && actual === column);
      byChance += weight * share(({ expected }) => expected === row) * share(({ actual }) => actual === column);
    }
  }
  return byChance === 0 ? undefined : 1 - observed / byChance;
}
