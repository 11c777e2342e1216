import { labelCounts, type LabelCount } from './label-counts.js';
import type { LabelPair } from './metric.js';

/**
 * The mean of every label's F1, so that a rare label counts as much as a common one. F1 is the harmonic mean of
 * precision and recall, 2 * both / (expected + actual); it is 0 for a label that only one side gave.
 *
 * @returns 0..1; `undefined` without pairs.
 *
 * @example
 * ```ts
 * import { macroF1 } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { expected: 'correct', actual: 'correct' },
 *   { expected: 'correct', actual: 'incorrect' },
 *   { expected: 'incorrect', actual: 'incorrect' },
 * ];
 * console.log(macroF1(pairs)?.toFixed(3)); // 0.667
 * ```
 */
export function macroF1(pairs: readonly LabelPair[]): number | undefined {
  return macroF1Of(labelCounts(pairs));
}

/** {@link macroF1} of labels that were given so often. */
export function macroF1Of(counts: readonly LabelCount[]): number | undefined {
  if (counts.length === 0) return undefined;
  const scores = counts.map(({ expected, actual, both }) => (2 * both) / (expected + actual));
  return scores.reduce((sum, f1) => sum + f1, 0) / scores.length;
}
