import { GradingOptionsError } from '../contract/errors.js';
import type { ConfidencePair } from './pairs.js';

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

/** How many bins confidence is put into. */
export const DEFAULT_BINS = 10;

/** Sums over the pairs in it. */
interface ConfidenceBin {
  count: number;
  confidence: number;
  correct: number;
}

/**
 * Puts pairs into bins of equal width; each contains its upper bound, and the first 0 as well.
 *
 * @throws {GradingOptionsError} for a confidence outside 0..1, and for a number of bins that is no integer above 0.
 */
function binByConfidence(pairs: readonly ConfidencePair[], count: number): readonly ConfidenceBin[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new GradingOptionsError('bins', 'must be an integer of at least 1', String(count));
  }
  const bins = Array.from({ length: count }, (): ConfidenceBin => ({ count: 0, confidence: 0, correct: 0 }));
  for (let index = 0; index < pairs.length; index += 1) {
    const { confidence = Number.NaN, isCorrect = false } = pairs[index] ?? {};
    if (!(confidence >= 0 && confidence <= 1)) {
      throw new GradingOptionsError(`pairs[${index}].confidence`, 'must be a number from 0 to 1', String(confidence));
    }
    const bin = bins[Math.max(0, Math.ceil(confidence * count) - 1)];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.confidence += confidence;
    if (isCorrect) bin.correct += 1;
  }
  return bins;
}

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
