import type { Question } from '../contract/question.js';

/** Points for a perfect answer. */
export function maximumOf({ scoreMaximum, rubric }: Question): number {
  if (scoreMaximum !== undefined) return scoreMaximum;
  if (rubric === undefined) return 1;
  return rubric.criteria.reduce((sum, { points = 1 }) => sum + Math.max(0, points), 0);
}
