import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { accuracy, cohenKappa, macroF1, type LabelPair } from 'gradelanes/evaluate';

function pairsOf(expected: readonly LabelPair['expected'][], actual: readonly LabelPair['actual'][]): LabelPair[] {
  return expected.map((label, index) => ({ expected: label, actual: actual[index] ?? 'missing' }));
}

function repeat(times: number, expected: string, actual: string): LabelPair[] {
  return Array.from({ length: times }, () => ({ expected, actual }));
}

const label = fc.constantFrom('correct', 'incorrect', 'contradictory');
const labels = fc.array(fc.record({ expected: label, actual: label }), { minLength: 1, maxLength: 30 });

describe('accuracy', () => {
  test('is that of the example in scikit-learn’s documentation', () => {
    expect(accuracy(pairsOf([0, 1, 2, 3], [0, 2, 1, 3]))).toBe(0.5);
  });
});

describe('cohenKappa', () => {
  test('of 50 grant proposals read by two people is 0.4', () => {
    // The worked example of Wikipedia's article "Cohen's kappa": agreement 0.7, by chance 0.5.
    const pairs = [
      ...repeat(20, 'yes', 'yes'),
      ...repeat(5, 'yes', 'no'),
      ...repeat(10, 'no', 'yes'),
      ...repeat(15, 'no', 'no'),
    ];
    expect(cohenKappa(pairs)).toBeCloseTo(0.4, 9);
  });

  test('is that of the example in scikit-learn’s documentation', () => {
    const expected = ['negative', 'positive', 'negative', 'neutral', 'positive'];
    const actual = ['negative', 'positive', 'negative', 'neutral', 'negative'];
    expect(cohenKappa(pairsOf(expected, actual))).toBeCloseTo(0.6875, 9);
  });

  test('is undefined where both gave one label throughout, 0 where only one side did', () => {
    expect(cohenKappa(repeat(3, 'yes', 'yes'))).toBeUndefined();
    expect(cohenKappa([...repeat(3, 'yes', 'yes'), ...repeat(1, 'no', 'yes')])).toBe(0);
  });

  test.prop([labels])('is the same both ways, at most 1, and 1 only for perfect agreement', (pairs) => {
    const kappa = cohenKappa(pairs);
    expect(cohenKappa(pairs.map(({ expected, actual }) => ({ expected: actual, actual: expected })))).toBe(kappa);
    expect(kappa ?? 0).toBeLessThanOrEqual(1);
    expect(kappa === undefined || (kappa === 1) === (accuracy(pairs) === 1)).toBe(true);
  });
});

describe('macroF1', () => {
  test('is that of the example in scikit-learn’s documentation', () => {
    expect(macroF1(pairsOf([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]))).toBeCloseTo(4 / 15, 9);
  });

  test('counts a label that only one side gave as 0', () => {
    expect(macroF1(pairsOf(['a', 'a'], ['a', 'b']))).toBeCloseTo((2 / 3 + 0) / 2, 9);
  });

  test('tells labels of different types apart', () => {
    expect(macroF1(pairsOf([1, true, '1'], [1, true, '1']))).toBe(1);
    expect(accuracy(pairsOf([1], ['1']))).toBe(0);
  });

  test.prop([labels])('is within 0 and 1, and 1 only for perfect agreement', (pairs) => {
    expect(macroF1(pairs)).toBeGreaterThanOrEqual(0);
    expect(macroF1(pairs)).toBeLessThanOrEqual(1);
    expect(macroF1(pairs) === 1).toBe(accuracy(pairs) === 1);
  });
});

test.each([
  ['accuracy', accuracy],
  ['cohenKappa', cohenKappa],
  ['macroF1', macroF1],
])('%s is undefined without pairs', (_, metric) => {
  expect(metric([])).toBeUndefined();
});
