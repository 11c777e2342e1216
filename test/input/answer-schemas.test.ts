import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isGradingOptionsError, type AnswerToGrade, type Question } from 'gradelanes';
import { isPlainQuestion, questionSchemas } from '../../src/input/answer-schemas.js';
import { checkAnswers } from '../../src/input/check-answers.js';

/** `[field, rule]` below `answers[0].question`; `undefined` if the question passes. */
async function refusal(question: unknown): Promise<readonly [field: string, rule: string] | undefined> {
  try {
    await checkAnswers([{ question, answer: 'x' } as AnswerToGrade]);
    return undefined;
  } catch (error) {
    if (!isGradingOptionsError(error)) throw error;
    return [error.field.replace('answers[0].question', '').replace(/^\./, ''), error.rule];
  }
}

const prompt = 'Why?';
const choices = ['a', 'b', 'c'];
const criteria = [{ id: 'c1', description: 'says why' }];

describe('a question of each kind', () => {
  test.each<[string, Question]>([
    ['nothing but a prompt', { prompt }],
    ['short_answer', { kind: 'short_answer', prompt }],
    ['problem_solving', { kind: 'problem_solving', prompt }],
    ['essay', { kind: 'essay', prompt, rubric: { criteria } }],
    ['code', { kind: 'code', prompt, caseSensitive: true }],
    ['multiple_choice', { kind: 'multiple_choice', prompt, choices, correctChoices: [2] }],
    ['multiple_choice without a key', { kind: 'multiple_choice', prompt, choices }],
    [
      'multiple_select',
      { kind: 'multiple_select', prompt, choices, correctChoices: [0, 2], scoring: 'all_or_nothing' },
    ],
    ['multiple_select where nothing is right', { kind: 'multiple_select', prompt, choices, correctChoices: [] }],
    ['true_false', { kind: 'true_false', prompt, correctAnswer: false }],
    [
      'numeric',
      { kind: 'numeric', prompt, numeric: { value: -1.5, tolerance: 0, toleranceMode: 'relative', unit: 'm' } },
    ],
    ['ordering', { kind: 'ordering', prompt, choices, correctOrder: [2, 0, 1] }],
    ['matching', { kind: 'matching', prompt, pairs: [['a', '1']] }],
    ['cloze', { kind: 'cloze', prompt, blanks: [{ accept: ['x'], points: 2 }], scoring: 'partial' }],
  ])('passes: %s', async (_, question) => {
    expect(await refusal(question)).toBeUndefined();
  });

  test('passes with every optional field, and with every one undefined', async () => {
    const full = {
      id: 'q1',
      prompt,
      referenceAnswers: ['because', { text: 'since', fraction: 0.5 }, { text: 'no', fraction: undefined }],
      rubric: {
        criteria: [
          { id: 'c1', description: 'why', points: 2 },
          { id: 'c2', description: 'wrong', points: -1 },
        ],
      },
      scoreMaximum: 2,
      passingScaledScore: 0,
      examples: [
        { answer: '', score: 0 },
        { answer: 'since', score: 2, comment: 'all there' },
      ],
      misconceptions: [{ id: 'm', description: 'cold', feedback: 'Look again.' }],
      graderInfo: '',
      context: '',
      difficulty: 1,
      caseSensitive: false,
      language: 'pt-BR',
      localGrading: { rules: false, exactMatch: undefined },
    } satisfies Question;
    expect(await refusal(full)).toBeUndefined();
    const nothing = Object.fromEntries(Object.keys(full).map((name) => [name, undefined]));
    expect(await refusal({ ...nothing, kind: undefined, prompt })).toBeUndefined();
  });

  test.each<[string, object, string, RegExp]>([
    ['no prompt', {}, 'prompt', /^must be a text that is not empty/],
    ['an empty prompt', { prompt: '' }, 'prompt', /^must be a text that is not empty/],
    ['an unknown kind', { kind: 'riddle' }, 'kind', /^must be one of short_answer, problem_solving,/],
    ['a kind that is no text', { kind: 7 }, 'kind', /^must be one of/],
    ['a kind that every object has', { kind: 'toString' }, 'kind', /^must be one of/],
    ['a kind that is null', { kind: null }, 'kind', /^must be one of/],
    ['a reference that is no text', { referenceAnswers: [7] }, 'referenceAnswers[0]', /^must be a text, or/],
    [
      'a fraction above 1',
      { referenceAnswers: [{ text: 'x', fraction: 1.1 }] },
      'referenceAnswers[0].fraction',
      /^must be a number from 0 to 1/,
    ],
    ['references that are no list', { referenceAnswers: 'because' }, 'referenceAnswers', /^must be a list/],
    ['a rubric without criteria', { rubric: { criteria: [] } }, 'rubric.criteria', /^must be a list of at least 1/],
    ['a rubric that is no object', { rubric: [] }, 'rubric', /^must be/],
    ['a criterion that is no object', { rubric: { criteria: [7] } }, 'rubric.criteria[0]', /^must be/],
    [
      'a criterion without an id',
      { rubric: { criteria: [{ description: 'x' }] } },
      'rubric.criteria[0].id',
      /^must be/,
    ],
    [
      'a criterion with no description',
      { rubric: { criteria: [{ id: 'c', description: '' }] } },
      'rubric.criteria[0].description',
      /^must be/,
    ],
    [
      'points that are no number',
      { rubric: { criteria: [{ ...criteria[0], points: '2' }] } },
      'rubric.criteria[0].points',
      /^must be/,
    ],
    [
      'points without end',
      { rubric: { criteria: [{ ...criteria[0], points: Infinity }] } },
      'rubric.criteria[0].points',
      /^must be/,
    ],
    [
      'two criteria of one id',
      { rubric: { criteria: [...criteria, ...criteria] } },
      'rubric.criteria',
      /^must have a different id each/,
    ],
    [
      'criteria that only cost',
      { rubric: { criteria: [{ ...criteria[0], points: -1 }] } },
      'rubric.criteria',
      /^must have one with points above 0/,
    ],
    [
      'criteria that are worth nothing',
      { rubric: { criteria: [{ ...criteria[0], points: 0 }] } },
      'rubric.criteria',
      /points above 0/,
    ],
    ['no marks at all', { scoreMaximum: 0 }, 'scoreMaximum', /^must be a number above 0/],
    ['a passing score above 1', { passingScaledScore: 60 }, 'passingScaledScore', /^must be a number from 0 to 1/],
    ['an example without a score', { examples: [{ answer: 'x' }] }, 'examples[0].score', /^must be a finite number/],
    ['an example that is no object', { examples: ['x'] }, 'examples[0]', /^must be/],
    ['a misconception that is no object', { misconceptions: ['x'] }, 'misconceptions[0]', /^must be/],
    ['a misconception without an id', { misconceptions: [{ description: 'x' }] }, 'misconceptions[0].id', /^must be/],
    ['a difficulty above 1', { difficulty: 5 }, 'difficulty', /^must be a number from 0 to 1/],
    ['a switch that is no switch', { caseSensitive: 'yes' }, 'caseSensitive', /^must be true or false/],
    ['a local grading that is none', { localGrading: 'all' }, 'localGrading', /^must be true, false or/],
    ['an unknown switch', { localGrading: { rulez: true } }, 'localGrading.rulez', /^is not an option/],
    ['null where a text may be left out', { language: null }, 'language', /^must be a text/],
    ['no choices', { kind: 'multiple_choice' }, 'choices', /^must be a list/],
    ['an empty list of choices', { kind: 'multiple_choice', choices: [] }, 'choices', /^must be a list of at least 1/],
    ['a choice that is no text', { kind: 'multiple_choice', choices: [7] }, 'choices[0]', /^must be a text/],
    [
      'a key beyond the choices',
      { kind: 'multiple_choice', choices, correctChoices: [3] },
      'correctChoices[0]',
      /^must be an index of choices, counted from 0: at most/,
    ],
    [
      'a key counted from -1',
      { kind: 'multiple_choice', choices, correctChoices: [-1] },
      'correctChoices[0]',
      /^must be an index/,
    ],
    [
      'a key that is a text',
      { kind: 'multiple_choice', choices, correctChoices: ['a'] },
      'correctChoices[0]',
      /^must be an index/,
    ],
    ['multiple_select without a key', { kind: 'multiple_select', choices }, 'correctChoices', /^must be a list/],
    [
      'multiple_select with a key beyond',
      { kind: 'multiple_select', choices, correctChoices: [9] },
      'correctChoices[0]',
      /^must be an index of choices, counted from 0: at most/,
    ],
    [
      'another scoring',
      { kind: 'multiple_select', choices, correctChoices: [0], scoring: 'half' },
      'scoring',
      /^must be 'partial' or 'all_or_nothing'/,
    ],
    ['true_false without a key', { kind: 'true_false' }, 'correctAnswer', /^must be true or false/],
    [
      'true_false with a text',
      { kind: 'true_false', correctAnswer: 'true' },
      'correctAnswer',
      /^must be true or false/,
    ],
    ['numeric without a key', { kind: 'numeric' }, 'numeric', /^must be \{ value/],
    [
      'a value that is no number',
      { kind: 'numeric', numeric: { value: '5' } },
      'numeric.value',
      /^must be a finite number/,
    ],
    [
      'a tolerance below 0',
      { kind: 'numeric', numeric: { value: 5, tolerance: -1 } },
      'numeric.tolerance',
      /^must be a number of at least 0/,
    ],
    [
      'another tolerance mode',
      { kind: 'numeric', numeric: { value: 5, toleranceMode: 'percent' } },
      'numeric.toleranceMode',
      /^must be 'exact', 'absolute' or 'relative'/,
    ],
    ['ordering without an order', { kind: 'ordering', choices }, 'correctOrder', /^must be a list/],
    [
      'an order beyond the choices',
      { kind: 'ordering', choices, correctOrder: [0, 1, 3] },
      'correctOrder[2]',
      /^must be an index of choices, counted from 0: at most/,
    ],
    ['matching without pairs', { kind: 'matching', pairs: [] }, 'pairs', /^must be a list of at least 1/],
    ['half a pair', { kind: 'matching', pairs: [['a']] }, 'pairs[0]', /^must be \[left, right\]/],
    ['cloze without blanks', { kind: 'cloze' }, 'blanks', /^must be a list of at least 1/],
    ['a blank that is no object', { kind: 'cloze', blanks: ['x'] }, 'blanks[0]', /^must be/],
    [
      'a blank that accepts nothing',
      { kind: 'cloze', blanks: [{ accept: [] }] },
      'blanks[0].accept',
      /^must be a list of at least 1/,
    ],
    [
      'a blank worth nothing',
      { kind: 'cloze', blanks: [{ accept: ['x'], points: 0 }] },
      'blanks[0].points',
      /^must be a number above 0/,
    ],
  ])('refuses %s', async (_, fields, field, rule) => {
    expect(
      await refusal({ ...('prompt' in fields || Object.keys(fields).length === 0 ? {} : { prompt }), ...fields }),
    ).toEqual([field, expect.stringMatching(rule)]);
  });

  test.prop(
    [
      fc.constantFrom('short_answer', 'multiple_choice', 'multiple_select', 'numeric', 'ordering', 'matching', 'cloze'),
      fc.dictionary(
        fc.constantFrom(
          'rubric',
          'examples',
          'misconceptions',
          'choices',
          'correctChoices',
          'numeric',
          'pairs',
          'blanks',
          'referenceAnswers',
          'correctOrder',
          'scoring',
          'localGrading',
          'id',
        ),
        fc.jsonValue({ maxDepth: 3 }),
      ),
    ],
    { numRuns: 500 },
  )('is refused with a rule whatever JSON its fields hold, or passes', async (kind, fields) => {
    const error = await refusal({ kind, prompt, ...fields });
    if (error !== undefined) expect(error[1]).toMatch(/^(must|is) /);
  });
});

describe('a plain question', () => {
  const plain = {
    id: 'q1',
    prompt,
    referenceAnswers: ['Thus.'],
    graderInfo: 'Strict.',
    context: 'On ice.',
    language: 'en',
  };

  test('has texts where texts belong', () => {
    expect(isPlainQuestion({ prompt })).toBe(true);
    expect(isPlainQuestion({ kind: 'essay', ...plain })).toBe(true);
  });

  test.each<[string, object]>([
    ['no prompt', { id: 'q1' }],
    ['an empty prompt', { prompt: '' }],
    ['a prompt from its class', Object.create({ prompt })],
    ['a class', Object.assign(Object.create({ rubric: 1 }), { prompt })],
    ['a hole among its references', { prompt, referenceAnswers: Object.assign([], { 1: 'Thus.' }) }],
    ['another kind', { prompt, kind: 'numeric' }],
    ['another field', { prompt, rubric: undefined }],
  ])('has not %s', (_, question) => {
    expect(isPlainQuestion(question)).toBe(false);
  });

  test.prop(
    [
      fc.dictionary(
        fc.constantFrom('id', 'prompt', 'referenceAnswers', 'graderInfo', 'context', 'language', 'kind', 'rubric'),
        fc.oneof(fc.string(), fc.array(fc.option(fc.string())), fc.constantFrom('essay', 'code', undefined, null, 7)),
        { noNullPrototype: true },
      ),
    ],
    { numRuns: 1_000 },
  )('is one that its schema takes', (question) => {
    if (isPlainQuestion(question))
      expect(questionSchemas.essay.safeParse({ ...question, kind: 'essay' }).success).toBe(true);
  });
});
