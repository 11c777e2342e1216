import { describe, expect, test } from 'vitest';
import type { GradedExample, RubricCriterion } from '../../src/contract/question.js';
import { isGradingOptionsError } from '../../src/contract/errors.js';
import { checkAnswers } from '../../src/input/check-answers.js';

const criterion = (change: Partial<RubricCriterion> = {}): RubricCriterion => ({
  id: 'a',
  description: 'x',
  ...change,
});
const level = (points: number) => ({ points, description: `worth ${points}` });

/** What is wrong with a question of this rubric and these examples: the field and its rule. */
async function faultOf(criteria: readonly unknown[], examples: readonly GradedExample[] = []): Promise<string> {
  const question = { prompt: 'Why?', rubric: { criteria: criteria as readonly RubricCriterion[] }, examples };
  try {
    await checkAnswers([{ question, answer: 'x' }]);
    return 'none';
  } catch (error) {
    if (!isGradingOptionsError(error)) throw error;
    return `${error.field.replace('answers[0].question.', '')} ${error.rule}`;
  }
}

describe('a criterion is taken', () => {
  test.each<[string, Partial<RubricCriterion>]>([
    ['with levels in any order', { levels: [level(2), level(0), level(1)] }],
    ['with levels of a fault', { id: 'b', levels: [level(0), level(-2)] }],
    ['with levels that begin above 0', { levels: [level(1), level(6)] }],
    ['with levels and their points', { levels: [level(0), level(3)], points: 3 }],
    ['with key points', { keyPoints: ['one', 'two'] }],
    ['with key points of which some are needed', { keyPoints: ['one', 'two'], keyPointsNeeded: 1, points: 4 }],
  ])('%s', async (_, change) => {
    expect(await faultOf([criterion(change), criterion({ id: 'c' })])).toBe('none');
  });
});

describe('a criterion is refused', () => {
  test.each<[string, object, RegExp]>([
    ['with a single level', { levels: [level(1)] }, /levels must be a list of at least 2/],
    ['with levels of equal points', { levels: [level(1), level(1)] }, /levels must have different points/],
    ['with levels on both sides of 0', { levels: [level(1), level(-1)] }, /levels must have points on one side of 0/],
    ['with a level without a description', { levels: [level(0), { points: 1 }] }, /levels\[1\].description must/],
    ['with points that are not those of its levels', { levels: [level(0), level(3)], points: 2 }, /points must be/],
    ['with levels and key points', { levels: [level(0), level(3)], keyPoints: ['x'] }, /keyPoints must not stand/],
    ['without any key point', { keyPoints: [] }, /keyPoints must be a list of at least 1/],
    ['that needs more key points than it has', { keyPoints: ['x'], keyPointsNeeded: 2 }, /keyPointsNeeded must be/],
    ['that needs half a key point', { keyPoints: ['x'], keyPointsNeeded: 0.5 }, /keyPointsNeeded must be/],
    ['that needs key points and names none', { keyPointsNeeded: 1 }, /keyPointsNeeded must be/],
  ])('%s', async (_, change, fault) => {
    expect(await faultOf([criterion(change)])).toMatch(fault);
  });

  test('where none is worth marks', async () => {
    expect(await faultOf([criterion({ levels: [level(0), level(-1)] })])).toMatch(/one with points above 0/);
  });
});

describe('the points of an example by criterion', () => {
  const criteria = [criterion({ points: 2 }), criterion({ id: 'b' }), criterion({ id: 'fault', points: -1 })];
  const example = (score: number, points: Record<string, number>): readonly GradedExample[] => [
    { answer: 'x', score, criteria: points },
  ];

  test.each<[number, Record<string, number>]>([
    [3, { a: 2, b: 1, fault: 0 }],
    [0.5, { a: 1, b: 0.5, fault: -1 }],
    [0, { a: 0, b: 0, fault: -1 }],
  ])('are taken where they fit the rubric: %d', async (score, points) => {
    expect(await faultOf(criteria, example(score, points))).toBe('none');
  });

  test.each<[string, number, Record<string, number>, RegExp]>([
    ['leave out a criterion', 2, { a: 2, b: 0 }, /criteria must have points for every criterion/],
    ['name another', 2, { a: 2, b: 0, fault: 0, c: 0 }, /criteria must have points for every criterion/],
    ['are above the criterion', 4, { a: 3, b: 1, fault: 0 }, /criteria must have points from 0 to/],
    ['are above 0 for a fault', 4, { a: 2, b: 1, fault: 1 }, /criteria must have points from 0 to/],
    ['do not sum to the score', 2, { a: 2, b: 1, fault: 0 }, /criteria must sum to the score/],
  ])('are refused where they %s', async (_, score, points, fault) => {
    expect(await faultOf(criteria, example(score, points))).toMatch(fault);
  });

  test('are refused beside no rubric', async () => {
    const question = { prompt: 'Why?', examples: example(1, { a: 1 }) };
    await expect(checkAnswers([{ question, answer: 'x' }])).rejects.toThrow(/every criterion/);
  });
});
