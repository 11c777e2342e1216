import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Question } from '../../../src/contract/question.js';
import { confidenceIn } from '../../../src/grading/offline/cautions.js';
import { gradeOffline } from '../../../src/grading/offline/grade-offline.js';
import { prepareQuestion } from '../../../src/grading/offline/prepared-question.js';

const flagsOf = (question: Question, answer: string): unknown => {
  const prepared = prepareQuestion(question, undefined);
  const grade = typeof prepared === 'string' ? prepared : gradeOffline(prepared, answer);
  return typeof grade === 'string' ? grade : (grade.flags ?? []);
};
const prompt = 'Why does ice float?';
const referenceAnswers = ['Ice is less dense than water'];

describe('cautionsFor', () => {
  test.each<[string, Question, string, readonly string[]]>([
    ['nothing speaks against it', { prompt, referenceAnswers }, 'because it is less dense', []],
    ['it matches word for word', { prompt, referenceAnswers: ['nicht'], language: 'de' }, 'Nicht', []],
    ['one side negates', { prompt, referenceAnswers }, 'it is not less dense', ['negation_mismatch']],
    ['a word is turned round', { prompt, referenceAnswers }, 'it is more dense', ['contradiction_suspected']],
    ['it repeats the question', { prompt, referenceAnswers }, 'ice does float', ['echoes_question']],
    ['it is code', { kind: 'code', prompt, referenceAnswers: ['a + b'] }, 'b + a', ['weak_on_code']],
    ['it is German', { prompt, referenceAnswers, language: 'de' }, 'dense', ['weak_outside_english']],
    ['it is Chinese', { prompt, referenceAnswers: ['冰的密度小于水'] }, '密度小', ['weak_outside_english']],
    ['it is British', { prompt, referenceAnswers, language: 'en-GB' }, 'dense', []],
    [
      'only examples are there',
      { prompt, examples: [{ answer: 'dense', score: 1 }] },
      'denser',
      ['compared_with_examples'],
    ],
    [
      'only a rubric is there',
      { prompt, rubric: { criteria: [{ id: 'a', description: 'names density' }] } },
      'density',
      ['compared_with_rubric'],
    ],
    [
      'the reference is long',
      { prompt, referenceAnswers: ['many different words of a long text '.repeat(5)] },
      'many words',
      ['weak_on_long_answers'],
    ],
    ['the answer is cut', { prompt, referenceAnswers }, 'less dense '.repeat(2_000), ['answer_truncated']],
  ])('says why where %s', (_, question, answer, flags) => {
    expect(flagsOf(question, answer)).toEqual(flags);
  });
});

describe('confidenceIn', () => {
  test('is 0.6 at the cut and 0.9 far from it', () => {
    expect([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1].map((score) => confidenceIn(score, []))).toEqual([
      0.9, 0.9, 0.75, 0.6, 0.75, 0.9, 0.9,
    ]);
  });

  test('goes no further than the gravest caution', () => {
    expect(confidenceIn(1, ['negation_mismatch', 'compared_with_rubric'])).toBe(0.3);
  });

  test.prop([fc.double({ min: 0, max: 1, noNaN: true })])('never exceeds 0.9', (score) => {
    expect(confidenceIn(score, [])).toBeLessThanOrEqual(0.9);
    expect(confidenceIn(score, [])).toBeGreaterThanOrEqual(0.5);
  });
});
