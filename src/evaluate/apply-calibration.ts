import { GradingOptionsError } from '../contract/errors.js';
import type { Calibration, CalibrationPoint } from './calibrate.js';

/**
 * What a person would give, on average, an answer with this score.
 *
 * @param calibration Of the same grader, from {@link calibrate}.
 * @param score The grader's scaled score.
 * @returns A scaled score, 0..1; it never falls when `score` rises.
 * @throws {GradingOptionsError} for a score that is not a finite number, and for a calibration without points.
 *
 * @example
 * ```ts
 * import { applyCalibration, type Calibration } from 'gradelanes/evaluate';
 *
 * const points = [
 *   { score: 0.1, expected: 0 },
 *   { score: 0.3, expected: 1 },
 * ];
 * const calibration: Calibration = { cutScore: 0.2, passingScaledScore: 0.5, points, exampleCount: 40 };
 * console.log(applyCalibration(calibration, 0.25).toFixed(2)); // 0.75
 * ```
 */
export function applyCalibration({ points }: Calibration, score: number): number {
  if (!Number.isFinite(score)) throw new GradingOptionsError('score', 'must be a finite number', String(score));
  return valueOn('calibration.points', points, score);
}

/**
 * How often grades of this confidence are right, with answers passing from the calibration's `cutScore` on.
 *
 * @param calibration Of the same grader, from {@link calibrate}.
 * @param confidence What the grader said, 0..1.
 * @returns 0..1, never falling as `confidence` rises; `undefined` where the calibration had too few examples with one.
 * @throws {GradingOptionsError} for a confidence outside 0..1.
 *
 * @example
 * ```ts
 * import { calibrate, calibratedConfidence } from 'gradelanes/evaluate';
 *
 * // Always 0.9 sure, and right in three of four cases.
 * const examples = Array.from({ length: 40 }, (_, index) => ({
 *   expected: index % 2,
 *   actual: index % 4 === 0 ? 1 : index % 2,
 *   confidence: 0.9,
 * }));
 * console.log(calibratedConfidence(calibrate(examples), 0.9)); // 0.75
 * ```
 */
export function calibratedConfidence({ confidencePoints }: Calibration, confidence: number): number | undefined {
  if (!(confidence >= 0 && confidence <= 1)) {
    throw new GradingOptionsError('confidence', 'must be a number from 0 to 1', String(confidence));
  }
  const points = confidencePoints?.map((point) => ({ score: point.confidence, expected: point.shareCorrect }));
  return points === undefined ? undefined : valueOn('calibration.confidencePoints', points, confidence);
}

/**
 * The curve through the points, straight between them and level beyond.
 *
 * @throws {GradingOptionsError} naming `field`, where there are no points.
 */
function valueOn(field: string, points: readonly CalibrationPoint[], score: number): number {
  const last = points.at(-1);
  if (last === undefined) throw new GradingOptionsError(field, 'must not be empty', 'an empty list');
  const index = points.findIndex((point) => point.score >= score);
  const above = points[index] ?? last;
  return between(points[index - 1] ?? above, above, score);
}

function between(below: CalibrationPoint, above: CalibrationPoint, score: number): number {
  if (below.expected === above.expected || score >= above.score) return above.expected;
  const share = (score - below.score) / (above.score - below.score);
  return below.expected + share * (above.expected - below.expected);
}
