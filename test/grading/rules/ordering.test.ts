import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { OrderingQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const order = (choices: readonly string[], correctOrder: readonly number[]): OrderingQuestion => ({
  kind: 'ordering',
  prompt: 'In which order?',
  choices,
  correctOrder,
});
const recipe = order(['bake', 'eat', 'mix', 'wash'], [2, 0, 1, 3]);

describe('an order', () => {
  test.each<[string | readonly string[] | readonly number[], number | 'model']>([
    ['mix; bake; eat; wash', 1],
    ['Mix\nBake\nEat\nWash\n', 1],
    ['1. mix\n2. bake\n3. eat\n4. wash', 1],
    ['C; A; B; D', 1],
    ['C, A, B, D', 1],
    ['C > A > B > D', 1],
    ['mix -> bake → eat => wash', 1],
    ['3,1,2,4', 1],
    ['1. C; 2. A; 3. B; 4. D', 1],
    ['C) mix; A) bake; B) eat; D) wash', 1],
    ['mix; bake; wash; eat', 0.5],
    ['D; B; A; C', 0],
    [[2, 0, 1, 3], 1],
    [[0, 2, 1, 3], 0.5],
    [['mix', 'bake', 'eat', 'wash'], 1],
    [['C', 'A', 'B', 'D'], 1],
    [[], 0],
    ['', 0],
    ["I don't know", 0],
    ['mix; bake; eat', 'model'],
    ['mix; mix; bake; eat', 'model'],
    ['mix; bake; eat; drink', 'model'],
    ['CABD', 'model'],
    [[2, 0, 1], 'model'],
    [[2, 0, 1, 1], 'model'],
    [[2, 0, 1, 4], 'model'],
    [[2, 0, 1, 0.5], 'model'],
  ])('is read from %j', (answer, outcome) => {
    expect(outcomeOf(recipe, answer)).toBe(outcome);
  });

  test('gets all or nothing when asked', () => {
    const question: OrderingQuestion = { ...recipe, scoring: 'all_or_nothing' };
    expect(outcomeOf(question, [2, 0, 1, 3])).toBe(1);
    expect(outcomeOf(question, [0, 2, 1, 3])).toBe(0);
  });

  test('of numbers is read by their texts', () => {
    const numbers = order(['10', '2', '7'], [1, 2, 0]);
    expect(outcomeOf(numbers, '2, 7, 10')).toBe(1);
    expect(outcomeOf(numbers, 'B, C, A')).toBe(1);
    expect(outcomeOf(numbers, '2, 3, 1')).toBe('model');
  });

  test('may exchange equal options', () => {
    expect(outcomeOf(order(['x', 'y', 'x'], [0, 1, 2]), [2, 1, 0])).toBe(1);
  });

  test('against a key that names an option twice, or none, is left to a model', () => {
    expect(outcomeOf(order(['x', 'y'], [0, 0]), [0, 1])).toBe('model');
    expect(outcomeOf(order(['x', 'y'], []), 'x')).toBe('model');
  });

  test('is split at commas only if no option holds one', () => {
    const question = order(['a, b', 'c'], [0, 1]);
    expect(outcomeOf(question, 'a, b; c')).toBe(1);
    expect(outcomeOf(question, 'A, B')).toBe('model');
  });

  test.prop([fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.constantFrom('; ', '\n', ', ', ' > ')])(
    'is graded alike in numbers, letters and texts',
    (places, separator) => {
      const score = outcomeOf(recipe, places);
      expect(outcomeOf(recipe, places.map((index) => 'ABCD'.charAt(index)).join(separator))).toBe(score);
      expect(outcomeOf(recipe, places.map((index) => recipe.choices[index]).join(separator))).toBe(score);
    },
  );
});
