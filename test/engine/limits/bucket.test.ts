import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { Bucket } from '../../../src/engine/limits/bucket.js';

/** 60 a minute, that is one a second, and three at once. */
function bucketOfThree(): Bucket {
  return new Bucket({ perMinute: 60, burst: 3 }, 0);
}

describe('a bucket', () => {
  test('starts full, goes below zero, and refills by time', () => {
    const bucket = bucketOfThree();
    expect(bucket.waitMs(3, 0)).toBe(0);
    bucket.take(4, 0);
    expect([bucket.level(0), bucket.waitMs(1, 0), bucket.waitMs(1, 500)]).toEqual([-1, 2_000, 1_500]);
    expect([bucket.waitMs(1, 2_000), bucket.level(2_000)]).toEqual([0, 1]);
    expect(bucket.level(60_000)).toBe(3);
  });

  test('holds ten seconds worth, but at least one and at most a minute', () => {
    const levels = [600, 60, 3].map((perMinute) => new Bucket({ perMinute }, 0).level(0));
    expect(levels).toEqual([100, 10, 1]);
  });

  test('makes a need beyond all it holds wait for a full one', () => {
    const bucket = bucketOfThree();
    expect(bucket.waitMs(50, 0)).toBe(0);
    bucket.take(50, 0);
    expect(bucket.waitMs(50, 0)).toBe(50_000);
  });

  test('takes back what was not used, up to all it holds', () => {
    const bucket = bucketOfThree();
    bucket.take(2, 0);
    bucket.giveBack(1);
    expect(bucket.level(0)).toBe(2);
    bucket.giveBack(9);
    expect(bucket.level(0)).toBe(3);
  });

  test('is not confused by a clock that steps back', () => {
    const bucket = bucketOfThree();
    bucket.take(3, 10_000);
    expect([bucket.level(5_000), bucket.level(10_000), bucket.level(11_000)]).toEqual([0, 0, 1]);
  });

  test('that is full enough but for rounding lets go at once', () => {
    const bucket = new Bucket({ perMinute: 60, burst: 1 }, 0);
    bucket.take(1 + 1e-12, 0);
    expect(bucket.waitMs(1, 1_000)).toBe(0);
  });

  test('knows how far it is below its highest level', () => {
    const bucket = bucketOfThree();
    bucket.take(2, 0);
    expect([bucket.depth(0), bucket.depth(500), bucket.depth(9_000)]).toEqual([2, 1.5, 0]);
  });
});

describe('what a response says', () => {
  const reading = { limitPerMinute: 60, remaining: 8, sentAtMs: 0, takenSince: 0, underWay: 0 };

  test('sets the rate, and the level where ours is higher', () => {
    const bucket = new Bucket({ perMinute: 600 }, 0);
    bucket.read({ ...reading, remaining: 5, takenSince: 2 }, 1_000);
    expect([bucket.level(1_000), bucket.level(2_000)]).toEqual([4, 5]);
  });

  test('raises the level to what is there for certain', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    bucket.take(10, 0);
    bucket.read({ ...reading, takenSince: 3, underWay: 2 }, 1_000);
    expect(bucket.level(1_000)).toBe(3);
  });

  test('shows that the bucket holds more than was thought', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    bucket.read({ ...reading, remaining: 59 }, 0);
    expect(bucket.level(0)).toBe(59);
    expect(bucket.level(60_000)).toBe(60);
  });

  test('moves the highest level along, so that the depth stays what was taken', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    bucket.take(4, 0);
    bucket.read({ ...reading, remaining: 2 }, 0);
    expect([bucket.level(0), bucket.depth(0)]).toEqual([2, 4]);
  });

  test('cannot raise a rate that the caller gave, nor what it said of the burst', () => {
    const bucket = new Bucket({ perMinute: 60, burst: 3, isCeiling: true }, 0);
    bucket.read({ ...reading, limitPerMinute: 6_000, remaining: 90 }, 0);
    bucket.take(3, 0);
    expect([bucket.level(0), bucket.level(1_000), bucket.level(9_000)]).toEqual([0, 1, 3]);
    bucket.read({ ...reading, limitPerMinute: 30, sentAtMs: 9_000, remaining: 0 }, 9_000);
    expect(bucket.level(11_000)).toBe(1);
  });

  test.prop([fc.integer({ min: 1, max: 1_000 }), fc.nat(100), fc.nat(20), fc.nat(10_000), fc.nat(20)])(
    'leaves the level between what is certain and what is possible',
    (limitPerMinute, remaining, takenSince, elapsedMs, underWay) => {
      const bucket = new Bucket({ perMinute: 60 }, 0);
      bucket.read({ limitPerMinute, remaining, sentAtMs: 0, takenSince, underWay }, elapsedMs);
      const left = remaining - takenSince;
      expect(bucket.level(elapsedMs)).toBeGreaterThanOrEqual(left - underWay);
      expect(bucket.level(elapsedMs)).toBeLessThanOrEqual(left + (elapsedMs * limitPerMinute) / 60_000 + 1e-9);
    },
  );
});

describe('what a rejection teaches', () => {
  test('an empty bucket refills from the time of the call', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    bucket.empty(1_000, 3_000);
    expect([bucket.level(3_000), bucket.level(4_000)]).toEqual([2, 3]);
  });

  test('a new rate keeps what is there', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    bucket.take(10, 0);
    bucket.setRate(120, 1_000);
    expect([bucket.level(1_000), bucket.level(2_000), bucket.level(60_000)]).toEqual([1, 3, 20]);
  });

  test('a bucket that was found to hold less stays so', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    bucket.limitBurst(2);
    expect(bucket.level(0)).toBe(2);
    bucket.setRate(600, 0);
    bucket.read({ limitPerMinute: 600, remaining: 99, sentAtMs: 0, takenSince: 0, underWay: 0 }, 0);
    expect(bucket.level(60_000)).toBe(2);
    bucket.limitBurst(7);
    expect(bucket.level(60_000)).toBe(2);
  });

  test('a bucket holds at least one', () => {
    const bucket = new Bucket({ perMinute: 60 }, 0);
    expect([bucket.limitBurst(-3), bucket.level(0)]).toEqual([true, 1]);
    expect(bucket.limitBurst(0)).toBe(false);
  });

  test('a bucket that is slowed down stays slower than its limit, but not much', () => {
    const bucket = new Bucket({ perMinute: 60, burst: 1 }, 0);
    const waitAfter = (times: number): number => {
      for (let count = 0; count < times; count++) bucket.slowDown();
      bucket.setRate(60, 0);
      bucket.empty(0, 0);
      return bucket.waitMs(1, 0);
    };
    expect(waitAfter(1)).toBeCloseTo(1_000 / 0.95, 6);
    expect(waitAfter(50)).toBeCloseTo(1_000 / 0.7, 6);
  });
});
