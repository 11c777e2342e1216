import { describe, expect, test } from 'vitest';
import { RateBuckets, type RateMark } from '../../src/core/rate-buckets.js';

/** Lets a call through and starts it. */
function start(buckets: RateBuckets, nowMs: number, tokens = 0): RateMark {
  buckets.take(tokens, nowMs);
  return buckets.mark(tokens, nowMs);
}

function startSeveral(buckets: RateBuckets, count: number, nowMs: number): RateMark[] {
  for (let index = 0; index < count; index++) buckets.take(0, nowMs);
  return Array.from({ length: count }, () => buckets.mark(0, nowMs));
}

const headers = { requestLimit: 60, remainingRequests: 0 };

describe('limits that the caller gives', () => {
  test('hold calls back from the start', () => {
    const buckets = new RateBuckets({ requestsPerMinute: 60, burst: 2 }, 0);
    startSeveral(buckets, 2, 0);
    expect(buckets.waitMs(0, 0)).toBe(1_000);
    expect(buckets.countsTokens).toBe(false);
  });

  test('of tokens are spent on what a call is expected to take, and corrected by what it took', () => {
    const buckets = new RateBuckets({ tokensPerMinute: 6_000 }, 0);
    start(buckets, 0, 900);
    expect([buckets.countsTokens, buckets.waitMs(200, 0)]).toEqual([true, 1_000]);
    buckets.correct(900, 700);
    expect(buckets.waitMs(200, 0)).toBe(0);
    buckets.correct(900, undefined);
    expect(buckets.waitMs(300, 0)).toBe(0);
  });

  test('are not raised by headers', () => {
    const buckets = new RateBuckets({ requestsPerMinute: 60, tokensPerMinute: 60, burst: 1 }, 0);
    const mark = start(buckets, 0, 1);
    buckets.read(mark, { requestLimit: 600, remainingRequests: 99, tokenLimit: 600, remainingTokens: 0 }, 0);
    expect([buckets.waitMs(0, 0), buckets.waitMs(1, 0)]).toEqual([1_000, 1_000]);
  });
});

describe('limits in headers', () => {
  test('count what was sent since the call that they belong to', () => {
    const buckets = new RateBuckets({}, 0);
    const [first] = startSeveral(buckets, 4, 0);
    buckets.read(first as RateMark, { requestLimit: 60, remainingRequests: 3 }, 0);
    expect(buckets.waitMs(0, 0)).toBe(1_000);
  });

  test('do not count calls that were turned away or given up', () => {
    const buckets = new RateBuckets({}, 0);
    const [first, , third] = startSeveral(buckets, 3, 0);
    buckets.take(0, 0);
    buckets.leave(0);
    buckets.rejected(third as RateMark, 0);
    expect(buckets.requestsTaken).toBe(2);
    buckets.read(first as RateMark, { requestLimit: 60, remainingRequests: 2 }, 0);
    expect(buckets.waitMs(0, 0)).toBe(0);
  });

  test('of tokens are used in the same way', () => {
    const buckets = new RateBuckets({}, 0);
    const mark = start(buckets, 0, 50);
    start(buckets, 0, 30);
    buckets.read(mark, { tokenLimit: 6_000, remainingTokens: 40 }, 0);
    expect([buckets.waitMs(10, 0), buckets.waitMs(20, 0)]).toEqual([0, 100]);
  });

  test('that are not whole are not used', () => {
    const buckets = new RateBuckets({}, 0);
    const mark = start(buckets, 0);
    buckets.read(mark, { remainingRequests: 0, remainingTokens: 0 }, 0);
    buckets.read(mark, { requestLimit: 60, tokenLimit: 60 }, 0);
    expect([buckets.waitMs(5, 0), buckets.countsTokens]).toEqual([0, false]);
  });

  test('with a rejection all the same show how little the vendor holds at once', () => {
    const buckets = new RateBuckets({}, 0);
    buckets.read(start(buckets, 0), headers, 0);
    const [, second] = startSeveral(buckets, 2, 10_000);
    buckets.rejected(second as RateMark, 0);
    buckets.read(second as RateMark, headers, 10_000);
    buckets.exhausted(second as RateMark, headers, 10_000);
    // After another minute there would be ten; the vendor holds one.
    start(buckets, 70_000);
    expect(buckets.waitMs(0, 70_000)).toBe(1_000);
  });

  test('that leave requests say that the rejection was for something else', () => {
    const buckets = new RateBuckets({}, 0);
    const full = { requestLimit: 60, remainingRequests: 10 };
    buckets.read(start(buckets, 0), full, 0);
    const rejected = start(buckets, 0);
    buckets.rejected(rejected, 0);
    buckets.read(rejected, full, 0);
    buckets.exhausted(rejected, full, 0);
    startSeveral(buckets, 9, 0);
    expect(buckets.waitMs(0, 0)).toBe(0);
  });
});

describe('limits that nothing tells', () => {
  /** Ten calls in the second between two rejections. */
  function learned(): RateBuckets {
    const buckets = new RateBuckets({}, 0);
    const first = start(buckets, 0);
    buckets.rejected(first, 0);
    buckets.exhausted(first, undefined, 0);
    expect(buckets.cap).toBe(2);
    for (const mark of startSeveral(buckets, 9, 500)) buckets.admitted(mark, 500);
    const second = start(buckets, 1_000);
    buckets.rejected(second, 0);
    buckets.exhausted(second, undefined, 1_100);
    return buckets;
  }

  test('are learned from the second rejection on', () => {
    const buckets = learned();
    expect(buckets.cap).toBeUndefined();
    // 600 a minute, and a tenth of a second since the bucket was empty.
    expect([buckets.waitMs(0, 1_099), buckets.waitMs(0, 1_100)]).toEqual([0, 0]);
    start(buckets, 1_100);
    expect(buckets.waitMs(0, 1_100)).toBeCloseTo(100, 6);
  });

  test('keep a burst through a rejection at the rate, so that a pause is made up for', () => {
    const buckets = learned();
    const rejected = start(buckets, 1_100);
    buckets.rejected(rejected, 0);
    buckets.exhausted(rejected, undefined, 1_100);
    startSeveral(buckets, 8, 2_100);
    expect(buckets.waitMs(0, 2_100)).toBe(0);
  });

  test('lose the burst when the vendor had less after a pause than it should', () => {
    const buckets = learned();
    const [, second] = startSeveral(buckets, 5, 2_100);
    buckets.rejected(second as RateMark, 0);
    buckets.exhausted(second as RateMark, undefined, 2_100);
    start(buckets, 60_000);
    expect(buckets.waitMs(0, 60_000)).toBeGreaterThan(0);
  });

  test('rise only by calls that the rate held back', () => {
    const waitAfter = (isHeldBack: boolean): number => {
      const buckets = learned();
      for (let count = 0; count < 100; count++) {
        const nowMs = 60_000 + count * 60_000;
        const marks = startSeveral(buckets, isHeldBack ? 1_000 : 1, nowMs);
        buckets.admitted(marks[0] as RateMark, nowMs);
      }
      startSeveral(buckets, 5_000, 7_000_000);
      return buckets.waitMs(0, 7_000_000);
    };
    expect(waitAfter(true)).toBeLessThan(waitAfter(false) / 4);
  });
});
