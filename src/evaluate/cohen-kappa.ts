import { labelCounts, type LabelCount } from './label-counts.js';
import type { LabelPair } from './metric.js';

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
