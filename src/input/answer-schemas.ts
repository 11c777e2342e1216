import * as z from 'zod/mini';
import { exampleSchema, examplesFitRubric, rubricSchema } from './rubric-schema.js';
import { localGradingSchema, share } from './option-schemas.js';
import type { AnswerToGrade, Question, QuestionKind } from '../contract/question.js';

const text = z.string({ error: 'must be a text' });
const nonEmptyText = z
  .string({ error: 'must be a text that is not empty' })
  .check(z.minLength(1, { error: 'must be a text that is not empty' }));
const finite = z.number({ error: 'must be a finite number' });
const positive = z.number({ error: 'must be a number above 0' }).check(z.gt(0, { error: 'must be a number above 0' }));
const notNegative = z
  .number({ error: 'must be a number of at least 0' })
  .check(z.gte(0, { error: 'must be a number of at least 0' }));
const fraction = share(1);
const toggle = z.boolean({ error: 'must be true or false' });
const list = <Schema extends z.core.$ZodType>(schema: Schema, minimum = 0) => {
  if (minimum === 0) return z.readonly(z.array(schema, { error: 'must be a list' }));
  const error = `must be a list of at least ${minimum}`;
  return z.readonly(z.array(schema, { error }).check(z.minLength(minimum, { error })));
};
const indices = list(
  z.int({ error: 'must be an index, counted from 0' }).check(z.gte(0, { error: 'must be an index, counted from 0' })),
);
const scoring = z.optional(z.enum(['partial', 'all_or_nothing'], { error: "must be 'partial' or 'all_or_nothing'" }));
const maybe = <Schema extends z.core.$ZodType>(schema: Schema) => z.optional(schema);

const referenceAnswer = z.union([text, z.object({ text, fraction: maybe(fraction) })], {
  error: 'must be a text, or { text, fraction } with a fraction from 0 to 1',
});

const localGrading = z.union([toggle, localGradingSchema], {
  error: 'must be true, false or { rules, exactMatch, blank }',
});

const base = {
  id: maybe(text),
  prompt: nonEmptyText,
  referenceAnswers: maybe(list(referenceAnswer)),
  rubric: maybe(rubricSchema),
  scoreMaximum: maybe(positive),
  passingScaledScore: maybe(fraction),
  examples: maybe(list(exampleSchema)),
  misconceptions: maybe(
    list(
      z.object(
        { id: nonEmptyText, description: nonEmptyText, feedback: maybe(text) },
        { error: 'must be { id, description, feedback? }' },
      ),
    ),
  ),
  graderInfo: maybe(text),
  context: maybe(text),
  difficulty: maybe(fraction),
  caseSensitive: maybe(toggle),
  language: maybe(text),
  localGrading: maybe(localGrading),
};

const choices = list(text, 1);
const within = <Name extends 'correctChoices' | 'correctOrder'>(name: Name) =>
  z.check<{ choices: readonly string[] } & { [Key in Name]?: readonly number[] | undefined }>(({ value, issues }) => {
    const last = value.choices.length - 1;
    const position = (value[name] ?? []).findIndex((index) => index > last);
    if (position < 0) return;
    const message = `must be an index of choices, counted from 0: at most ${last}`;
    issues.push({ code: 'custom', input: value, path: [name, position], message });
  });

const numericKey = z.object(
  {
    value: finite,
    tolerance: maybe(notNegative),
    toleranceMode: maybe(
      z.enum(['exact', 'absolute', 'relative'], { error: "must be 'exact', 'absolute' or 'relative'" }),
    ),
    unit: maybe(text),
  },
  { error: 'must be { value, tolerance?, toleranceMode?, unit? }' },
);

const freeText = (kind: 'short_answer' | 'problem_solving' | 'essay' | 'code') =>
  z.object({ ...base, kind: maybe(z.literal(kind)) });

/** Checks the points of the examples where everything else is as it must be. */
const marked = (schema: z.ZodMiniType<Question>) => schema.check(examplesFitRubric);

/** What each kind of question must look like. More properties than these are fine: rows of a database fit as they are. */
export const questionSchemas: { readonly [Kind in QuestionKind]: z.ZodMiniType<Question> } = {
  short_answer: marked(freeText('short_answer')),
  problem_solving: marked(freeText('problem_solving')),
  essay: marked(freeText('essay')),
  code: marked(freeText('code')),
  multiple_choice: marked(
    z
      .object({ ...base, kind: z.literal('multiple_choice'), choices, correctChoices: maybe(indices) })
      .check(within('correctChoices')),
  ),
  multiple_select: marked(
    z
      .object({ ...base, kind: z.literal('multiple_select'), choices, correctChoices: indices, scoring })
      .check(within('correctChoices')),
  ),
  true_false: marked(z.object({ ...base, kind: z.literal('true_false'), correctAnswer: toggle })),
  numeric: marked(z.object({ ...base, kind: z.literal('numeric'), numeric: numericKey })),
  ordering: marked(
    z
      .object({ ...base, kind: z.literal('ordering'), choices, correctOrder: indices, scoring })
      .check(within('correctOrder')),
  ),
  matching: marked(
    z.object({
      ...base,
      kind: z.literal('matching'),
      pairs: list(z.readonly(z.tuple([text, text], { error: 'must be [left, right]' })), 1),
      scoring,
    }),
  ),
  cloze: marked(
    z.object({
      ...base,
      kind: z.literal('cloze'),
      blanks: list(
        z.object({ accept: list(text, 1), points: maybe(positive) }, { error: 'must be { accept, points? }' }),
        1,
      ),
      scoring,
    }),
  ),
};

const PLAIN_KINDS: ReadonlySet<unknown> = new Set(['short_answer', 'problem_solving', 'essay', 'code']);
const PLAIN_TEXTS: ReadonlySet<string> = new Set(['id', 'graderInfo', 'context', 'language']);

/**
 * Whether a question is free text with nothing but texts, as most are. Says so only of questions that their schema
 * takes, in a tenth of its time, which counts where every answer brings a question of its own.
 */
export function isPlainQuestion(question: object): question is Question {
  if (Object.getPrototypeOf(question) !== Object.prototype || !Object.hasOwn(question, 'prompt')) return false;
  return Object.entries(question).every(([name, value]: [string, unknown]) => {
    if (name === 'kind') return PLAIN_KINDS.has(value);
    // A copy, since every() would skip holes.
    if (name === 'referenceAnswers')
      return Array.isArray(value) && [...value].every((each) => typeof each === 'string');
    if (name === 'prompt') return typeof value === 'string' && value !== '';
    return PLAIN_TEXTS.has(name) && typeof value === 'string';
  });
}

/** The answer beside its question, which is checked by its kind. */
export const answerSchema: z.ZodMiniType<Omit<AnswerToGrade, 'question'> & { question: object }> = z.object(
  {
    question: z.custom<object>((value) => typeof value === 'object' && value !== null, { error: 'must be a question' }),
    answer: z.union([text, z.array(text), z.array(finite)], {
      error: 'must be a text, a list of texts or a list of numbers',
    }),
    id: maybe(text),
    learnerId: maybe(text),
  },
  { error: 'must be { question, answer }' },
);
