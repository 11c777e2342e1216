import { criterionPoints } from '../contract/criterion-scale.js';
import { GradingOptionsError } from '../contract/errors.js';
import { type AnswerToGrade, DEFAULT_PASSING_SCALED_SCORE, type Question } from '../contract/question.js';
import type { GradedAnswer, GradingResult } from '../contract/result.js';
import type { ComparedMarks } from './agreement.js';

/**
 * An answer that people have marked.
 *
 * @example
 * ```ts
 * import type { MarkedAnswer } from 'gradelanes/evaluate';
 *
 * const marked: MarkedAnswer = {
 *   question: { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] },
 *   answer: 'it weighs less than the same amount of water',
 *   humanScores: [1, 0.5],
 * };
 * ```
 */
export interface MarkedAnswer extends AnswerToGrade {
  /**
   * Scaled scores 0..1, one per person. The first is what the grader is compared with; a second, by somebody who did not
   * know the first, shows how well people agree.
   */
  humanScores: readonly [number, ...number[]];
  /** The first person's points by criterion, for questions with a rubric; criteria that are not named were not marked. */
  humanCriteria?: Readonly<Record<string, number>> | undefined;
}

/** @throws {GradingOptionsError} naming the first mark that is missing or outside 0..1. */
export function checkMarks(dataset: readonly MarkedAnswer[]): void {
  if (!Array.isArray(dataset)) throw new GradingOptionsError('dataset', 'must be an array', typeof dataset);
  for (const [index, given] of dataset.entries()) {
    const scores: unknown = given?.humanScores;
    const field = `dataset[${index}].humanScores`;
    const rule = 'must be a list of one or more scores from 0 to 1';
    if (!Array.isArray(scores) || scores.length === 0) throw new GradingOptionsError(field, rule, typeof scores);
    const wrong = scores.findIndex((score) => !(typeof score === 'number' && score >= 0 && score <= 1));
    if (wrong >= 0)
      throw new GradingOptionsError(`${field}[${wrong}]`, 'must be a score from 0 to 1', `${scores[wrong]}`);
    checkCriteria(`dataset[${index}].humanCriteria`, given);
  }
}

/** Points outside of what a criterion is worth, and of criteria that the rubric does not have, are slips. */
function checkCriteria(field: string, { question, humanCriteria = {} }: MarkedAnswer): void {
  const pointsById = new Map(question.rubric?.criteria.map((criterion) => [criterion.id, criterionPoints(criterion)]));
  for (const [id, given] of Object.entries(humanCriteria)) {
    const points = pointsById.get(id);
    if (points === undefined) throw new GradingOptionsError(`${field}.${id}`, 'must be a criterion of the rubric', id);
    const [lowest, highest] = [Math.min(0, points), Math.max(0, points)];
    if (given >= lowest && given <= highest) continue;
    throw new GradingOptionsError(`${field}.${id}`, `must be points from ${lowest} to ${highest}`, String(given));
  }
}

/** A person's mark of an answer of the data set. Plain data. */
export interface HumanMark {
  /** Position in the dataset and in the results, from 0. */
  index: number;
  /** Names the question: its id, else what it asks. */
  question: string;
  /** The first person's scaled score. */
  expected: number;
  expectedPasses: boolean;
}

/** People's marks, one for each answer. */
export function humanMarks(dataset: readonly MarkedAnswer[]): readonly HumanMark[] {
  return dataset.map(({ question, humanScores: [expected] }, index) => ({
    index,
    question: nameOfQuestion(question),
    expected,
    expectedPasses: expected >= passingOf(question),
  }));
}

/** Names a question among those of a data set: its id, else what it asks. */
export function nameOfQuestion({ id, prompt }: Question): string {
  return id ?? prompt;
}

function passingOf({ passingScaledScore = DEFAULT_PASSING_SCALED_SCORE }: Question): number {
  return passingScaledScore;
}

/** A grade beside the marks of people. */
export interface GradedMark extends ComparedMarks {
  grade: GradedAnswer;
  question: string;
  /** The first two people's marks, where there are two. */
  humans: ComparedMarks | undefined;
}

/** The answers that were graded: one that failed has no score to compare. */
export function gradedMarks(
  dataset: readonly MarkedAnswer[],
  results: readonly GradingResult[],
): readonly GradedMark[] {
  return humanMarks(dataset).flatMap(({ index, question, expected, expectedPasses }): readonly GradedMark[] => {
    const [grade, marked] = [results[index], dataset[index]];
    if (grade?.status !== 'graded' || marked === undefined) return [];
    const second = marked.humanScores[1];
    const humans =
      second === undefined
        ? undefined
        : { expected, actual: second, expectedPasses, actualPasses: second >= passingOf(marked.question) };
    const [actual, actualPasses] = [grade.scaledScore, grade.isCorrect];
    return [{ expected, actual, expectedPasses, actualPasses, grade, question, humans }];
  });
}

/** What failed answers count as where they count against the grader: the other verdict, as far off as can be. */
export function failedMarks(
  dataset: readonly MarkedAnswer[],
  results: readonly GradingResult[],
): readonly (ComparedMarks & { question: string })[] {
  return humanMarks(dataset)
    .filter(({ index }) => results[index]?.status === 'failed')
    .map(({ question, expected, expectedPasses }) => {
      return { question, expected, expectedPasses, actual: expected >= 0.5 ? 0 : 1, actualPasses: !expectedPasses };
    });
}

/** A grade that is not what a person gave. */
export interface Disagreement {
  /** Position in the dataset and in the results, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** What the learner wrote. */
  answer: string;
  /** The person's scaled score. */
  expected: number;
  /** The grader's. */
  actual: number;
  expectedPasses: boolean;
  actualPasses: boolean;
  /** The grader's own words. */
  rationale?: string | undefined;
  confidence?: number | undefined;
  needsReview: boolean;
}

/** The grades furthest from a person's mark, the surest first among equals; those that agree are not among them. */
export function worstDisagreements(
  marks: readonly GradedMark[],
  dataset: readonly MarkedAnswer[],
  count: number,
): readonly Disagreement[] {
  return worstFirst(marks.filter((mark) => distance(mark) > 0))
    .slice(0, count)
    .map((mark) => disagreementOf(mark, dataset));
}

/** The grades that pass what a person fails, or fail what a person passes, in the same order. */
export function verdictDisagreements(
  marks: readonly GradedMark[],
  dataset: readonly MarkedAnswer[],
): readonly Disagreement[] {
  const wrong = marks.filter(({ expectedPasses, actualPasses }) => expectedPasses !== actualPasses);
  return worstFirst(wrong).map((mark) => disagreementOf(mark, dataset));
}

function worstFirst(marks: readonly GradedMark[]): readonly GradedMark[] {
  return marks.toSorted((left, right) => distance(right) - distance(left) || confidenceOf(right) - confidenceOf(left));
}

function distance({ expected, actual }: GradedMark): number {
  return Math.abs(actual - expected);
}

function disagreementOf(mark: GradedMark, dataset: readonly MarkedAnswer[]): Disagreement {
  const { expected, actual, expectedPasses, actualPasses } = mark;
  const { index, questionId, answerId, rationale, confidence, needsReview } = mark.grade;
  return {
    index,
    ...(questionId !== undefined && { questionId }),
    ...(answerId !== undefined && { answerId }),
    answer: textOfAnswer(dataset[index]?.answer ?? ''),
    ...{ expected, actual, expectedPasses, actualPasses },
    ...(rationale !== undefined && { rationale }),
    ...(confidence !== undefined && { confidence }),
    needsReview,
  };
}

/** An answer as one text, its parts a line each. */
export function textOfAnswer(answer: AnswerToGrade['answer']): string {
  return typeof answer === 'string' ? answer : answer.join('\n');
}

function confidenceOf({ grade }: GradedMark): number {
  return grade.confidence ?? 0;
}
