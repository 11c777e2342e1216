import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  accuracy,
  bootstrapInterval,
  cohenKappa,
  expectedCalibrationError,
  macroF1,
  meanAbsoluteError,
  pearson,
  quadraticWeightedKappa,
  rootMeanSquaredError,
  type LabelPair,
} from 'gradelanes/evaluate';

const mostlyRight: LabelPair[] = Array.from({ length: 400 }, (_, index) => ({
  expected: true,
  actual: index % 5 !== 0,
}));

describe('bootstrapInterval', () => {
  test('agrees with the textbook interval of a share', () => {
    // 0.8 of 400: normal approximation 0.8 +- 1.96 * sqrt(0.8 * 0.2 / 400).
    const interval = bootstrapInterval(accuracy, mostlyRight, { samples: 4_000 });
    expect(interval?.lower).toBeCloseTo(0.8 - 0.0392, 2);
    expect(interval?.upper).toBeCloseTo(0.8 + 0.0392, 2);
    expect(interval).toMatchObject({ level: 0.95, samples: 4_000 });
  });

  test('is the same for the same seed, and another for another', () => {
    expect(bootstrapInterval(accuracy, mostlyRight, { seed: 7 })).toEqual(
      bootstrapInterval(accuracy, mostlyRight, { seed: 7 }),
    );
    expect(bootstrapInterval(accuracy, mostlyRight, { seed: 8 })).not.toEqual(
      bootstrapInterval(accuracy, mostlyRight, { seed: 7 }),
    );
    expect(bootstrapInterval(accuracy, mostlyRight)).toEqual(
      bootstrapInterval(accuracy, mostlyRight, { samples: 1_000, seed: 1, level: 0.95 }),
    );
  });

  test('is wider for a higher level', () => {
    const [narrow, wide] = [0.5, 0.99].map((level) => bootstrapInterval(accuracy, mostlyRight, { level }));
    expect(wide?.lower ?? 1).toBeLessThan(narrow?.lower ?? 0);
    expect(wide?.upper ?? 0).toBeGreaterThan(narrow?.upper ?? 1);
  });

  test('takes quantiles between the drawn values', () => {
    // Three draws of a metric that counts its calls: 2, 3 and 4 after the first on the pairs themselves.
    let calls = 0;
    const interval = bootstrapInterval(() => (calls += 1), [1], { samples: 3, level: 0.5 });
    expect(interval).toEqual({ lower: 2.5, upper: 3.5, level: 0.5, samples: 3 });
  });

  test('leaves out draws that do not define the metric', () => {
    const pairs = [
      { expected: 1, actual: 1 },
      { expected: 2, actual: 2 },
    ];
    const interval = bootstrapInterval(pearson, pairs, { samples: 200 });
    expect(interval).toMatchObject({ lower: expect.closeTo(1, 9), upper: expect.closeTo(1, 9) });
    expect(interval?.samples).toBeGreaterThan(50);
    expect(interval?.samples).toBeLessThan(150);
  });

  test('is undefined where the metric is, for the pairs or for every draw', () => {
    expect(bootstrapInterval(accuracy, [])).toBeUndefined();
    let calls = 0;
    const onlyAtFirst = (): number | undefined => ((calls += 1) === 1 ? 1 : undefined);
    expect(bootstrapInterval(onlyAtFirst, [1], { samples: 5 })).toBeUndefined();
  });

  test('does not change the pairs', () => {
    const pairs = Object.freeze([Object.freeze({ expected: 1, actual: 2 }), Object.freeze({ expected: 2, actual: 1 })]);
    expect(bootstrapInterval(meanAbsoluteError, pairs)).toMatchObject({ lower: 1, upper: 1 });
  });

  test.each([
    [{ samples: 0 }, 'samples must be an integer of at least 1'],
    [{ samples: 1.5 }, 'samples must be an integer of at least 1'],
    [{ seed: 0.5 }, 'seed must be an integer'],
    [{ level: 0 }, 'level must be a number above 0 and below 1'],
    [{ level: 1 }, 'level must be a number above 0 and below 1'],
    [{ level: Number.NaN }, 'level must be a number above 0 and below 1'],
  ])('refuses %j', (options, message) => {
    expect(() => bootstrapInterval(accuracy, mostlyRight, options)).toThrow(message);
  });

  const pair = fc.record({ expected: fc.boolean(), actual: fc.boolean() });
  test.prop([fc.array(pair, { minLength: 1, maxLength: 20 }), fc.integer()])(
    'lies within the metric',
    (pairs, seed) => {
      const interval = bootstrapInterval(accuracy, pairs, { samples: 20, seed });
      expect(interval?.lower).toBeGreaterThanOrEqual(0);
      expect(interval?.upper).toBeGreaterThanOrEqual(interval?.lower ?? 2);
      expect(interval?.upper).toBeLessThanOrEqual(1);
    },
  );
});

test('bootstrapInterval takes 10,000 answers with every metric', () => {
  const pairs = Array.from({ length: 10_000 }, (_, index) => ({
    expected: (index * 7) % 6,
    actual: ((index * 7) % 6) + (index % 3 === 0 ? 1 : 0),
    confidence: (index % 100) / 100,
    isCorrect: index % 3 !== 0,
  }));
  const marks = [
    quadraticWeightedKappa,
    pearson,
    rootMeanSquaredError,
    meanAbsoluteError,
    cohenKappa,
    accuracy,
    macroF1,
  ];
  const intervals = marks.map((metric) => bootstrapInterval(metric, pairs, { samples: 40 }));
  intervals.push(bootstrapInterval(expectedCalibrationError, pairs, { samples: 40 }));
  expect(intervals.every((interval) => interval !== undefined && interval.lower < interval.upper)).toBe(true);
});
