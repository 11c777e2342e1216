import * as z from 'zod/mini';
import { criterionPoints } from '../contract/criterion-scale.js';
import type { GradedExample, Rubric, RubricCriterion } from '../contract/question.js';

const text = z.string({ error: 'must be a text' });
const nonEmptyText = z
  .string({ error: 'must be a text that is not empty' })
  .check(z.minLength(1, { error: 'must be a text that is not empty' }));
const finite = z.number({ error: 'must be a finite number' });
const someOf = <Schema extends z.core.$ZodType>(schema: Schema, minimum: number) => {
  const error = `must be a list of at least ${minimum}`;
  return z.readonly(z.array(schema, { error }).check(z.minLength(minimum, { error })));
};

/** Sums of fractions miss their value by less. */
const ROUNDING = 1e-6;

const levels = someOf(
  z.object({ points: finite, description: nonEmptyText }, { error: 'must be { points, description }' }),
  2,
).check(
  z.refine((all) => new Set(all.map(({ points }) => points)).size === all.length, {
    error: 'must have different points each',
  }),
  z.refine((all) => !(all.some(({ points }) => points > 0) && all.some(({ points }) => points < 0)), {
    error: 'must have points on one side of 0: a fault is a criterion of its own',
  }),
);

const criterion: z.ZodMiniType<RubricCriterion> = z
  .object(
    {
      id: nonEmptyText,
      description: nonEmptyText,
      points: z.optional(finite),
      levels: z.optional(levels),
      keyPoints: z.optional(someOf(nonEmptyText, 1)),
      keyPointsNeeded: z.optional(z.int({ error: 'must be a whole number' })),
    },
    { error: 'must be { id, description, points?, levels?, keyPoints? }' },
  )
  .check(
    z.refine(
      ({ points, levels: given }) =>
        given === undefined ||
        points === undefined ||
        points === criterionPoints({ id: '', description: '', levels: given }),
      {
        error: 'must be the points of its highest level, or be left out',
        path: ['points'],
      },
    ),
    z.refine(({ levels: given, keyPoints }) => given === undefined || keyPoints === undefined, {
      error: 'must not stand beside levels',
      path: ['keyPoints'],
    }),
    z.refine(({ keyPoints, keyPointsNeeded: needed }) => needed === undefined || isCountOf(needed, keyPoints), {
      error: 'must be from 1 to the number of keyPoints',
      path: ['keyPointsNeeded'],
    }),
  );

/** A rubric that can be marked with: its criteria are told apart, complete in themselves, and worth something. */
export const rubricSchema: z.ZodMiniType<Rubric> = z.object(
  {
    criteria: someOf(criterion, 1).check(
      z.refine((criteria) => new Set(criteria.map(({ id }) => id)).size === criteria.length, {
        error: 'must have a different id each',
      }),
      z.refine((criteria) => criteria.some((each) => criterionPoints(each) > 0), {
        error: 'must have one with points above 0',
      }),
    ),
  },
  { error: 'must be { criteria: [...] }' },
);

/** An answer that the teacher has marked; whether its points fit the rubric is checked with the question. */
export const exampleSchema: z.ZodMiniType<GradedExample> = z.object(
  {
    answer: text,
    score: finite,
    criteria: z.optional(z.record(text, finite, { error: 'must be points by criterion id' })),
    comment: z.optional(text),
  },
  { error: 'must be { answer, score, criteria?, comment? }' },
);

/** A question as far as its rubric and examples go. */
interface MarkedQuestion {
  readonly rubric?: Rubric | undefined;
  readonly examples?: readonly GradedExample[] | undefined;
}

/** The points of the examples by criterion are those of the rubric: every criterion, within its points, in sum the score. */
export const examplesFitRubric: z.core.$ZodCheck<MarkedQuestion> = z.superRefine((question, context) => {
  for (const [index, example] of (question.examples ?? []).entries()) {
    const fault = faultInPoints(example, question.rubric);
    if (fault !== undefined) {
      context.addIssue({ code: 'custom', message: fault, path: ['examples', index, 'criteria'], input: question });
    }
  }
});

function faultInPoints({ criteria: points, score }: GradedExample, rubric: Rubric | undefined): string | undefined {
  if (points === undefined) return undefined;
  const criteria = rubric?.criteria ?? [];
  const ids = new Set(criteria.map(({ id }) => id));
  if (criteria.some(({ id }) => !Object.hasOwn(points, id)) || Object.keys(points).some((id) => !ids.has(id))) {
    return 'must have points for every criterion of the rubric, and for no other';
  }
  if (!criteria.every((each) => isWithin(points[each.id] ?? 0, criterionPoints(each)))) {
    return 'must have points from 0 to those of the criterion';
  }
  const sum = Object.values(points).reduce((total, each) => total + each, 0);
  return Math.abs(Math.max(0, sum) - score) <= ROUNDING ? undefined : 'must sum to the score of the example';
}

function isWithin(points: number, worth: number): boolean {
  return points >= Math.min(0, worth) && points <= Math.max(0, worth);
}

function isCountOf(needed: number, keyPoints: readonly string[] | undefined): boolean {
  return needed >= 1 && needed <= (keyPoints?.length ?? 0);
}
