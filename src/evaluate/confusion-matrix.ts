import { GradingOptionsError } from '../contract/errors.js';
import type { ScorePair } from './pairs.js';

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

/** With more different marks than this, people's marks are put on a scale of five. */
const MOST_LEVELS = 6;

const FIVE_LEVELS: readonly number[] = [0, 0.25, 0.5, 0.75, 1];

/**
 * The scale that marks are compared on, in rising order: the given one, else the marks that people used and both ends.
 *
 * @throws {GradingOptionsError} for fewer than two levels, and for one outside 0..1.
 */
export function markLevels(humanScores: readonly number[], given: readonly number[] | undefined): readonly number[] {
  if (given !== undefined) return checked(given);
  const used = inOrder([0, 1, ...humanScores]);
  return used.length > MOST_LEVELS ? FIVE_LEVELS : used;
}

/** Position of the level closest to a score; the higher of two that are equally close, as teachers round. */
export function nearestLevel(levels: readonly number[], score: number): number {
  const distances = levels.map((level) => Math.abs(level - score));
  // Half a step up or down is the same distance but for the last binary digits.
  return distances.findLastIndex((distance) => distance <= Math.min(...distances) + 1e-12);
}

function checked(given: readonly number[]): readonly number[] {
  const levels = inOrder(given);
  const isScale = levels.length >= 2 && levels.every((level) => level >= 0 && level <= 1);
  if (!isScale) throw new GradingOptionsError('levels', 'must be two or more scores from 0 to 1', String(given));
  return levels;
}

function inOrder(levels: readonly number[]): readonly number[] {
  return [...new Set(levels)].toSorted((left, right) => left - right);
}
