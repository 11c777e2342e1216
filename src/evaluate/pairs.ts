import { GradingOptionsError } from '../contract/errors.js';

/** A mark by a trusted marker and the grader's mark for the same answer, on the same scale. */
export interface ScorePair {
  /** What a person gave. */
  expected: number;
  /** What the grader gave. */
  actual: number;
}

/** A trusted marker's label for an answer, and the grader's. Labels are equal or different; they have no order. */
export interface LabelPair {
  expected: string | number | boolean;
  actual: string | number | boolean;
}

/** How sure a grader was of a grade, and whether it was right. */
export interface ConfidencePair {
  /** 0..1 */
  confidence: number;
  isCorrect: boolean;
}

/**
 * A measure over pairs; `undefined` where these pairs do not define it, never `NaN`.
 *
 * @example
 * ```ts
 * import type { Metric, ScorePair } from 'gradelanes/evaluate';
 *
 * const bias: Metric<ScorePair> = (pairs) =>
 *   pairs.length === 0 ? undefined : pairs.reduce((sum, { actual, expected }) => sum + actual - expected, 0) / pairs.length;
 * ```
 */
export type Metric<Pair> = (pairs: readonly Pair[]) => number | undefined;

/**
 * Refuses pairs with marks that are not finite numbers: one of them would turn a whole figure into nonsense.
 *
 * @throws {GradingOptionsError} naming the first such mark.
 */
export function checkScores(pairs: readonly ScorePair[]): void {
  for (let index = 0; index < pairs.length; index += 1) {
    const pair = pairs[index];
    if (Number.isFinite(pair?.expected) && Number.isFinite(pair?.actual)) continue;
    const field = Number.isFinite(pair?.expected) ? 'actual' : 'expected';
    throw new GradingOptionsError(`pairs[${index}].${field}`, 'must be a finite number', String(pair?.[field]));
  }
}
