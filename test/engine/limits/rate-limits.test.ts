import { describe, expect, test } from 'vitest';
import type { RateLimitHint } from 'gradelanes';
import { RateBuckets, type RateMark } from '../../../src/engine/limits/rate-limits.js';

/** Lets a call through and starts it. */
function start(buckets: RateBuckets, nowMs: number, tokens = 0): RateMark {
  buckets.reserve(tokens);
  return buckets.start(tokens, nowMs);
}

function startSeveral(buckets: RateBuckets, count: number, nowMs: number): RateMark[] {
  for (let index = 0; index < count; index++) buckets.reserve(0);
  return Array.from({ length: count }, () => buckets.start(0, nowMs));
}

/** The calls are turned away together, as the provider's gate tells it. */
function turnAway(buckets: RateBuckets, marks: readonly RateMark[], nowMs: number, hint?: RateLimitHint): void {
  for (const [index, mark] of marks.entries()) {
    buckets.rejected(mark, 0, nowMs);
    if (hint !== undefined) buckets.read(mark, hint, nowMs);
    if (index === 0) buckets.exhausted(mark, hint, nowMs);
  }
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
    buckets.ended(900, 700);
    expect(buckets.waitMs(200, 0)).toBe(0);
    start(buckets, 0, 300);
    buckets.ended(300, undefined);
    expect(buckets.waitMs(100, 0)).toBe(1_000);
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

  test('raise what is left only by what no call under way may have taken', () => {
    const buckets = new RateBuckets({}, 0);
    buckets.read(start(buckets, 0), headers, 0);
    expect(buckets.waitMs(0, 0)).toBe(1_000);
    const [, , third] = startSeveral(buckets, 3, 10_000);
    buckets.read(third as RateMark, { requestLimit: 60, remainingRequests: 30 }, 10_000);
    // Two of the three may be among the 30, and so may the very first, which has not ended.
    startSeveral(buckets, 27, 10_000);
    expect(buckets.waitMs(0, 10_000)).toBe(1_000);
  });

  test('do not count calls that were turned away or given up', () => {
    const buckets = new RateBuckets({}, 0);
    const [first, , third] = startSeveral(buckets, 3, 0);
    buckets.reserve(0);
    buckets.leave(0);
    buckets.rejected(third as RateMark, 0, 0);
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
    const [, ...rejected] = startSeveral(buckets, 2, 10_000);
    turnAway(buckets, rejected, 10_000, headers);
    // After another minute there would be ten; the vendor holds one.
    start(buckets, 70_000);
    expect(buckets.waitMs(0, 70_000)).toBe(1_000);
  });

  test('with a rejection even of single calls make them come a little later', () => {
    const buckets = new RateBuckets({}, 0);
    buckets.read(start(buckets, 0), headers, 0);
    turnAway(buckets, startSeveral(buckets, 2, 10_000).slice(1), 10_000, headers);
    turnAway(buckets, [start(buckets, 20_000)], 20_000, headers);
    start(buckets, 30_000);
    start(buckets, 40_000);
    buckets.read(start(buckets, 50_000), headers, 50_000);
    expect(buckets.waitMs(0, 50_000)).toBeCloseTo(1_000 / 0.95, 6);
  });

  test('that come with the first rejections say nothing of the burst', () => {
    const buckets = new RateBuckets({}, 0);
    const [first, ...rejected] = startSeveral(buckets, 6, 0);
    turnAway(buckets, rejected, 10, headers);
    buckets.read(first as RateMark, headers, 200);
    startSeveral(buckets, 9, 60_000);
    expect(buckets.waitMs(0, 60_000)).toBe(0);
  });

  test('that leave requests say that the rejection was for something else', () => {
    const buckets = new RateBuckets({}, 0);
    const full = { requestLimit: 60, remainingRequests: 10 };
    buckets.read(start(buckets, 0), full, 0);
    turnAway(buckets, [start(buckets, 0)], 0, full);
    startSeveral(buckets, 9, 0);
    expect(buckets.waitMs(0, 0)).toBe(0);
  });
});

describe('limits that nothing tells', () => {
  /** Nine calls in the second between two rejections, so that the rate is 9.75 a second. */
  function learned(): RateBuckets {
    const buckets = new RateBuckets({}, 0);
    turnAway(buckets, [start(buckets, 0)], 0);
    expect(buckets.cap).toBe(2);
    for (const mark of startSeveral(buckets, 9, 500)) buckets.admitted(mark, 500);
    turnAway(buckets, [start(buckets, 1_000)], 1_100);
    return buckets;
  }

  test('are learned from the second rejection on', () => {
    const buckets = learned();
    expect(buckets.cap).toBeUndefined();
    // A tenth of a second has passed since the bucket was empty.
    expect(buckets.waitMs(0, 1_100)).toBeCloseTo(1_000 / 9.75 - 100, 6);
    start(buckets, 1_200);
    expect(buckets.waitMs(0, 1_200)).toBeCloseTo(2_000 / 9.75 - 200, 6);
  });

  test('keep a burst through a rejection at the rate, so that a pause is made up for', () => {
    const buckets = learned();
    turnAway(buckets, [start(buckets, 1_200)], 1_200);
    startSeveral(buckets, 7, 2_200);
    expect(buckets.waitMs(0, 2_200)).toBe(0);
  });

  test('keep a burst of which the last calls are turned away', () => {
    const buckets = learned();
    turnAway(buckets, startSeveral(buckets, 9, 2_100).slice(7), 2_100);
    startSeveral(buckets, 7, 4_000);
    expect(buckets.waitMs(0, 4_000)).toBe(0);
  });

  test('lose the burst when most of one is turned away', () => {
    const buckets = learned();
    turnAway(buckets, startSeveral(buckets, 9, 2_100).slice(2), 2_100);
    startSeveral(buckets, 2, 60_000);
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
