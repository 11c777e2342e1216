import { GradingOptionsError } from '../contract/errors.js';
import type { ConfidencePair } from './metric.js';

/** How many bins confidence is put into. */
export const DEFAULT_BINS = 10;

/** Sums over the pairs in it. */
export interface ConfidenceBin {
  count: number;
  confidence: number;
  correct: number;
}

/**
 * Puts pairs into bins of equal width; each contains its upper bound, and the first 0 as well.
 *
 * @throws {GradingOptionsError} for a confidence outside 0..1, and for a number of bins that is no integer above 0.
 */
export function binByConfidence(pairs: readonly ConfidencePair[], count: number): readonly ConfidenceBin[] {
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
