import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { expectedCalibrationError, reliabilityTable, type ConfidencePair } from 'gradelanes/evaluate';

function pairsOf(confidences: readonly number[], correct: readonly (0 | 1)[]): ConfidencePair[] {
  return confidences.map((confidence, index) => ({ confidence, isCorrect: correct[index] === 1 }));
}

describe('reliabilityTable', () => {
  test('has every bin, with its means', () => {
    const pairs = pairsOf([0.25, 0.25, 0.75, 0.8, 0.9], [0, 1, 1, 1, 0]);
    expect(reliabilityTable(pairs, { bins: 4 })).toEqual([
      { from: 0, to: 0.25, count: 2, meanConfidence: 0.25, shareCorrect: 0.5 },
      { from: 0.25, to: 0.5, count: 0, meanConfidence: undefined, shareCorrect: undefined },
      { from: 0.5, to: 0.75, count: 1, meanConfidence: 0.75, shareCorrect: 1 },
      { from: 0.75, to: 1, count: 2, meanConfidence: expect.closeTo(0.85, 9) as number, shareCorrect: 0.5 },
    ]);
    expect(reliabilityTable([]).length).toBe(10);
  });

  test('is what expectedCalibrationError sums up', () => {
    const pairs = pairsOf([0.1, 0.35, 0.5, 0.62, 0.99], [0, 1, 0, 1, 1]);
    const error = reliabilityTable(pairs).reduce(
      (sum, { count, meanConfidence = 0, shareCorrect = 0 }) => sum + count * Math.abs(shareCorrect - meanConfidence),
      0,
    );
    expect(expectedCalibrationError(pairs)).toBeCloseTo(error / pairs.length, 9);
  });
});

describe('expectedCalibrationError', () => {
  test('is that of the example in the documentation of torchmetrics', () => {
    // BinaryCalibrationError(n_bins=2, norm='l1'); by hand: 2/5 * 0.25 + 3/5 * (1 - 2.05/3).
    const pairs = pairsOf([0.25, 0.25, 0.55, 0.75, 0.75], [0, 0, 1, 1, 1]);
    expect(expectedCalibrationError(pairs, { bins: 2 })).toBeCloseTo(0.29, 9);
  });

  test('has ten bins by default, each with its upper bound', () => {
    // 0.1 shares a bin with 0.05, 0 too; 0.11 does not: (|0.15 - 1| + |0.11 - 0|) / 4.
    expect(expectedCalibrationError(pairsOf([0, 0.05, 0.1, 0.11], [0, 0, 1, 0]))).toBeCloseTo(0.96 / 4, 9);
  });

  test('is 0 for confidence that holds what it says', () => {
    expect(expectedCalibrationError(pairsOf([0.5, 0.5, 1], [1, 0, 1]))).toBe(0);
  });

  test('is undefined without pairs', () => {
    expect(expectedCalibrationError([])).toBeUndefined();
  });

  test.each([Number.NaN, -0.1, 1.1])('refuses the confidence %d', (confidence) => {
    expect(() => expectedCalibrationError([{ confidence, isCorrect: true }])).toThrow(
      `pairs[0].confidence must be a number from 0 to 1: received ${confidence}`,
    );
  });

  test.each([0, 1.5, Number.NaN])('refuses %d bins', (bins) => {
    expect(() => expectedCalibrationError([], { bins })).toThrow('bins must be an integer of at least 1');
  });

  const pair = fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), isCorrect: fc.boolean() });
  test.prop([fc.array(pair, { minLength: 1 }), fc.integer({ min: 1, max: 20 })])('is within 0 and 1', (pairs, bins) => {
    const error = expectedCalibrationError(pairs, { bins }) ?? -1;
    expect(error).toBeGreaterThanOrEqual(0);
    expect(error).toBeLessThanOrEqual(1 + 1e-12);
  });
});
