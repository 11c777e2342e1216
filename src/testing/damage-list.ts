import type { ContentFault } from './fault.js';

/** Faults of a list of verdicts or results, whatever these look like. */
export type ListFault = Extract<ContentFault, 'wrong_id' | 'missing_id' | 'duplicate_id' | 'out_of_range'>;

/**
 * Damages the first of a list, so that the others show that they survive. `rename` gives it a foreign id, `exaggerate`
 * a score beyond every scale.
 */
export function damageList<Each>(
  [first, ...others]: readonly Each[],
  fault: ListFault,
  rename: (each: Each) => Each,
  exaggerate: (each: Each) => Each,
): readonly Each[] {
  if (first === undefined || fault === 'missing_id') return others;
  if (fault === 'duplicate_id') return [first, first, ...others];
  return [fault === 'wrong_id' ? rename(first) : exaggerate(first), ...others];
}
