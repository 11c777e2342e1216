import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  betaChance,
  binomialChance,
  binomialUpperBound,
  normalChance,
  normalQuantile,
  studentQuantile,
  wilsonInterval,
} from '../../../src/evaluate/statistics/distributions.js';
import { designEffect, intraclassCorrelation } from '../../../src/evaluate/statistics/clusters.js';

describe('distributions agree with published tables', () => {
  test.each([
    // Student: the table of every textbook.
    [studentQuantile(0.975, 1), 12.7062],
    [studentQuantile(0.975, 9), 2.2622],
    [studentQuantile(0.95, 22), 1.7171],
    [normalQuantile(0.975), 1.959964],
    [normalQuantile(0.95), 1.644854],
    [normalChance(-1), 0.158655],
    // Beta(2, 3) has the distribution function 6 x^2 - 8 x^3 + 3 x^4.
    [betaChance(0.3, 2, 3), 6 * 0.09 - 8 * 0.027 + 3 * 0.0081],
    // Clopper & Pearson (1934): 0 of 10 is at most 0.3085, 2 of 20 at most 0.3170, with 97.5 % each.
    [binomialUpperBound(0, 10, 0.975), 0.308497],
    [binomialUpperBound(2, 20, 0.975), 0.316983],
    // The rule of three: 0 of 59 is at most 0.0495.
    [binomialUpperBound(0, 59, 0.95), 1 - 0.05 ** (1 / 59)],
  ])('%d is %d', (value, expected) => {
    expect(value).toBeCloseTo(expected, 4);
  });

  test('Wilson: 81 of 263 is 0.2553 to 0.3662 (Newcombe 1998, table I)', () => {
    const interval = wilsonInterval(81, 263, 0.95);
    expect(interval?.lower).toBeCloseTo(0.2553, 4);
    expect(interval?.upper).toBeCloseTo(0.3662, 4);
    expect(wilsonInterval(0, 0, 0.95)).toBeUndefined();
  });

  test.prop([fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 0.99, noNaN: true })])(
    'the binomial chance is the sum of its terms',
    (trials, rate) => {
      let [sum, term] = [0, (1 - rate) ** trials];
      for (let successes = 0; successes < trials; successes += 1) {
        sum += term;
        term *= ((trials - successes) / (successes + 1)) * (rate / (1 - rate));
        expect(binomialChance(successes, trials, rate)).toBeCloseTo(sum, 9);
      }
    },
  );
});

describe('answers of one question', () => {
  test('are correlated by 1 where questions are all right or all wrong, and by 0 where they are alike', () => {
    const apart = [0, 4, 0, 4].map((hits) => ({ count: 4, hits }));
    expect(intraclassCorrelation(apart)).toBeCloseTo(1, 9);
    expect(intraclassCorrelation([2, 2, 2].map((hits) => ({ count: 4, hits })))).toBe(0);
    expect(intraclassCorrelation([{ count: 4, hits: 1 }])).toBe(0);
  });

  test('are correlated as worked out by hand', () => {
    // Mean 0.5; between (4 * 0.0625 * 2) / 1 = 0.5, within (3 * 0.25 * 2) / 6 = 0.25, size 4.
    const clusters = [1, 3].map((hits) => ({ count: 4, hits }));
    expect(intraclassCorrelation(clusters)).toBeCloseTo((0.5 - 0.25) / (0.5 + 3 * 0.25), 9);
    expect(designEffect(clusters, 0.2)).toBeCloseTo(1.6, 9);
    // Mean number of fellow answers: (1 + 9) / 4.
    expect(
      designEffect(
        [
          { count: 1, hits: 0 },
          { count: 3, hits: 0 },
        ],
        0.1,
      ),
    ).toBeCloseTo(1.15, 9);
  });
});
