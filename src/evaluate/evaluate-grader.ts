import { GradingOptionsError } from '../contract/errors.js';
import type { FailureCode } from '../contract/failure.js';
import { gradeAnswersWithFallback } from '../engine/grade-answers.js';
import type { Grader } from '../engine/create-grader.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { GradingReport, ParallelProcessingMetrics } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';
import { measureAgreement, type Agreement, type ComparedMarks, type Figure } from './agreement.js';
import { bootstrapInterval, type BootstrapOptions, resolveBootstrap, type ResolvedBootstrap } from './bootstrap.js';
import { DEFAULT_BINS, expectedCalibrationError, type ReliabilityBin, reliabilityTable } from './reliability.js';
import { confusionMatrix, type ConfusionMatrix, markLevels } from './confusion-matrix.js';
import {
  checkMarks,
  type Disagreement,
  type GradedMark,
  gradedMarks,
  type MarkedAnswer,
  worstDisagreements,
} from './marked-answers.js';
import type { ConfidencePair } from './pairs.js';

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
  /** How many disagreements to list, an integer of at least 0. @default 10 */
  worstCount?: number | undefined;
  /** How the confidence intervals are drawn. @default 1,000 draws with seed 1, level 0.95 */
  bootstrap?: BootstrapOptions | undefined;
}

/** What confidence is worth, over the grades that carry one. */
export interface Reliability {
  /** Grades with a confidence. */
  count: number;
  /** A grade counts as right where it passes the answers that a person passes. */
  bins: readonly ReliabilityBin[];
  expectedCalibrationError: Figure;
}

/** How a grader did on answers that people have marked. Plain data; figures are over graded answers only. */
export interface GraderEvaluation {
  answerCount: number;
  gradedCount: number;
  /** Answers without a grade. They are in no figure: a failure is neither right nor wrong. */
  failedCount: number;
  /** Grades that a person should look at; `withoutReview` leaves them out. */
  needsReviewCount: number;
  failures: readonly { code: FailureCode; count: number }[];
  reviewReasons: readonly { reason: string; count: number }[];
  /** The grader against the first person's marks. */
  agreement: Agreement;
  /** The same over the grades that stand as they are, without a review. */
  withoutReview: Agreement;
  /** Over the graded answers that two people marked; absent without any. */
  besideHumans?: { humans: Agreement; grader: Agreement } | undefined;
  confusion: ConfusionMatrix;
  /** Absent where no grade carries a confidence. */
  reliability?: Reliability | undefined;
  /** The grades furthest from a person's mark, the worst first. */
  worst: readonly Disagreement[];
  results: readonly GradingResult[];
  /** Time, calls, tokens and cost of the run, as measured. */
  metrics: ParallelProcessingMetrics;
}

/**
 * Grades answers that people have marked, and says how well the grader agrees with them: beside how well people agree
 * with each other, with confidence intervals, what its confidence is worth, where it is furthest off and what it cost.
 * Failed answers and grades that need review are counted apart. The same grades and seed give the same figures.
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
 * const { agreement, besideHumans } = await evaluateGrader(offlineProvider(), dataset);
 * console.log(agreement.accuracy.value, besideHumans?.humans.accuracy.value); // 1 1
 * ```
 */
export async function evaluateGrader(
  grader: GradingOptions['provider'] | Pick<Grader, 'gradeAnswersWithFallback'>,
  dataset: readonly MarkedAnswer[],
  options: EvaluateGraderOptions = {},
): Promise<GraderEvaluation> {
  const { bins = DEFAULT_BINS, worstCount = 10 } = options;
  const bootstrap = resolveBootstrap(options.bootstrap ?? {});
  checkMarks(dataset);
  const levels = markLevels(
    dataset.flatMap(({ humanScores }) => humanScores),
    options.levels,
  );
  reliabilityTable([], { bins });
  checkCount(worstCount);
  const { results, metrics } = await grade(grader, dataset, options.grading);
  const marks = gradedMarks(dataset, results);
  const compare = (pairs: readonly ComparedMarks[]): Agreement => measureAgreement(pairs, levels, bootstrap);
  const agreement = compare(marks);
  const besideHumans = compareHumans(marks, agreement, compare);
  const reliability = reliabilityOf(marks, bins, bootstrap);
  return {
    answerCount: dataset.length,
    gradedCount: marks.length,
    ...countedApart(results),
    agreement,
    withoutReview: compare(marks.filter((mark) => !mark.grade.needsReview)),
    ...(besideHumans !== undefined && { besideHumans }),
    confusion: confusionMatrix(marks, levels),
    ...(reliability !== undefined && { reliability }),
    worst: worstDisagreements(marks, worstCount),
    results,
    metrics,
  };
}

function checkCount(worstCount: number): void {
  if (Number.isInteger(worstCount) && worstCount >= 0) return;
  throw new GradingOptionsError('worstCount', 'must be an integer of at least 0', String(worstCount));
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

function countedApart(
  results: readonly GradingResult[],
): Pick<GraderEvaluation, 'failedCount' | 'needsReviewCount' | 'failures' | 'reviewReasons'> {
  const failed = results.filter((result) => result.status === 'failed');
  const doubtful = results.filter((result) => result.status === 'graded').filter(({ needsReview }) => needsReview);
  return {
    failedCount: failed.length,
    needsReviewCount: doubtful.length,
    failures: tally(failed.map(({ error }) => error.code)).map(([code, count]) => ({ code, count })),
    reviewReasons: tally(doubtful.flatMap(({ reviewReasons }) => reviewReasons)).map(([reason, count]) => ({
      reason,
      count,
    })),
  };
}

/** The commonest first. */
function tally<Value>(values: readonly Value[]): readonly [value: Value, count: number][] {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left);
}

function reliabilityOf(
  marks: readonly GradedMark[],
  bins: number,
  bootstrap: ResolvedBootstrap,
): Reliability | undefined {
  const pairs = marks.flatMap(({ grade: { confidence }, expectedPasses, actualPasses }) =>
    confidence === undefined ? [] : [{ confidence, isCorrect: expectedPasses === actualPasses }],
  );
  if (pairs.length === 0) return undefined;
  const error = (drawn: readonly ConfidencePair[]): number | undefined => expectedCalibrationError(drawn, { bins });
  return {
    count: pairs.length,
    bins: reliabilityTable(pairs, { bins }),
    expectedCalibrationError: { value: error(pairs), interval: bootstrapInterval(error, pairs, bootstrap) },
  };
}

/** Like with like: people and the grader on the same answers. */
function compareHumans(
  marks: readonly GradedMark[],
  agreement: Agreement,
  compare: (pairs: readonly ComparedMarks[]) => Agreement,
): GraderEvaluation['besideHumans'] {
  const double = marks.filter(({ humans }) => humans !== undefined);
  if (double.length === 0) return undefined;
  return {
    humans: compare(double.flatMap(({ humans = [] }) => humans)),
    grader: double.length === marks.length ? agreement : compare(double),
  };
}
