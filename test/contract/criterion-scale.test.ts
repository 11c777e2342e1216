import { describe, expect, test } from 'vitest';
import { criterionPoints, criterionScale, describedLevel, nearestLevel } from '../../src/contract/criterion-scale.js';
import type { RubricCriterion } from '../../src/contract/question.js';

const criterion = (change: Partial<RubricCriterion>): RubricCriterion => ({ id: 'a', description: 'x', ...change });
const described = criterion({
  levels: [
    { points: 4, description: 'all' },
    { points: 0, description: 'nothing' },
    { points: 1, description: 'some' },
  ],
});
const fault = criterion({
  levels: [
    { points: 0, description: 'absent' },
    { points: -2, description: 'throughout' },
    { points: -0.5, description: 'once' },
  ],
});
const counted = criterion({ keyPoints: ['a', 'b', 'c', 'd'], keyPointsNeeded: 2 });

describe('the scale of a criterion', () => {
  test('runs from 0 to 5 in even steps where it describes none', () => {
    for (const plain of [
      undefined,
      criterion({}),
      criterion({ points: -3 }),
      criterion({ levels: [], keyPoints: [] }),
    ]) {
      expect(criterionScale(plain).shares).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    }
  });

  test('has its described levels from the lowest to the highest, and knows where they stand', () => {
    expect(criterionScale(described)).toEqual({ kind: 'described', shares: [0, 0.25, 1], positions: [1, 2, 0] });
    expect(criterionScale(fault)).toEqual({ kind: 'described', shares: [0, 0.25, 1], positions: [0, 2, 1] });
  });

  test('counts key points up to those that are needed', () => {
    expect(criterionScale(counted)).toMatchObject({ kind: 'counted', shares: [0, 0.5, 1] });
    expect(criterionScale(criterion({ keyPoints: ['a', 'b', 'c'] })).shares).toHaveLength(4);
  });
});

test('the points of a criterion are its own, else those of its highest level or its counted key points, else 1', () => {
  const points = [criterion({ points: 7 }), described, fault, counted, criterion({})].map(criterionPoints);
  expect(points).toEqual([7, 4, -2, 2, 1]);
});

test('the nearest level of a share is the lower of two as near', () => {
  const scale = criterionScale(described);
  expect([0, 0.1, 0.2, 0.625, 0.7, 1].map((share) => nearestLevel(scale, share))).toEqual([0, 0, 1, 1, 2, 2]);
});

test('a share stands for a described level where it is worth as much, by the level’s own position', () => {
  expect([0, 0.25, 0.5, 1].map((share) => describedLevel(described, share))).toEqual([1, 2, undefined, 0]);
  expect(describedLevel(criterion({}), 1)).toBeUndefined();
  expect(describedLevel(counted, 1)).toBeUndefined();
});
