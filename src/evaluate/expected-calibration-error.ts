import { binByConfidence, DEFAULT_BINS } from './confidence-bins.js';
import type { ConfidencePair } from './metric.js';

/** Options of {@link expectedCalibrationError}. */
export interface CalibrationErrorOptions {
  /** Bins of equal width, an integer of at least 1. @default 10 */
  bins?: number | undefined;
}

/**
 * How far confidence is from being right: grades are put into bins by confidence, and every bin's mean confidence is
 * compared with its share of right grades. 0 means that grades with confidence 0.8 are right in 80 percent of cases.
 *
 * Naeini et al. (2015), as used by Guo et al. (2017): the mean of |share right - mean confidence| over the bins,
 * weighted by their size. A bin contains its upper bound.
 *
 * @returns 0..1; `undefined` without pairs.
 * @throws {GradingOptionsError} for a confidence outside 0..1, and for a number of bins that is no integer above 0.
 *
 * @example
 * ```ts
 * import { expectedCalibrationError } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { confidence: 0.75, isCorrect: true },
 *   { confidence: 0.75, isCorrect: false },
 * ];
 * console.log(expectedCalibrationError(pairs)); // 0.25
 * ```
 */
export function expectedCalibrationError(
  pairs: readonly ConfidencePair[],
  { bins = DEFAULT_BINS }: CalibrationErrorOptions = {},
): number | undefined {
  const filled = binByConfidence(pairs, bins);
  if (pairs.length === 0) return undefined;
  return filled.reduce((error, bin) => error + Math.abs(bin.correct - bin.confidence), 0) / pairs.length;
}
