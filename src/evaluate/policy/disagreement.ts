import type { GradeBesideMark } from '../marked-grades.js';

/** Sums of fractions miss their value by less. */
const ROUNDING = 1e-6;

/** A grade disagrees with a person: one passes what the other fails, or the scores are further apart than `within`. */
export function disagrees(
  { grade, humanScore, humanPasses }: Omit<GradeBesideMark, 'question'>,
  within: number | undefined,
): boolean {
  if (within === undefined) return grade.isCorrect !== humanPasses;
  return Math.abs(grade.scaledScore - humanScore) > within + ROUNDING;
}

/** A number from 0 to 1. */
export function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}
