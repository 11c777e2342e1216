import { criterionPoints } from '../contract/criterion-scale.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { Question } from '../contract/question.js';

/** Sums of fractions of a point miss their value by less. */
const ROUNDING = 1e-6;

/**
 * Checks that the points of a question agree: a rubric sums to a given maximum (else a perfect answer would not get full
 * marks), and no example has more than there are.
 *
 * @throws {GradingOptionsError} naming the field under `path`.
 */
export function checkMarks({ rubric, scoreMaximum, examples = [] }: Question, path: string): void {
  const total = rubric?.criteria.reduce((sum, each) => sum + Math.max(0, criterionPoints(each)), 0);
  if (total !== undefined && scoreMaximum !== undefined && Math.abs(total - scoreMaximum) > ROUNDING) {
    throw new GradingOptionsError(
      `${path}.scoreMaximum`,
      `must be the sum of the rubric's points (${plain(total)}), or be left out`,
      String(scoreMaximum),
    );
  }
  const maximum = scoreMaximum ?? total ?? 1;
  for (const [index, { score }] of examples.entries()) {
    if (score >= 0 && score <= maximum + ROUNDING) continue;
    const rule = `must be points from 0 to the question's maximum (${plain(maximum)})`;
    throw new GradingOptionsError(`${path}.examples[${index}].score`, rule, String(score));
  }
}

/** Without the dust of binary fractions. */
function plain(points: number): string {
  return String(Math.round(points / ROUNDING) * ROUNDING).slice(0, 12);
}
