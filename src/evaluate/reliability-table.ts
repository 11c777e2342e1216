import { binByConfidence, DEFAULT_BINS } from './confidence-bins.js';
import type { CalibrationErrorOptions } from './expected-calibration-error.js';
import type { ConfidencePair } from './metric.js';

/** Grades of about the same confidence: above `from` and up to `to`. */
export interface ReliabilityBin {
  from: number;
  to: number;
  count: number;
  /** What the grader said, on average; `undefined` for an empty bin. */
  meanConfidence: number | undefined;
  /** How many were right, 0..1; `undefined` for an empty bin. */
  shareCorrect: number | undefined;
}

/**
 * What confidence is worth, bin by bin: the table behind {@link expectedCalibrationError}, and the points of a
 * reliability plot.
 *
 * @returns Every bin, also empty ones, from low confidence to high.
 * @throws {GradingOptionsError} for a confidence outside 0..1, and for a number of bins that is no integer above 0.
 *
 * @example
 * ```ts
 * import { reliabilityTable } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { confidence: 0.75, isCorrect: true },
 *   { confidence: 0.75, isCorrect: false },
 * ];
 * console.log(reliabilityTable(pairs, { bins: 2 })[1]?.shareCorrect); // 0.5
 * ```
 */
export function reliabilityTable(
  pairs: readonly ConfidencePair[],
  { bins = DEFAULT_BINS }: CalibrationErrorOptions = {},
): readonly ReliabilityBin[] {
  return binByConfidence(pairs, bins).map(({ count, confidence, correct }, index) => ({
    from: index / bins,
    to: (index + 1) / bins,
    count,
    meanConfidence: count === 0 ? undefined : confidence / count,
    shareCorrect: count === 0 ? undefined : correct / count,
  }));
}
