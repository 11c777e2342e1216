import type { LabelPair } from './pairs.js';

/**
 * Agreement on labels beyond chance: 1 is perfect, 0 what chance would give, negative worse. Labels have no order here;
 * for marks on a scale use {@link quadraticWeightedKappa}.
 *
 * Cohen (1960): (agreement - agreement by chance) / (1 - agreement by chance), where chance keeps each side's shares.
 *
 * @returns -1..1; `undefined` without pairs, and where both gave one and the same label throughout.
 *
 * @example
 * ```ts
 * import { cohenKappa } from 'gradelanes/evaluate';
 *
 * const pairs = [
 *   { expected: true, actual: true },
 *   { expected: false, actual: false },
 *   { expected: true, actual: false },
 *   { expected: false, actual: false },
 * ];
 * console.log(cohenKappa(pairs)); // 0.5
 * ```
 */
export function cohenKappa(pairs: readonly LabelPair[]): number | undefined {
  return kappaOf(labelCounts(pairs), pairs.length);
}

/** {@link cohenKappa} of labels that were given so often. */
export function kappaOf(counts: readonly LabelCount[], total: number): number | undefined {
  let agreed = 0;
  let byChance = 0;
  // In whole numbers, so that "both always the same" is recognised exactly.
  for (const { expected, actual, both } of counts) {
    agreed += both * total;
    byChance += expected * actual;
  }
  return byChance === total * total ? undefined : (agreed - byChance) / (total * total - byChance);
}

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

/** How often a label was given. */
export interface LabelCount {
  expected: number;
  actual: number;
  /** By both, to the same answer. */
  both: number;
}

/** Counts every label that either side gave. */
function labelCounts(pairs: readonly LabelPair[]): readonly LabelCount[] {
  const counts = new Map<LabelPair['expected'], LabelCount>();
  for (const { expected, actual } of pairs) {
    const count = countOf(counts, expected);
    count.expected += 1;
    if (actual === expected) {
      count.actual += 1;
      count.both += 1;
    } else {
      countOf(counts, actual).actual += 1;
    }
  }
  return [...counts.values()];
}

function countOf(counts: Map<LabelPair['expected'], LabelCount>, label: LabelPair['expected']): LabelCount {
  const known = counts.get(label);
  if (known !== undefined) return known;
  const count = { expected: 0, actual: 0, both: 0 };
  counts.set(label, count);
  return count;
}

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
