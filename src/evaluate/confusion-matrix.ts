import { nearestLevel } from './mark-levels.js';
import type { ScorePair } from './metric.js';

/** How often each of a person's marks met each of the grader's, as levels of one scale. */
export interface ConfusionMatrix {
  /** Scaled scores in rising order. */
  levels: readonly number[];
  /** `counts[row][column]`: a row is a person's level, a column the grader's. */
  counts: readonly (readonly number[])[];
}

/** Counts pairs by the levels that are closest to their scores. */
export function confusionMatrix(pairs: readonly ScorePair[], levels: readonly number[]): ConfusionMatrix {
  const counts = levels.map(() => levels.map(() => 0));
  for (const { expected, actual } of pairs) {
    const row = counts[nearestLevel(levels, expected)] ?? [];
    const column = nearestLevel(levels, actual);
    row[column] = (row[column] ?? 0) + 1;
  }
  return { levels, counts };
}
