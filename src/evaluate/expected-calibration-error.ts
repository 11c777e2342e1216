import { GradingOptionsError } from '../core/errors.js';
import type { ConfidencePair } from './metric.js';

/** Options of {@link expectedCalibrationError}. */
export interface CalibrationErrorOptions {
  /** Bins of equal width, an integer of at least 1. @default 10 */
  bins?: number | undefined;
}

/** Sums over the pairs in it. */
interface Bin {
  confidence: number;
  correct: number;
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
  { bins = 10 }: CalibrationErrorOptions = {},
): number | undefined {
  if (!Number.isInteger(bins) || bins < 1) {
    throw new GradingOptionsError('bins', 'must be an integer of at least 1', String(bins));
  }
  checkConfidences(pairs);
  if (pairs.length === 0) return undefined;
  let error = 0;
  for (const { confidence, correct } of fillBins(pairs, bins)) error += Math.abs(correct - confidence);
  return error / pairs.length;
}

function fillBins(pairs: readonly ConfidencePair[], count: number): readonly Bin[] {
  const bins = Array.from({ length: count }, (): Bin => ({ confidence: 0, correct: 0 }));
  for (const { confidence, isCorrect } of pairs) {
    const bin = bins[Math.max(0, Math.ceil(confidence * count) - 1)];
    if (bin === undefined) continue;
    bin.confidence += confidence;
    if (isCorrect) bin.correct += 1;
  }
  return bins;
}

function checkConfidences(pairs: readonly ConfidencePair[]): void {
  for (let index = 0; index < pairs.length; index += 1) {
    const confidence = pairs[index]?.confidence ?? Number.NaN;
    if (confidence >= 0 && confidence <= 1) continue;
    throw new GradingOptionsError(`pairs[${index}].confidence`, 'must be a number from 0 to 1', String(confidence));
  }
}
