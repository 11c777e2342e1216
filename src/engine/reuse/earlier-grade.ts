import * as z from 'zod/mini';
import { criterionPoints } from '../../contract/criterion-scale.js';
import { scoreFromShare } from '../../grading/marks/score.js';
import { checkOptions } from '../../input/check-input.js';
import { GradingOptionsError } from '../../contract/errors.js';
import { share } from '../../input/option-schemas.js';
import type { Question } from '../../contract/question.js';
import type { GradedAnswer } from '../../contract/result.js';

/** Tolerance for marks: a result rounds them to 1e-6 apart from their share of the maximum. */
const ROUNDING = 1e-6;

/** The part of a grade that a later run takes over: neither its place in its own run nor the effort that it took. */
export type EarlierGrade = Omit<
  GradedAnswer,
  'index' | 'questionId' | 'answerId' | 'mode' | 'attempts' | 'durationMs' | 'queuedMs' | 'usage' | 'fromCache'
>;

// Schemas with sentences of their own, since their messages reach users.
const text = z.string({ error: 'must be a text' });
const number = z.number({ error: 'must be a number' });
const toggle = z.boolean({ error: 'must be true or false' });
const toCount = z.int({ error: 'must be a whole number' }).check(z.gte(0, { error: 'must be at least 0' }));
const fraction = share(1);
const list = <Schema extends z.core.$ZodType>(schema: Schema) =>
  z.readonly(z.array(schema, { error: 'must be a list' }));

// Positions in the answer's text, in UTF-16 units.
const evidence = z.optional(list(z.object({ start: toCount, end: toCount })));

/** Schema of an earlier grade. Objects with more properties fit too; these are left out. */
const schema: z.ZodMiniType<EarlierGrade> = z.object({
  status: z.literal('graded', { error: "must be 'graded' or 'failed'" }),
  // The key tells if a grade is of the same answer under the same options.
  key: z.string({ error: 'must be there: runs with resumeFrom or onResult set it' }),
  scoreGiven: number,
  scoreMaximum: number,
  scaledScore: fraction,
  isCorrect: toggle,
  suggestedRating: z.literal([1, 2, 3, 4], { error: 'must be 1, 2, 3 or 4' }),
  criteria: z.optional(
    list(
      z.object({
        id: text,
        scoreGiven: number,
        scoreMaximum: number,
        level: z.optional(toCount),
        comment: z.optional(text),
        evidence,
      }),
    ),
  ),
  evidence,
  evidenceDropped: z.optional(toCount),
  parts: z.optional(list(z.object({ index: toCount, isCorrect: toggle, scoreGiven: number, scoreMaximum: number }))),
  feedback: z.optional(text),
  rationale: z.optional(text),
  confidence: z.optional(fraction),
  opinions: z.optional(
    list(
      z.object({
        scaledScore: fraction,
        confidence: z.optional(fraction),
        provider: text,
        model: z.optional(text),
        requestId: z.optional(text),
      }),
    ),
  ),
  gradedBy: z.enum(['rule', 'exact', 'llm', 'offline'], { error: 'must say who graded' }),
  needsReview: toggle,
  reviewReasons: list(text),
  rule: z.optional(text),
  flags: z.optional(list(text)),
  provider: z.optional(text),
  model: z.optional(text),
  promptVersion: z.optional(text),
  requestId: z.optional(text),
});

/**
 * Reads what is said to be the earlier grade of an answer to a question. It may come from anywhere.
 *
 * @throws {GradingOptionsError} if it is none: a field is missing or wrong, or its marks are none of this question's.
 */
export function readEarlierGrade(found: object, question: Question): EarlierGrade {
  const grade = checkOptions(schema, found, 'resumeFrom');
  if (!hasMarksOf(question, grade)) {
    throw new GradingOptionsError('resumeFrom', 'must find grades whose marks fit the question', 'others');
  }
  return grade;
}

/** True if totals and criteria are what this question would give today: its marks may have changed since. */
function hasMarksOf(question: Question, grade: EarlierGrade): boolean {
  const score = scoreFromShare(question, grade.scaledScore);
  const fits = grade.criteria?.every(({ id, scoreMaximum }, position) => {
    const criterion = question.rubric?.criteria[position];
    return criterion?.id === id && criterionPoints(criterion) === scoreMaximum;
  });
  return (
    fits !== false &&
    grade.scoreMaximum === score.scoreMaximum &&
    Math.abs(grade.scoreGiven - score.scoreGiven) <= ROUNDING * Math.max(1, score.scoreMaximum) &&
    grade.isCorrect === score.isCorrect &&
    grade.suggestedRating === score.suggestedRating
  );
}
