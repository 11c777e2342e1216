import { expect } from 'vitest';
import type { AnswerToGrade, GradingReport } from 'gradelanes';
import { expectEveryAnswerOnce } from 'gradelanes/testing';

/** What the other side saw of a run: a mock server, or a call watch in process. */
export interface SeenByProvider {
  /** Calls that have not ended. */
  readonly inFlight: number;
  readonly peakInFlight: number;
}

/** What holds of a run that has ended, whatever happened in it. */
export interface Soundness {
  /** Most calls that the run may have in flight. */
  readonly limit: number;
  readonly seen: SeenByProvider;
}

/**
 * Every answer is graded or failed, once and in its place; no more calls were in flight than the limit and those that
 * ignored their abort; nothing is left running. Rejections that nobody handles and warnings of the process fail the
 * whole file, in `test/setup.ts`.
 */
export function expectSound(
  report: GradingReport,
  answers: readonly AnswerToGrade[],
  { limit, seen }: Soundness,
): void {
  expectEveryAnswerOnce(report, answers);
  const { gradedCount, failedCount, leaked } = report.metrics;
  expect(gradedCount + failedCount, 'graded and failed answers').toBe(answers.length);
  expect(report.results.map(({ index }) => index)).toEqual(answers.map((_, index) => index));
  expect(seen.peakInFlight, 'most calls in flight').toBeLessThanOrEqual(limit + leaked);
  expect(seen.inFlight, 'calls left running').toBeLessThanOrEqual(leaked);
}
