import { GradingOptionsError } from '../contract/errors.js';
import { DEFAULT_PASSING_SCALED_SCORE } from '../contract/question.js';
import type { GradedAnswer, GradingResult } from '../contract/result.js';
import type { GraderEvaluation } from './compare-with-people.js';
import { firstResult, type OverriddenGrade } from './override-grade.js';

/**
 * A result beside the mark that a person gave.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import type { MarkedGrade } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { id: 'ice', prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const result = await gradeAnswer({ question, answer: 'less dense' }, { provider: offlineProvider() });
 * const marked: MarkedGrade = { result, humanScore: 1 };
 * ```
 */
export interface MarkedGrade {
  result: GradingResult;
  /** The person's scaled score, 0..1. */
  humanScore: number;
  /** The person passes the answer. @default humanScore >= 0.5 */
  humanPasses?: boolean | undefined;
  /** Names the question: answers to one question stand and fall together. @default the result's `questionId` */
  question?: string | undefined;
}

/** Where grades beside people's marks come from: as they are, from people's overrides, or from an evaluation. */
export type MarkedGrades = readonly (MarkedGrade | OverriddenGrade)[] | Pick<GraderEvaluation, 'marks' | 'results'>;

/** A grade beside a person's mark, with every default in place. */
export interface GradeBesideMark {
  grade: GradedAnswer;
  humanScore: number;
  humanPasses: boolean;
  /** Equal for answers to the same question. */
  question: string;
}

/**
 * The grades among them, without what failed.
 *
 * @throws {GradingOptionsError} naming the first entry that is none.
 */
export function gradesBesideMarks(given: MarkedGrades): readonly GradeBesideMark[] {
  return listOf(given).flatMap((each, index): readonly GradeBesideMark[] => {
    const field = `marked[${index}]`;
    const marked = checked(field, 'status' in each ? fromOverride(each) : each);
    const { result, humanScore, humanPasses = humanScore >= DEFAULT_PASSING_SCALED_SCORE } = marked;
    // Without a name every answer counts as a question of its own.
    const question = marked.question ?? result.questionId ?? field;
    return result.status === 'graded' ? [{ grade: result, humanScore, humanPasses, question }] : [];
  });
}

function listOf(given: MarkedGrades): readonly (MarkedGrade | OverriddenGrade)[] {
  if (Array.isArray(given)) return given;
  if (typeof given !== 'object' || given === null || !('marks' in given) || !Array.isArray(given.results)) {
    throw new GradingOptionsError('marked', 'must be a list of marked grades or an evaluation', typeof given);
  }
  const { marks, results } = given;
  return marks.flatMap(({ index, expected, expectedPasses, question }): readonly MarkedGrade[] => {
    const result = results[index];
    return result === undefined ? [] : [{ result, humanScore: expected, humanPasses: expectedPasses, question }];
  });
}

function fromOverride(override: OverriddenGrade): MarkedGrade {
  return { result: firstResult(override), humanScore: override.scaledScore, humanPasses: override.isCorrect };
}

function checked(field: string, marked: MarkedGrade): MarkedGrade {
  const status: unknown = marked?.result?.status;
  if (status !== 'graded' && status !== 'failed') {
    throw new GradingOptionsError(
      `${field}.result`,
      'must be a result of the grading functions',
      typeof marked?.result,
    );
  }
  const score: unknown = marked.humanScore;
  if (typeof score === 'number' && score >= 0 && score <= 1) return marked;
  throw new GradingOptionsError(`${field}.humanScore`, 'must be a score from 0 to 1', String(score));
}
