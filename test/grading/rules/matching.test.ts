import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { MatchingQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const match = (...pairs: MatchingQuestion['pairs']): MatchingQuestion => ({
  kind: 'matching',
  prompt: 'Match.',
  pairs,
});
const capitals = match(['France', 'Paris'], ['Italy', 'Rome'], ['Spain', 'Madrid'], ['Malta', 'Valletta']);

describe('pairs', () => {
  test.each<[string | readonly string[] | readonly number[], number | 'model']>([
    ['France -> Paris\nItaly -> Rome\nSpain -> Madrid\nMalta -> Valletta', 1],
    ['france->paris; ITALY => rome; Spain → Madrid.; Malta ⇒ Valletta', 1],
    ['Malta -> Valletta; Spain -> Madrid; Italy -> Rome; France -> Paris', 1],
    ['1. France -> Paris; 2. Italy -> Rome', 0.5],
    ['France -> Rome; Italy -> Paris; Spain -> Madrid; Malta -> Valletta', 0.5],
    ['France -> Paris', 0.25],
    ['Paris -> France', 'model'],
    ['France -> Lyon', 'model'],
    ['France: Paris', 'model'],
    ['France -> Paris; France -> Rome', 'model'],
    ['1 -> A', 'model'],
    [`France ${'-> '.repeat(9)}Paris`, 'model'],
    ['a -> b;'.repeat(5), 'model'],
    [['France -> Paris', 'Italy -> Rome', 'Spain -> Madrid', 'Malta -> Valletta'], 1],
    [['Paris', 'Rome', 'Madrid', 'Valletta'], 1],
    [['Paris', '', 'Madrid', 'Rome'], 0.5],
    [['A', 'B', 'C', 'D'], 'model'],
    [['Paris', 'Rome'], 'model'],
    [[0, 1, 2, 3], 1],
    [[1, 0, 2, 3], 0.5],
    [[0, 1, 2], 'model'],
    [[0, 1, 2, 4], 'model'],
    [[0, 1, 2, -1], 'model'],
    [[], 0],
    [['', '', '', ''], 0],
    ['', 0],
    ['?', 0],
  ])('are read from %j', (answer, outcome) => {
    expect(outcomeOf(capitals, answer)).toBe(outcome);
  });

  test('get all or nothing when asked', () => {
    const question: MatchingQuestion = { ...capitals, scoring: 'all_or_nothing' };
    expect(outcomeOf(question, [0, 1, 2, 3])).toBe(1);
    expect(outcomeOf(question, [1, 0, 2, 3])).toBe(0);
  });

  test('may exchange equal right sides', () => {
    const question = match(['whale', 'mammal'], ['cat', 'mammal'], ['frog', 'amphibian']);
    expect(outcomeOf(question, [1, 0, 2])).toBe(1);
    expect(outcomeOf(question, 'whale -> mammal; cat -> mammal; frog -> amphibian')).toBe(1);
  });

  test('may hold arrows in their sides when one reading is left', () => {
    expect(outcomeOf(match(['f', 'Int -> String'], ['g', 'Bool']), 'f -> Int -> String; g -> Bool')).toBe(1);
    expect(outcomeOf(match(['a', 'b -> c'], ['a -> b', 'c']), 'a -> b -> c')).toBe('model');
  });

  test('with equal left sides, or right sides in a third case, are left to a model', () => {
    expect(outcomeOf(match(['x', '1'], ['x', '2']), 'x -> 1; x -> 2')).toBe('model');
    expect(outcomeOf(match(['x', 'ab'], ['y', 'AB']), 'x -> aB')).toBe('model');
    expect(outcomeOf(match(['x', 'ab'], ['y', 'AB']), 'x -> ab; y -> AB')).toBe(1);
  });

  test.prop([fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 })])(
    'are graded alike in numbers and texts',
    (rights) => {
      const score = outcomeOf(capitals, rights);
      const names = rights.map((right) => capitals.pairs[right]?.[1] ?? '');
      expect(outcomeOf(capitals, names)).toBe(score);
      expect(outcomeOf(capitals, capitals.pairs.map(([left], index) => `${left} -> ${names[index]}`).join('\n'))).toBe(
        score,
      );
    },
  );
});
