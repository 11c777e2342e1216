import type { GradingResult } from '../contract/result.js';
import type { CalibrationExample } from './calibrate.js';
import type { OverriddenGrade } from './override-grade.js';

/**
 * What {@link calibrate} can learn from people's overrides: the grader's first score and confidence beside the person's
 * last word. Answers that the grader failed to grade are left out.
 *
 * Overrides of doubtful grades alone make a grader look worse than it is: have people confirm a sample of the others too,
 * as an override with the same points.
 *
 * @param overrides The latest override of each answer, from {@link overrideGrade}.
 *
 * @example
 * ```ts
 * import { calibrate, calibrationExamples, type OverriddenGrade } from 'gradelanes/evaluate';
 *
 * const recalibrate = (overrides: readonly OverriddenGrade[]) => calibrate(calibrationExamples(overrides));
 * ```
 */
export function calibrationExamples(overrides: readonly OverriddenGrade[]): readonly CalibrationExample[] {
  return overrides.flatMap((override) => {
    const first = firstResult(override);
    if (first.status === 'failed') return [];
    const { scaledScore: actual, confidence } = first;
    return [{ expected: override.scaledScore, actual, ...(confidence !== undefined && { confidence }) }];
  });
}

/** What the grader said, before any person did. */
function firstResult({ original }: OverriddenGrade): GradingResult {
  return original.status === 'overridden' ? firstResult(original) : original;
}
