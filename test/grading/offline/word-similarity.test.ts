import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { wordSimilarity } from '../../../src/grading/offline/word-similarity.js';

describe('wordSimilarity', () => {
  test.each([
    ['colour', 'color', 0.88],
    ['bulb', 'bulv', 0.8],
    ['temperature', 'temprture', 0.76],
    ['photosynthesis', 'photosynthetic', 0.76],
    ['conductive', 'conductor', 0.75],
    ['increase', 'decrease', 0],
    ['internal', 'external', 0],
    ['cat', 'cut', 0],
    ['water', 'metal', 0],
  ])('of "%s" and "%s" is %d', (left, right, similarity) => {
    expect(wordSimilarity(left, right)).toBe(similarity);
  });

  test('does not compare what no word is as long as', () => {
    expect(wordSimilarity('a'.repeat(41), 'a'.repeat(41))).toBe(0);
  });

  const word = fc.stringMatching(/^[a-d]{0,12}$/);
  test.prop([word, word])('is the same both ways and within 0..1', (left, right) => {
    expect(wordSimilarity(left, right)).toBe(wordSimilarity(right, left));
    expect(wordSimilarity(left, right)).toBeGreaterThanOrEqual(0);
    expect(wordSimilarity(left, right)).toBeLessThanOrEqual(1);
  });
});
