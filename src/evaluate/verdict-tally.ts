import type { GradingResult } from '../contract/result.js';
import {
  type Disagreement,
  type GradedMark,
  type HumanMark,
  type MarkedAnswer,
  verdictDisagreements,
} from './marked-answers.js';
import { clustersOf, designEffect, intraclassCorrelation } from './statistics/clusters.js';
import { type Interval, wilsonInterval } from './statistics/distributions.js';

/** Passes and fails beside a person's, every answer counted: what a gate in a test looks at. */
export interface VerdictTally {
  /** Answers, failed ones included. */
  count: number;
  /** Grades that pass what a person passes, or fail what a person fails. */
  agreed: number;
  disagreed: number;
  /** Answers without a grade: no outage looks like agreement. */
  failed: number;
  /** `agreed / count`, 0..1; `undefined` without answers. */
  share: number | undefined;
  /** Wilson's, wider where answers share questions; below 1 even where all agree. Absent without answers. */
  interval?: Interval | undefined;
}

/** All pass/fail verdicts, and the grades that a person would give another one. */
export interface Verdicts extends VerdictTally {
  /** The furthest off first, the surest first among equals. */
  disagreements: readonly Disagreement[];
}

/** How a grader did on one question. */
export interface QuestionFigures extends VerdictTally {
  /** Names the question: its id, else what it asks. */
  question: string;
  /** Mean of (grader - person) in scaled scores, -1..1: above 0 it is too kind; `undefined` where nothing was graded. */
  bias: number | undefined;
  meanAbsoluteError: number | undefined;
}

/** Tallies all verdicts and lists those that a person would not give. */
export function tallyVerdicts(
  dataset: readonly MarkedAnswer[],
  humans: readonly HumanMark[],
  results: readonly GradingResult[],
  marks: readonly GradedMark[],
  level: number,
): Verdicts {
  return { ...tallyOf(humans, results, level), disagreements: verdictDisagreements(marks, dataset) };
}

/** The figures of each question, in the order in which the questions come. */
export function questionFigures(
  humans: readonly HumanMark[],
  results: readonly GradingResult[],
  marks: readonly GradedMark[],
  level: number,
): readonly QuestionFigures[] {
  const marksOf = Map.groupBy(marks, ({ question }) => question);
  return [...Map.groupBy(humans, ({ question }) => question)].map(([question, own]) => {
    const differences = (marksOf.get(question) ?? []).map(({ expected, actual }) => actual - expected);
    const meanOf = (values: readonly number[]): number | undefined =>
      values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      question,
      ...tallyOf(own, results, level),
      bias: meanOf(differences),
      meanAbsoluteError: meanOf(differences.map(Math.abs)),
    };
  });
}

function tallyOf(humans: readonly HumanMark[], results: readonly GradingResult[], level: number): VerdictTally {
  const agrees = humans.map(({ index, expectedPasses }) => {
    const result = results[index];
    return result?.status === 'graded' ? result.isCorrect === expectedPasses : undefined;
  });
  const [count, agreed] = [agrees.length, agrees.filter((each) => each === true).length];
  const failed = agrees.filter((each) => each === undefined).length;
  const clusters = clustersOf(
    humans.map(({ question }) => question),
    (index) => agrees[index] === true,
  );
  const effect = clusters.length < 2 ? 1 : designEffect(clusters, intraclassCorrelation(clusters));
  const interval = wilsonInterval(agreed / effect, count / effect, level);
  return {
    ...{ count, agreed, failed, disagreed: count - agreed - failed },
    share: count === 0 ? undefined : agreed / count,
    ...(interval !== undefined && { interval }),
  };
}
