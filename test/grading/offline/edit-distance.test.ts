import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { editDistance } from '../../../src/grading/offline/edit-distance.js';

describe('editDistance', () => {
  // "kitten" is the usual example; "ca"/"abc" is the one that tells optimal string alignment (3) from Damerau (2).
  test.each([
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
    ['water', 'wtaer', 1],
    ['', 'abc', 3],
    ['same', 'same', 0],
  ])('of "%s" and "%s" is %i', (left, right, distance) => {
    expect(editDistance(left, right, 5)).toBe(distance);
  });

  test('stops counting one beyond the limit', () => {
    expect(editDistance('kitten', 'sitting', 1)).toBe(2);
    expect(editDistance('a', 'abcdef', 2)).toBe(3);
    expect(editDistance('abcdef', 'uvwxyz', 2)).toBe(3);
  });

  const word = fc.stringMatching(/^[abc]{0,8}$/);
  test.prop([word, word])('is the same both ways, and 0 only for equal words', (left, right) => {
    expect(editDistance(left, right, 8)).toBe(editDistance(right, left, 8));
    expect(editDistance(left, right, 8) === 0).toBe(left === right);
  });

  test.prop([word, word, fc.integer({ min: 0, max: 8 })])('does not depend on its limit', (left, right, limit) => {
    expect(editDistance(left, right, limit)).toBe(Math.min(editDistance(left, right, 8), limit + 1));
  });
});
