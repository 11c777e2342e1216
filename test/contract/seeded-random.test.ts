import { fc, test } from '@fast-check/vitest';
import { seededRandom } from 'gradelanes/testing';
import { describe, expect } from 'vitest';

describe('seededRandom', () => {
  test('gives the published numbers of mulberry32', () => {
    const random = seededRandom(1);
    expect([random(), random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
  });

  test.prop([fc.integer()])('repeats itself for the same seed, within 0 <= value < 1', (seed) => {
    const [first, second] = [seededRandom(seed), seededRandom(seed)];
    for (let count = 0; count < 50; count += 1) {
      const value = first();
      expect(value).toBe(second());
      expect(value >= 0 && value < 1).toBe(true);
    }
  });

  test('spreads evenly', () => {
    const random = seededRandom(42);
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let count = 0; count < 10_000; count += 1) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.min(...buckets)).toBeGreaterThan(900);
    expect(Math.max(...buckets)).toBeLessThan(1_100);
  });
});
