import type { LabelPair } from './metric.js';

/** How often a label was given. */
export interface LabelCount {
  expected: number;
  actual: number;
  /** By both, to the same answer. */
  both: number;
}

/** Counts every label that either side gave. */
export function labelCounts(pairs: readonly LabelPair[]): readonly LabelCount[] {
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
