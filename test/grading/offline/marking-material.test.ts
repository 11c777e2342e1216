import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/contract/question.js';
import { markingMaterial } from '../../../src/grading/offline/marking-material.js';

const prompt = 'Why?';
const textsOf = (question: Question): unknown => {
  const material = markingMaterial(question);
  if (typeof material === 'string') return material;
  const texts = material.parts.map((part) => part.modelAnswers.map(({ text, fraction }) => `${text}=${fraction}`));
  return [material.source, ...texts];
};

describe('markingMaterial', () => {
  test('is the references, with their fractions, before anything else', () => {
    const referenceAnswers = ['a', { text: 'b', fraction: 0.5 }, { text: 'c', fraction: undefined }, '  '];
    const examples = [{ answer: 'd', score: 1 }];
    expect(textsOf({ prompt, referenceAnswers, examples })).toEqual(['references', ['a=1', 'b=0.5', 'c=1']]);
  });

  test('is the graded examples where there is no reference, as shares of the maximum', () => {
    const examples = [
      { answer: 'good', score: 4 },
      { answer: 'half', score: 2 },
      { answer: 'bad', score: -1 },
    ];
    expect(textsOf({ prompt, scoreMaximum: 4, examples })).toEqual(['examples', ['good=1', 'half=0.5', 'bad=0']]);
  });

  test('keeps references that are known to be wrong beside the examples', () => {
    const referenceAnswers = [{ text: 'wrong', fraction: 0 }];
    expect(textsOf({ prompt, referenceAnswers, examples: [{ answer: 'right', score: 1 }] })).toEqual([
      'examples',
      ['wrong=0', 'right=1'],
    ]);
  });

  test('is the criteria that earn marks where there is nothing else', () => {
    const criteria = [
      { id: 'a', description: 'names heat', points: 2 },
      { id: 'b', description: 'is rude', points: -1 },
      { id: 'c', description: ' ' },
    ];
    expect(textsOf({ prompt, rubric: { criteria } })).toEqual(['rubric', ['names heat=1']]);
  });

  test('is the options of a choice, right and wrong', () => {
    const choices = ['red', 'blue'];
    const expected = ['options', ['red=0', 'blue=1']];
    expect(textsOf({ kind: 'multiple_choice', prompt, choices, correctChoices: [1] })).toEqual(expected);
    expect(textsOf({ kind: 'multiple_choice', prompt, choices, referenceAnswers: ['blue'] })).toEqual(expected);
  });

  test('is the references of a choice without a key', () => {
    const question: Question = { kind: 'multiple_choice', prompt, choices: ['x'], referenceAnswers: ['green'] };
    expect(textsOf(question)).toEqual(['references', ['green=1']]);
  });

  test('is ways to say true and false, the key of a number, and what each blank accepts', () => {
    expect(textsOf({ kind: 'true_false', prompt, correctAnswer: false })).toEqual([
      'options',
      ['true=0', 'yes=0', 'not false=0', 'false=1', 'no=1', 'not true=1'],
    ]);
    expect(textsOf({ kind: 'numeric', prompt, numeric: { value: 5, unit: 'kg' } })).toEqual(['number', ['5 kg=1']]);
    expect(textsOf({ kind: 'numeric', prompt, numeric: { value: 5 } })).toEqual(['number', ['5 =1']]);
    expect(textsOf({ kind: 'cloze', prompt, blanks: [{ accept: ['a', 'b'] }, { accept: ['c'] }] })).toEqual([
      'blanks',
      ['a=1', 'b=1'],
      ['c=1'],
    ]);
  });

  test.each<Question>([
    { prompt },
    { prompt, referenceAnswers: [{ text: 'wrong', fraction: 0 }] },
    { prompt, examples: [{ answer: 'bad', score: 0 }] },
    { prompt, rubric: { criteria: [{ id: 'a', description: 'is rude', points: -1 }] } },
    { kind: 'cloze', prompt, blanks: [] },
    { kind: 'cloze', prompt, blanks: [{ accept: [] }] },
  ])('is nothing for %j', (question) => {
    expect(markingMaterial(question)).toMatch(/^the offline grader needs a reference answer/);
  });

  test.each<Question>([
    { kind: 'multiple_select', prompt, choices: ['a', 'b'], correctChoices: [0] },
    { kind: 'ordering', prompt, choices: ['a', 'b'], correctOrder: [1, 0] },
    { kind: 'matching', prompt, pairs: [['a', 'b']] },
  ])('is nothing where the same words can be right and wrong: $kind', (question) => {
    expect(markingMaterial(question)).toMatch(/cannot judge which options were chosen, ordered or matched/);
  });
});
