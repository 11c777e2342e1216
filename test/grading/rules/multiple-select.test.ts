import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { MultipleSelectQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const select = (choices: readonly string[], correctChoices: readonly number[]): MultipleSelectQuestion => ({
  kind: 'multiple_select',
  prompt: 'Which ones?',
  choices,
  correctChoices,
});
const colours = select(['red', 'green', 'blue', 'pink'], [0, 2]);

describe('a selection', () => {
  test.each([
    ['A; C', 1],
    ['A\nC', 1],
    ['A, C', 1],
    ['A and C', 1],
    ['A & C', 1],
    ['a), c)', 1],
    ['1; 3', 1],
    ['red; blue', 1],
    ['Blue\r\nRed', 1],
    ['red, blue', 1],
    ['red and blue.', 1],
    ['A) red; C) blue', 1],
    ['A, blue', 1],
    ['A', 0.5],
    ['A; A', 0.5],
    ['A, B and C', 0.5],
    ['A; B', 0],
    ['B; D', 0],
    ['A;B;C;D', 0],
    ['', 0],
    ['no idea', 0],
    ['red; mauve', 'model'],
    ['red, not blue', 'model'],
    ['A) blue', 'model'],
    ['AC', 'model'],
    ['all', 'model'],
    ['none', 'model'],
    ['A;A;A;A;A', 'model'],
    ['A,A,A,A,A', 'model'],
    [';', 'model'],
  ])('is read from the text %j', (answer, outcome) => {
    expect(outcomeOf(colours, answer)).toBe(outcome);
  });

  test.each<[readonly number[] | readonly string[], number | 'model']>([
    [[0, 2], 1],
    [[2, 0], 1],
    [[0], 0.5],
    [[0, 0], 0.5],
    [[0, 1], 0],
    [[], 0],
    [[0, 4], 'model'],
    [[0, 1.5], 'model'],
    [[0, Number.NaN], 'model'],
    [[0, 0, 0, 0, 0], 'model'],
    [['red', 'blue'], 1],
    [['C', 'A'], 1],
    [['red', 'mauve'], 'model'],
    [['', ''], 0],
  ])('is read from the list %j', (answer, outcome) => {
    expect(outcomeOf(colours, answer)).toBe(outcome);
  });

  test('gets all or nothing when asked', () => {
    const question: MultipleSelectQuestion = { ...colours, scoring: 'all_or_nothing' };
    expect(['A; C', 'A', 'A; B; C'].map((answer) => outcomeOf(question, answer))).toStrictEqual([1, 0, 0]);
  });

  test('of nothing is right when no option is', () => {
    const question = select(['a dog', 'a cat'], []);
    expect(outcomeOf(question, [])).toBe(1);
    expect(outcomeOf(question, [0])).toBe(0);
    expect(outcomeOf(question, '')).toBe('model');
    expect(outcomeOf(question, 'none')).toBe('model');
  });

  test('separates labels by commas even where options hold commas', () => {
    const question = select(['salt, pepper', 'oil', 'pepper'], [0, 1]);
    expect(outcomeOf(question, 'A, B')).toBe(1);
    expect(outcomeOf(question, 'salt, pepper')).toBe(0.5);
    expect(outcomeOf(question, 'oil, pepper')).toBe('model');
  });

  test('leaves equal options with different marks to a model', () => {
    expect(outcomeOf(select(['x', 'x', 'y'], [0]), 'C')).toBe('model');
  });

  test.prop([fc.uniqueArray(fc.nat(3)), fc.constantFrom('; ', '\n', ', ', ' and ')])(
    'is graded alike in numbers, letters and texts',
    (picked, separator) => {
      fc.pre(picked.length > 0);
      const score = outcomeOf(colours, picked);
      const texts = picked.map((index) => colours.choices[index] ?? '');
      expect(outcomeOf(colours, picked.map((index) => 'ABCD'.charAt(index)).join(separator))).toBe(score);
      expect(outcomeOf(colours, texts.join(separator))).toBe(score);
      expect(outcomeOf(colours, texts)).toBe(score);
    },
  );
});
