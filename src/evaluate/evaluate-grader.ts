import { GradingOptionsError } from '../contract/errors.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { GradingReport } from '../contract/report.js';
import type { Grader } from '../engine/create-grader.js';
import { gradeAnswersWithFallback } from '../engine/grade-answers.js';
import { type BootstrapOptions, resolveBootstrap } from './bootstrap.js';
import { compareWithPeople, type Comparison, type GraderEvaluation } from './compare-with-people.js';
import { markLevels } from './confusion-matrix.js';
import { checkMarks, type MarkedAnswer, nameOfQuestion } from './marked-answers.js';
import { DEFAULT_BINS, reliabilityTable } from './reliability.js';

/** How intervals are drawn. */
export interface EvaluationBootstrap extends BootstrapOptions {
  /**
   * Whole questions are drawn, or answers one by one. Answers to one question stand and fall together: drawn one by one,
   * they give intervals that are up to four times too narrow. @default 'question', where there are at least two
   */
  by?: 'question' | 'answer' | undefined;
}

/** How a grader is evaluated. */
export interface EvaluateGraderOptions {
  /** Options of the grading run, as the grader is used: rules, guards, limits. @default those of the grading functions */
  grading?: Partial<Omit<GradingOptions, 'provider'>> | undefined;
  /**
   * The scale of the weighted kappa and the confusion matrix: two or more scaled scores.
   * @default the marks that people used, with 0 and 1; above six of them 0, 0.25, 0.5, 0.75 and 1
   */
  levels?: readonly number[] | undefined;
  /** Bins of the reliability table, an integer of at least 1. @default 10 */
  bins?: number | undefined;
  /** How many disagreements to list, also for each criterion: an integer of at least 0. @default 10 */
  worstCount?: number | undefined;
  /**
   * `'against'` counts an answer without a grade in `agreement` as the wrong verdict and as far off as can be, so that no
   * outage passes a gate. `'apart'` leaves it out: a failure is neither right nor wrong. @default 'apart'
   */
  failedAnswers?: 'apart' | 'against' | undefined;
  /** How the confidence intervals are drawn. @default 1,000 draws of questions with seed 1, level 0.95 */
  bootstrap?: EvaluationBootstrap | undefined;
}

/**
 * Grades answers that people have marked, and says how well the grader agrees with them: overall, for each question and
 * for each criterion, beside how well people agree with each other, with confidence intervals, what its confidence is
 * worth, where it is furthest off and what it cost. Failed answers and grades that need review are counted apart. The same
 * grades and seed give the same figures.
 *
 * @param grader A provider, a chain of providers, or what `createGrader` made.
 * @param dataset Answers with the scaled scores that people gave; leave out what the grader was tuned on.
 * @param options How to grade, and how to compare.
 * @returns Plain data that survives `JSON.stringify`.
 * @throws {GradingOptionsError} (as a rejection) for misuse, before any call.
 * @throws {GradingAbortedError} (as a rejection) when the grading run is aborted.
 *
 * @example
 * ```ts
 * import { evaluateGrader, type MarkedAnswer } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const dataset: MarkedAnswer[] = [
 *   { question, answer: 'it is less dense than water', humanScores: [1, 1] },
 *   { question, answer: 'because it is cold', humanScores: [0, 0] },
 * ];
 * const { agreement, verdicts, besideHumans } = await evaluateGrader(offlineProvider(), dataset);
 * console.log(agreement.accuracy.value, verdicts.disagreed, besideHumans?.humans.accuracy.value); // 1 0 1
 * ```
 */
export async function evaluateGrader(
  grader: GradingOptions['provider'] | Pick<Grader, 'gradeAnswersWithFallback'>,
  dataset: readonly MarkedAnswer[],
  options: EvaluateGraderOptions = {},
): Promise<GraderEvaluation> {
  const comparison = resolveComparison(dataset, options);
  const { results, metrics } = await grade(grader, dataset, options.grading);
  return compareWithPeople(dataset, results, metrics, comparison);
}

function resolveComparison(dataset: readonly MarkedAnswer[], options: EvaluateGraderOptions): Comparison {
  const { bins = DEFAULT_BINS, worstCount = 10, failedAnswers = 'apart', bootstrap = {} } = options;
  const { by = 'question', ...drawing } = bootstrap;
  const resolved = resolveBootstrap(drawing);
  oneOf('bootstrap.by', by, ['question', 'answer']);
  oneOf('failedAnswers', failedAnswers, ['apart', 'against']);
  checkMarks(dataset);
  const humanScores = dataset.flatMap((each) => each.humanScores);
  const levels = markLevels(humanScores, options.levels);
  reliabilityTable([], { bins });
  checkCount(worstCount);
  const byQuestion = by === 'question' && new Set(dataset.map((each) => nameOfQuestion(each.question))).size > 1;
  return {
    ...{ levels, bins, worstCount, isFailureWrong: failedAnswers === 'against' },
    bootstrap: { ...resolved, byQuestion },
  };
}

function checkCount(worstCount: number): void {
  if (Number.isInteger(worstCount) && worstCount >= 0) return;
  throw new GradingOptionsError('worstCount', 'must be an integer of at least 0', String(worstCount));
}

function oneOf(field: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new GradingOptionsError(field, `must be one of ${allowed.join(', ')}`, value);
}

/** Without the marks: no provider sees them. */
function grade(
  grader: GradingOptions['provider'] | Pick<Grader, 'gradeAnswersWithFallback'>,
  dataset: readonly MarkedAnswer[],
  grading: EvaluateGraderOptions['grading'],
): Promise<GradingReport> {
  const answers = dataset.map(({ question, answer, id, learnerId }): AnswerToGrade => ({
    question,
    answer,
    id,
    learnerId,
  }));
  if ('gradeAnswersWithFallback' in grader) return grader.gradeAnswersWithFallback(answers, grading);
  return gradeAnswersWithFallback(answers, { ...grading, provider: grader });
}
