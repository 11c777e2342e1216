import type { LabelPair } from './metric.js';

/**
 * The share of answers that got the same label (or mark) from the grader as from a person. Look at
 * {@link cohenKappa} too: where most answers are right, passing them all is accurate and useless.
 *
 * @returns 0..1; `undefined` without pairs.
 *
 * @example
 * ```ts
 * import { accuracy } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { expected: 'correct', actual: 'correct' },
 *   { expected: 'correct', actual: 'incorrect' },
 * ];
 * console.log(accuracy(pairs)); // 0.5
 * ```
 */
export function accuracy(pairs: readonly LabelPair[]): number | undefined {
  if (pairs.length === 0) return undefined;
  let agreed = 0;
  for (const { expected, actual } of pairs) if (expected === actual) agreed += 1;
  return agreed / pairs.length;
}
