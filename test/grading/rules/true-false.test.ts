import { describe, expect, test } from 'vitest';
import type { TrueFalseQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const judge = (prompt: string, language?: string): TrueFalseQuestion => ({
  kind: 'true_false',
  prompt,
  correctAnswer: false,
  language,
});
const flat = judge('The earth is flat.');

describe('a judgement', () => {
  test.each([
    ['false', 1],
    ['False.', 1],
    ['FALSE!', 1],
    ['(false)', 1],
    ['"false"', 1],
    ['f', 1],
    ['wrong', 1],
    ['incorrect', 1],
    ['falsch', 1],
    ['faux', 1],
    ['falso', 1],
    ['true', 0],
    ['T', 0],
    ['correct', 0],
    ['wahr', 0],
    ['richtig', 0],
    ['vrai', 0],
    ['verdadero', 0],
    ['vero', 0],
    ['verdadeiro', 0],
    ['no', 1],
    ['N', 1],
    ['nein', 'model'],
    ['não', 'model'],
    ['yes', 0],
    ['oui', 'model'],
    ['sí', 'model'],
    ['', 0],
    ['?', 0],
    ['not true', 'model'],
    ['true, because it looks flat', 'model'],
    ['false because it is round', 'model'],
    ['true or false', 'model'],
    ['tru', 'model'],
    ['0', 'model'],
    ['maybe', 'model'],
  ])('is read from the word %j', (answer, outcome) => {
    expect(outcomeOf(flat, answer)).toBe(outcome);
  });

  test.each<[string, TrueFalseQuestion, string, number | 'model']>([
    ['no to a negated statement', judge('The earth is not flat.'), 'no', 'model'],
    ['no to a contraction', judge('The earth isn’t flat.'), 'no', 'model'],
    ['no to a contraction without apostrophe', judge('The earth isnt flat.'), 'no', 'model'],
    ['yes to "is it false"', judge('It is false that the earth is flat.'), 'yes', 'model'],
    ['a yes in the language of the question', judge('Die Erde ist flach.', 'de'), 'ja', 0],
    ['a yes in English to a question in another language', judge('Die Erde ist flach.', 'de-AT'), 'yes', 0],
    ['a no in the language of the question', judge('La terre est plate.', 'fr'), 'non', 1],
    ['a yes in a third language', judge('La terre est plate.', 'fr'), 'ja', 'model'],
    ['nein to a negated statement', judge('Die Erde ist keine Scheibe.'), 'nein', 'model'],
    ['non to a negated statement', judge("La terre n'est pas plate."), 'non', 'model'],
    ['false to a negated statement', judge('The earth is not flat.'), 'false', 1],
    ['no after "True or false"', judge('True or false: the earth is flat.'), 'no', 1],
    ['no in a language whose negations are not known', judge('Jorden är platt.', 'sv'), 'no', 'model'],
    ['no in another script', judge('Земля плоская.'), 'no', 'model'],
    ['no in a known language', judge('Die Erde ist flach.', 'de-CH'), 'nein', 1],
    ['any case where case counts', { ...flat, caseSensitive: true }, 'FALSE', 1],
  ])('reads %s as a careful marker does', (_, question, answer, outcome) => {
    expect(outcomeOf(question, answer)).toBe(outcome);
  });

  test('in a list is read when it is the only one', () => {
    expect(outcomeOf(flat, ['false'])).toBe(1);
    expect(outcomeOf(flat, ['true', 'false'])).toBe('model');
    expect(outcomeOf(flat, [0])).toBe('model');
  });
});
