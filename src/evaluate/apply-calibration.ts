import { GradingOptionsError } from '../contract/errors.js';
import type { Calibration } from './calibrate.js';
import { valueOn } from './calibration-curve.js';

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
