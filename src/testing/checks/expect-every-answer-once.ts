import type { AnswerToGrade } from '../../contract/question.js';
import type { GradingReport } from '../../contract/report.js';
import { jsonProblems } from './json-problems.js';
import { metricsProblems } from './metrics-problems.js';
import { resultProblems } from './result-problems.js';

/** More than this many problems are counted, but not listed. */
const MAX_LISTED = 10;

/**
 * Checks what this library promises of every report: one result per answer, in order; marks that add up; failures
 * without a score; metrics that agree with the results; plain data that survives JSON.
 *
 * @param report What a grading function returned, or the `.report` of a `GradingAbortedError`.
 * @param answers What it was asked to grade.
 * @throws {Error} that lists every promise broken, with its place in the report.
 *
 * @example
 * ```ts
 * import { gradeAnswersWithFallback } from 'gradelanes';
 * import { expectEveryAnswerOnce, faultyProvider, mockProvider } from 'gradelanes/testing';
 *
 * const answers = [{ question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' }];
 * const provider = faultyProvider(mockProvider(), ['malformed']);
 * expectEveryAnswerOnce(await gradeAnswersWithFallback(answers, { provider }), answers);
 * ```
 */
export function expectEveryAnswerOnce(report: GradingReport, answers: readonly AnswerToGrade[]): void {
  const { results, metrics } = report;
  if (!Array.isArray(results) || typeof metrics !== 'object' || metrics === null) {
    throw new Error('The report breaks 1 promise(s):\n- it must have results, a list, and metrics');
  }
  const whole = results.filter((result) => typeof result === 'object' && result !== null);
  const problems = [
    ...(results.length === answers.length ? [] : [`there are ${results.length} results for ${answers.length} answers`]),
    ...answers.flatMap((answer, index) => resultProblems(results[index], answer, index)),
    ...metricsProblems(metrics, whole),
    ...jsonProblems(report, 'report'),
  ];
  if (problems.length === 0) return;
  const listed = problems.slice(0, MAX_LISTED);
  throw new Error([`The report breaks ${problems.length} promise(s):`, ...listed].join('\n- '));
}
