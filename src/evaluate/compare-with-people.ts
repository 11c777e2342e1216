import type { FailureCode } from '../contract/failure.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';
import {
  type Agreement,
  type ComparedMarks,
  FEWEST_FOR_INTERVALS,
  type Figure,
  measureAgreement,
} from './agreement.js';
import { intervalOverUnits, type ResolvedBootstrap } from './bootstrap.js';
import { confusionMatrix, type ConfusionMatrix } from './confusion-matrix.js';
import { type CriterionAgreement, criterionAgreements } from './criterion-agreement.js';
import {
  type Disagreement,
  failedMarks,
  type GradedMark,
  gradedMarks,
  type HumanMark,
  humanMarks,
  type MarkedAnswer,
  worstDisagreements,
} from './marked-answers.js';
import type { ConfidencePair } from './pairs.js';
import { expectedCalibrationError, type ReliabilityBin, reliabilityTable } from './reliability.js';
import { singleUnits, type Unit, unitsOf } from './statistics/resample.js';
import { type QuestionFigures, questionFigures, tallyVerdicts, type Verdicts } from './verdict-tally.js';
import { warningsAbout } from './warnings.js';

/** What confidence is worth, over the grades that carry one. */
export interface Reliability {
  /** Grades with a confidence. */
  count: number;
  /** A grade counts as right where it passes the answers that a person passes. */
  bins: readonly ReliabilityBin[];
  expectedCalibrationError: Figure;
}

/** How a grader did on answers that people have marked. Plain data; figures are over graded answers if not said otherwise. */
export interface GraderEvaluation {
  answerCount: number;
  /** Different questions among them. */
  questionCount: number;
  gradedCount: number;
  /** Answers without a grade. They count in `verdicts` and `questions`, and elsewhere with `failedAnswers: 'against'`. */
  failedCount: number;
  /** Grades that a person should look at; `withoutReview` leaves them out. */
  needsReviewCount: number;
  failures: readonly { code: FailureCode; count: number }[];
  reviewReasons: readonly { reason: string; count: number }[];
  /** Sentences for people about figures that say less than they seem to; empty where there is nothing to warn of. */
  warnings: readonly string[];
  /** The grader against the first person's marks. */
  agreement: Agreement;
  /** The same over the grades that stand as they are, without a review. */
  withoutReview: Agreement;
  /** Over the graded answers that two people marked; absent without any. */
  besideHumans?: { humans: Agreement; grader: Agreement } | undefined;
  /** Passes and fails, every answer counted, and the grades that a person would give another verdict. */
  verdicts: Verdicts;
  /** The same for each question. */
  questions: readonly QuestionFigures[];
  /** For each criterion that people marked; empty without `humanCriteria`. */
  criteria: readonly CriterionAgreement[];
  confusion: ConfusionMatrix;
  /** Absent where no grade carries a confidence. */
  reliability?: Reliability | undefined;
  /** The grades furthest from a person's mark, the worst first. */
  worst: readonly Disagreement[];
  /** People's marks, one for each answer: with `results`, what `reviewPolicy` learns from. */
  marks: readonly HumanMark[];
  results: readonly GradingResult[];
  /** Time, calls, tokens and cost of the run, as measured. */
  metrics: ParallelProcessingMetrics;
}

/** How grades are compared, with every default in place. */
export interface Comparison {
  levels: readonly number[];
  bins: number;
  worstCount: number;
  isFailureWrong: boolean;
  bootstrap: ResolvedBootstrap & { byQuestion: boolean };
}

/** Everything that is said of a grader, from its results and people's marks. */
export function compareWithPeople(
  dataset: readonly MarkedAnswer[],
  results: readonly GradingResult[],
  metrics: ParallelProcessingMetrics,
  { levels, bins, worstCount, isFailureWrong, bootstrap }: Comparison,
): GraderEvaluation {
  const humans = humanMarks(dataset);
  const marks = gradedMarks(dataset, results);
  const compare = (pairs: readonly NamedMarks[]): Agreement =>
    measureAgreement(pairs, levels, drawnUnits(pairs, bootstrap), bootstrap);
  const counted = isFailureWrong ? [...marks, ...failedMarks(dataset, results)] : marks;
  const besideHumans = compareHumans(marks, compare);
  const reliability = reliabilityOf(marks, bins, bootstrap);
  return {
    answerCount: dataset.length,
    questionCount: new Set(humans.map(({ question }) => question)).size,
    gradedCount: marks.length,
    ...countedApart(results),
    warnings: warningsAbout(humans, results, bootstrap.byQuestion, isFailureWrong),
    agreement: compare(counted),
    withoutReview: compare(marks.filter((mark) => !mark.grade.needsReview)),
    ...(besideHumans !== undefined && { besideHumans }),
    verdicts: tallyVerdicts(dataset, humans, results, marks, bootstrap.level),
    questions: questionFigures(humans, results, marks, bootstrap.level),
    criteria: criterionAgreements(dataset, results, worstCount, bootstrap),
    confusion: confusionMatrix(marks, levels),
    ...(reliability !== undefined && { reliability }),
    worst: worstDisagreements(marks, dataset, worstCount),
    marks: humans,
    results,
    metrics,
  };
}

/** Two marks for an answer, and the question that it belongs to. */
type NamedMarks = ComparedMarks & { question: string };

function drawnUnits(pairs: readonly { question: string }[], { byQuestion }: { byQuestion: boolean }): readonly Unit[] {
  return byQuestion ? unitsOf(pairs.map(({ question }) => question)) : singleUnits(pairs.length);
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
  bootstrap: ResolvedBootstrap & { byQuestion: boolean },
): Reliability | undefined {
  const pairs = marks.flatMap(({ grade: { confidence }, question, expectedPasses, actualPasses }) =>
    confidence === undefined ? [] : [{ confidence, isCorrect: expectedPasses === actualPasses, question }],
  );
  if (pairs.length === 0) return undefined;
  const error = (drawn: readonly ConfidencePair[]): number | undefined => expectedCalibrationError(drawn, { bins });
  const interval =
    pairs.length < FEWEST_FOR_INTERVALS
      ? undefined
      : intervalOverUnits(error, pairs, drawnUnits(pairs, bootstrap), bootstrap);
  return {
    count: pairs.length,
    bins: reliabilityTable(pairs, { bins }),
    expectedCalibrationError: { value: error(pairs), interval },
  };
}

/** Like with like: people and the grader on the same answers. */
function compareHumans(
  marks: readonly GradedMark[],
  compare: (pairs: readonly NamedMarks[]) => Agreement,
): GraderEvaluation['besideHumans'] {
  const double = marks.filter(({ humans }) => humans !== undefined);
  if (double.length === 0) return undefined;
  return {
    humans: compare(double.flatMap(({ humans, question }) => (humans === undefined ? [] : [{ ...humans, question }]))),
    grader: compare(double),
  };
}
