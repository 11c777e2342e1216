import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isGradingOptionsError } from 'gradelanes';
import {
  applyCalibration,
  calibrate,
  calibratedConfidence,
  rootMeanSquaredError,
  type ScorePair,
} from 'gradelanes/evaluate';
import { isotonicFit } from '../../src/evaluate/isotonic-fit.js';

const tooStrict: ScorePair[] = Array.from({ length: 40 }, (_, index) =>
  index % 2 === 0 ? { expected: 1, actual: 0.3 } : { expected: 0, actual: 0.1 },
);
const share = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
const examples = fc.array(fc.record({ expected: share, actual: share }), { minLength: 20, maxLength: 60 });

describe('isotonicFit', () => {
  test('is that of the example in scikit-learn’s documentation', () => {
    const marks = [5, 3, 1, 2, 8, 10, 7, 9, 6, 4];
    const blocks = isotonicFit(marks.map((expected, actual) => ({ expected, actual })));
    expect(blocks).toEqual([
      { lowest: 0, highest: 3, value: expect.closeTo(2.75, 9), weight: 4 },
      { lowest: 4, highest: 9, value: expect.closeTo(22 / 3, 9), weight: 6 },
    ]);
  });

  test('gives equal scores one value before it looks for violations', () => {
    const pairs = [
      { actual: 0.2, expected: 0.3 },
      { actual: 0.5, expected: 0.2 },
      { actual: 0.5, expected: 1 },
    ];
    expect(isotonicFit(pairs).map(({ value }) => value)).toEqual([0.3, expect.closeTo(0.6, 9)]);
  });
});

describe('calibrate', () => {
  test('finds the score from which a too strict grader’s answers pass', () => {
    expect(calibrate(tooStrict)).toEqual({
      cutScore: expect.closeTo(0.2, 9),
      passingScaledScore: 0.5,
      points: [
        { score: 0.1, expected: 0 },
        { score: 0.3, expected: 1 },
      ],
      exampleCount: 40,
    });
    expect(calibrate(tooStrict, { passingScaledScore: 0.75 }).cutScore).toBeCloseTo(0.25, 9);
  });

  test('passes all from 0 where everything is worth enough, and nothing where nothing is', () => {
    const allRight = tooStrict.map(({ actual }) => ({ expected: 1, actual }));
    const allWrong = tooStrict.map(({ actual }) => ({ expected: 0, actual }));
    expect(calibrate(allRight).cutScore).toBe(0);
    expect(calibrate(allWrong)).not.toHaveProperty('cutScore');
  });

  test.each([
    [tooStrict.slice(0, 19), {}, 'examples', '19'],
    [[...tooStrict, { expected: 2, actual: 0.5 }], {}, 'examples[40]', '2 and 0.5'],
    [[...tooStrict, { expected: 1, actual: -0.5 }], {}, 'examples[40]', '1 and -0.5'],
    [[...tooStrict, { expected: Number.NaN, actual: 0.5 }], {}, 'examples[40]', 'NaN and 0.5'],
    [tooStrict, { passingScaledScore: 50 }, 'passingScaledScore', '50'],
  ])('refuses what it cannot learn from', (graded, options, field, received) => {
    expect(() => calibrate(graded, options)).toThrow(
      expect.toSatisfy((error) => isGradingOptionsError(error) && error.field === field && error.received === received),
    );
  });

  test.prop([examples])('gives plain data that survives storage', (graded) => {
    const calibration = calibrate(graded);
    expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration);
  });

  test.prop([examples])('never makes the fit to its own examples worse', (graded) => {
    const calibration = calibrate(graded);
    const calibrated = graded.map(({ expected, actual }) => ({
      expected,
      actual: applyCalibration(calibration, actual),
    }));
    expect(rootMeanSquaredError(calibrated)).toBeLessThanOrEqual((rootMeanSquaredError(graded) ?? 0) + 1e-9);
  });

  test.prop([examples, share])('puts the cut where the curve reaches the passing score', (graded, passing) => {
    const calibration = calibrate(graded, { passingScaledScore: passing });
    const { cutScore = 2 } = calibration;
    for (let step = 0; step <= 100; step += 1) {
      const score = step / 100;
      if (Math.abs(score - cutScore) < 1e-9) continue;
      const worth = applyCalibration(calibration, score);
      expect(score > cutScore ? worth >= passing - 1e-9 : worth < passing + 1e-9).toBe(true);
    }
  });
});

describe('applyCalibration', () => {
  test('is straight between the points and level beyond them', () => {
    const calibration = calibrate(tooStrict);
    const scores = [0, 0.1, 0.15, 0.2, 0.3, 1].map((score) => applyCalibration(calibration, score));
    expect(scores).toEqual([0, 0, 0.25, 0.5, 1, 1].map((score) => expect.closeTo(score, 9)));
  });

  test('refuses a score that is no number, and a calibration without points', () => {
    expect(() => applyCalibration(calibrate(tooStrict), Number.NaN)).toThrow('score must be a finite number');
    expect(() => applyCalibration({ points: [], passingScaledScore: 0.5, exampleCount: 0 }, 1)).toThrow(
      'calibration.points must not be empty',
    );
  });

  test.prop([examples, share, share])('never falls', (graded, left, right) => {
    const calibration = calibrate(graded);
    const [low, high] = left < right ? [left, right] : [right, left];
    expect(applyCalibration(calibration, low)).toBeLessThanOrEqual(applyCalibration(calibration, high) + 1e-12);
  });
});

describe('calibratedConfidence', () => {
  // Right in 1 of 2 when 0.6 sure, in 3 of 4 when 0.8 sure; the cut lies at 0.2.
  const sure = Array.from({ length: 40 }, (_, index) => {
    const isSure = index < 20;
    const isRight = isSure ? index % 4 !== 0 : index % 2 === 0;
    return { expected: isRight ? 1 : 0, actual: 0.3, confidence: isSure ? 0.8 : 0.6 };
  });

  test('is the share of right grades at that confidence, straight in between', () => {
    const calibration = calibrate(sure);
    expect(calibration.confidencePoints).toEqual([
      { confidence: 0.6, shareCorrect: 0.5 },
      { confidence: 0.8, shareCorrect: expect.closeTo(0.75, 9) },
    ]);
    const values = [0, 0.6, 0.7, 0.8, 1].map((confidence) => calibratedConfidence(calibration, confidence));
    expect(values).toEqual([0.5, 0.5, expect.closeTo(0.625, 9), expect.closeTo(0.75, 9), expect.closeTo(0.75, 9)]);
  });

  test('judges grades by the cut score, not by the grader’s own', () => {
    const sureOnes = tooStrict.map((example) => ({ ...example, confidence: 0.5 }));
    expect(calibratedConfidence(calibrate(sureOnes), 0.5)).toBe(1);
    const hopeless = sureOnes.map((example) => ({ ...example, expected: 0 }));
    expect(calibrate(hopeless)).not.toHaveProperty('cutScore');
    expect(calibratedConfidence(calibrate(hopeless), 0.5)).toBe(1);
  });

  test('is undefined where fewer than 20 examples have a confidence', () => {
    const calibration = calibrate(sure.map((example, index) => (index < 19 ? example : { expected: 1, actual: 1 })));
    expect(calibration).not.toHaveProperty('confidencePoints');
    expect(calibratedConfidence(calibration, 0.5)).toBeUndefined();
  });

  test.each([-0.1, 1.1, Number.NaN])('refuses the confidence %d', (confidence) => {
    const message = `confidence must be a number from 0 to 1: received ${confidence}`;
    expect(() => calibratedConfidence(calibrate(sure), confidence)).toThrow(message);
    expect(() => calibrate([...sure, { expected: 1, actual: 1, confidence }])).toThrow('examples[40].confidence');
  });

  test.prop([
    fc.array(fc.record({ expected: share, actual: share, confidence: share }), { minLength: 20 }),
    share,
    share,
  ])('never falls', (graded, left, right) => {
    const calibration = calibrate(graded);
    const [low, high] = [Math.min(left, right), Math.max(left, right)];
    expect(calibratedConfidence(calibration, low)).toBeLessThanOrEqual(
      (calibratedConfidence(calibration, high) ?? -1) + 1e-12,
    );
  });
});
