import { GradingOptionsError } from '../contract/errors.js';
import type { Question } from '../contract/question.js';
import type { GradingResult, SuggestedRating } from '../contract/result.js';
import { maximumOf, scoreFromShare } from '../grading/marks/score.js';
import type { CalibrationExample } from './calibrate.js';

/** What a person decided about a grade. */
export interface GradeOverride {
  /** The question that was answered: it says what the maximum is and what passes. */
  question: Question;
  /** Points, 0..the question's maximum. The same points as before confirm the grade. */
  scoreGiven: number;
  /** For the learner, in place of what the grader wrote. @default what the grader wrote */
  feedback?: string | undefined;
  /** Why, for whoever asks later. */
  reason?: string | undefined;
  /** Who decided, by whatever name your records use. */
  reviewer?: string | undefined;
  /** @default now */
  at?: Date | undefined;
}

/** A person's grade, with what it replaces. Plain data that survives `JSON.stringify`. */
export interface OverriddenGrade {
  status: 'overridden';
  /** Position in the run's input, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  scoreGiven: number;
  scoreMaximum: number;
  /** `scoreGiven / scoreMaximum`, 0..1, rounded to 1e-6. */
  scaledScore: number;
  isCorrect: boolean;
  suggestedRating: SuggestedRating;
  feedback?: string | undefined;
  reason?: string | undefined;
  reviewer?: string | undefined;
  /** ISO 8601. */
  overriddenAt: string;
  /** What a grader, or a person before, had made of the answer; never changed. */
  original: GradingResult | OverriddenGrade;
}

/**
 * Puts a person's grade in the place of a result, or of an earlier override, and keeps that beside it. Failed answers
 * can be graded so too. {@link calibrationExamples} learns from overrides, and {@link auditRecord} records them.
 *
 * @param result What a person decided about.
 * @param override The points, and why.
 * @returns A new object; the result stays as it was.
 * @throws {GradingOptionsError} for points outside 0..maximum.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { overrideGrade } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const result = await gradeAnswer({ question, answer: 'It weighs less.' }, { provider: offlineProvider() });
 * const grade = overrideGrade(result, { question, scoreGiven: 1, reason: 'means the same', reviewer: 'Ms Okafor' });
 * console.log(grade.isCorrect, grade.original === result); // true true
 * ```
 */
export function overrideGrade(result: GradingResult | OverriddenGrade, override: GradeOverride): OverriddenGrade {
  const { question, scoreGiven, reason, reviewer, at = new Date() } = override;
  const { index, questionId, answerId } = result;
  const feedback = override.feedback ?? (result.status === 'failed' ? undefined : result.feedback);
  return {
    status: 'overridden',
    index,
    ...(questionId !== undefined && { questionId }),
    ...(answerId !== undefined && { answerId }),
    ...scoreFromShare(question, scoreGiven / checkedMaximum(question, scoreGiven)),
    ...(feedback !== undefined && { feedback }),
    ...(reason !== undefined && { reason }),
    ...(reviewer !== undefined && { reviewer }),
    overriddenAt: at.toISOString(),
    original: result,
  };
}

function checkedMaximum(question: Question, scoreGiven: number): number {
  const maximum = maximumOf(question);
  if (typeof scoreGiven === 'number' && scoreGiven >= 0 && scoreGiven <= maximum) return maximum;
  throw new GradingOptionsError('scoreGiven', `must be a number from 0 to ${maximum}`, String(scoreGiven));
}

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
export function firstResult({ original }: OverriddenGrade): GradingResult {
  return original.status === 'overridden' ? firstResult(original) : original;
}
