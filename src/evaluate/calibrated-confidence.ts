import { GradingOptionsError } from '../contract/errors.js';
import type { Calibration } from './calibrate.js';
import { valueOn } from './calibration-curve.js';

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
