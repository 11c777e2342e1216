// Compiled in a fresh project by test/tools/package.mjs, with the declarations of its dependencies checked too.
import { gradeAnswersWithFallback, type AnswerToGrade, type GradingOptions, type GradingReport } from 'gradelanes';
import type { GradingMetricsElement } from 'gradelanes/elements';
import { offlineProvider } from 'gradelanes/offline';

const answer: AnswerToGrade = { question: { prompt: 'Why is the sky blue?' }, answer: 'Rayleigh scattering' };
const options: GradingOptions = { provider: offlineProvider(), maxConcurrentTasks: 3, context: undefined };
const report: GradingReport = await gradeAnswersWithFallback([answer], options);

export const scores: readonly (number | undefined)[] = report.results.map((result) =>
  result.status === 'graded' ? result.scaledScore : undefined,
);

/** The element takes a report as it is. */
export function show(element: GradingMetricsElement): GradingMetricsElement {
  return Object.assign(element, report);
}

/** A failed answer has no score: reading one is a compile error. */
// @ts-expect-error scaledScore is not a property of a failed answer
export const unread: unknown = report.results[0]?.scaledScore;
