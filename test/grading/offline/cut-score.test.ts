import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { cutFor, scoreFromSimilarity } from '../../../src/grading/offline/cut-score.js';

describe('cutFor', () => {
  test.each([
    [1, 0.25],
    [2, 0.45],
    [5, 0.57],
  ])('of %i references is %d', (count, cut) => {
    expect(cutFor('references', count)).toBeCloseTo(cut, 12);
  });

  test('is high for keys, however many texts they accept', () => {
    expect([cutFor('options', 1), cutFor('number', 1), cutFor('blanks', 3)]).toEqual([0.65, 0.65, 0.65]);
  });
});

describe('scoreFromSimilarity', () => {
  test('puts the ends at 0 and 1 and the cut at 0.5', () => {
    expect([0, 0.2, 0.4, 0.7, 1].map((similarity) => scoreFromSimilarity(similarity, 0.4))).toEqual([
      0,
      0.25,
      0.5,
      expect.closeTo(0.75, 12),
      1,
    ]);
  });

  const share = fc.double({ min: 0, max: 1, noNaN: true });
  test.prop([share, share, fc.double({ min: 0.01, max: 0.99, noNaN: true })])(
    'never falls when similarity rises, and passes exactly from the cut',
    (left, right, cut) => {
      const [low, high] = left < right ? [left, right] : [right, left];
      expect(scoreFromSimilarity(low, cut)).toBeLessThanOrEqual(scoreFromSimilarity(high, cut));
      expect(scoreFromSimilarity(low, cut) >= 0.5).toBe(low >= cut);
    },
  );
});
