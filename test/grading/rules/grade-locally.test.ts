import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { MultipleChoiceQuestion, NumericQuestion, Question } from '../../../src/contract/question.js';
import { gradeLocally } from '../../../src/grading/rules/grade-locally.js';

const ALL = { rules: true, exactMatch: true, blank: true };
const NONE = { rules: false, exactMatch: false, blank: false };

const QUESTIONS: readonly Question[] = [
  { prompt: 'Why?', referenceAnswers: ['It floats.', { text: 'It is light', fraction: 0.5 }] },
  { kind: 'code', prompt: 'Write it.', referenceAnswers: ['a = 1;\n b = 2;'] },
  { kind: 'multiple_choice', prompt: 'Which?', choices: ['A) a, b', '2', '-5'], correctChoices: [1] },
  { kind: 'multiple_select', prompt: 'Which?', choices: ['a, b', 'a;b', '-> c', '1'], correctChoices: [0, 3] },
  { kind: 'true_false', prompt: 'It does not float.', correctAnswer: true },
  { kind: 'numeric', prompt: 'How much?', numeric: { value: 1.5, tolerance: 0.1, unit: 'm/s' }, language: 'de' },
  { kind: 'ordering', prompt: 'Order.', choices: ['a', 'b > c', '1'], correctOrder: [2, 0, 1] },
  {
    kind: 'matching',
    prompt: 'Match.',
    pairs: [
      ['a', 'b -> c'],
      ['1', ''],
    ],
  },
  { kind: 'cloze', prompt: 'Fill.', blanks: [{ accept: ['', 'a;b'] }, { accept: ['-'], points: 0.1 }] },
];

const pieces = [
  'A',
  'b)',
  '1',
  '2.',
  ';',
  '\n',
  ',',
  '->',
  ' ',
  '-',
  '.',
  '%',
  'm/s',
  '½',
  '\ud800',
  '\u200f',
  '"',
  '!',
];
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...pieces)).map((part) => part.join('')),
);
const anyAnswer = fc.oneof(
  anyText,
  fc.array(anyText),
  fc.array(fc.oneof(fc.double(), fc.integer({ min: -1, max: 4 }))),
);

describe('gradeLocally', () => {
  const choice: MultipleChoiceQuestion = {
    kind: 'multiple_choice',
    prompt: 'Which?',
    choices: ['x', 'y'],
    correctChoices: [0],
  };
  const floats: Question = { prompt: 'Why?', referenceAnswers: ['It floats.'] };

  test('names the rule that decided', () => {
    expect(gradeLocally(choice, 'x', ALL)).toStrictEqual({
      decided: true,
      gradedBy: 'rule',
      rule: 'multiple_choice',
      score: 1,
    });
    expect(gradeLocally(floats, '', ALL)).toStrictEqual({ decided: true, gradedBy: 'rule', rule: 'blank', score: 0 });
    expect(gradeLocally(floats, 'it floats', ALL)).toStrictEqual({
      decided: true,
      gradedBy: 'exact',
      rule: 'exact_match',
      score: 1,
    });
  });

  test.each<[string, Question, string]>([
    ['rules', choice, 'x'],
    ['exactMatch', floats, 'It floats.'],
    ['blank', floats, ''],
  ])('decides by %s only while that is on', (name, question, answer) => {
    expect(gradeLocally(question, answer, { ...NONE, [name]: true }).decided).toBe(true);
    expect(gradeLocally(question, answer, { ...ALL, [name]: false }).decided).toBe(false);
    expect(gradeLocally(question, answer, NONE)).toStrictEqual({ decided: false, finding: undefined });
  });

  test('matches the references of a choice when rules are off', () => {
    const question = { ...choice, referenceAnswers: ['x'] };
    expect(gradeLocally(question, 'X', { ...ALL, rules: false })).toMatchObject({ decided: false });
    expect(gradeLocally(question, 'x', { ...ALL, rules: false })).toMatchObject({ gradedBy: 'exact', score: 1 });
  });

  const mass: NumericQuestion = { kind: 'numeric', prompt: 'How heavy?', numeric: { value: 5, unit: 'kg' } };

  test.each<[string, Question, string]>([
    ['5', mass, 'The unit is missing. The number is right.'],
    ['4', mass, 'The unit is missing. The number is wrong.'],
    ['5000 g', mass, 'In the unit of the key the number is right.'],
    ['6000 g', mass, 'In the unit of the key the number is wrong.'],
    ['50%', { ...mass, numeric: { value: 50 } }, 'The number is right if percent was meant.'],
    ['y', { ...choice, referenceAnswers: ['y'] }, 'Key and references disagree on this answer.'],
    ['5', { ...mass, numeric: { value: 4 }, referenceAnswers: ['5'] }, 'Key and references disagree on this answer.'],
    [
      'x; y; z',
      { kind: 'cloze', prompt: 'Fill.', blanks: [{ accept: ['a'] }, { accept: ['y'] }, { accept: ['c'] }] },
      'Gaps with a text that is not on the list, counted from 1: 1, 3.',
    ],
  ])('tells the model what it saw in %j', (answer, question, finding) => {
    expect(gradeLocally(question, answer, ALL)).toStrictEqual({ decided: false, finding });
  });

  test.prop([fc.constantFrom(...QUESTIONS), anyAnswer])('never throws and never leaves 0..1', (question, answer) => {
    const grade = gradeLocally(question, answer, ALL);
    expect(grade.decided ? grade.score : 0).toBeGreaterThanOrEqual(0);
    expect(grade.decided ? grade.score : 0).toBeLessThanOrEqual(1);
  });

  test.prop([fc.constantFrom(...QUESTIONS), fc.string({ unit: 'grapheme', minLength: 12 })])(
    'never quotes the learner',
    (question, answer) => {
      const grade = gradeLocally(question, answer, ALL);
      expect(grade.decided ? '' : (grade.finding ?? '')).not.toContain(answer);
    },
  );

  const hostile: readonly (readonly [name: string, text: string])[] = [
    ['lone surrogates', '\ud800'],
    ['direction marks', '\u200f'],
    ['combining marks', '\u0301\u0323'],
    ['half-width marks', '\u0301\uff9e'],
    ['characters that become eighteen', '\ufdfa'],
    ['spaces', ' '],
    ['spaces and full stops', ' .'],
    ['quotes', '\'"'],
    ['semicolons', '; '],
    ['arrows', '-> '],
    ['grouped digits', ',111'],
    ['raised digits', '1²'],
    ['fractions', '1½'],
    ['commas', 'A, '],
    ['inverted marks', '¿ '],
    ['exclamation marks', '! '],
    ['colons', 'a:'],
    ['line feeds', '\r\n'],
    ['joined emoji', '👨‍👩‍👧'],
  ];

  test.each(hostile)('takes time in proportion to 1 MB of %s', (_, unit) => {
    const text = `x${unit.repeat(1_000_000 / unit.length)}x`;
    const start = performance.now();
    for (const question of QUESTIONS) gradeLocally(question, text, ALL);
    // Linear work takes a fraction of a second for all kinds together, quadratic work takes many minutes.
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  test('finds a reference among 100,000 direction marks', () => {
    expect(gradeLocally(floats, `${'\u200f'.repeat(100_000)}It floats.`, ALL)).toMatchObject({ score: 1 });
  });
});
