import { beforeEach, describe, expect, test } from 'vitest';
import { RateEstimate } from '../../src/core/rate-estimate.js';

let estimate: RateEstimate;
let callNumber: number;
beforeEach(() => {
  estimate = new RateEstimate();
  callNumber = 0;
});

function admit(count: number): void {
  for (let index = 0; index < count; index++) estimate.admitted({ callNumber: ++callNumber, startedAtMs: 0 });
}

/** A call that is turned away and starts an episode. */
function exhaustAt(startedAtMs: number): void {
  const call = { callNumber: ++callNumber, startedAtMs };
  estimate.rejected(call);
  estimate.exhausted(call);
}

/** One of those that are turned away with it. */
function reject(count: number): void {
  for (let index = 0; index < count; index++) estimate.rejected({ callNumber: ++callNumber, startedAtMs: 0 });
}

describe('before the limit shows itself twice', () => {
  test('nothing is known of it, and nothing held back', () => {
    admit(500);
    expect([estimate.perMinute, estimate.cap]).toEqual([undefined, undefined]);
  });

  test('two calls go at once, and one more after each such round', () => {
    exhaustAt(0);
    const caps = Array.from({ length: 10 }, () => {
      admit(1);
      return estimate.cap;
    });
    expect(caps).toEqual([2, 3, 3, 3, 4, 4, 4, 4, 5, 5]);
    expect(estimate.perMinute).toBeUndefined();
  });

  test('calls from before do not count as a round', () => {
    exhaustAt(0);
    for (let number = -9; number <= 0; number++) estimate.admitted({ callNumber: number, startedAtMs: 0 });
    expect(estimate.cap).toBe(2);
  });
});

describe('the rate', () => {
  test('is what was let through between two exhaustions, and one more, over the time between them', () => {
    exhaustAt(1_000);
    admit(9);
    exhaustAt(2_000);
    expect([estimate.perMinute, estimate.cap]).toEqual([600, undefined]);
  });

  test('does not count what was turned away', () => {
    exhaustAt(1_000);
    reject(5);
    admit(9);
    exhaustAt(2_000);
    expect(estimate.perMinute).toBe(600);
  });

  test('does not count calls that were turned away before the first exhaustion was seen', () => {
    callNumber = 20;
    exhaustAt(1_000);
    estimate.rejected({ callNumber: 19, startedAtMs: 990 });
    admit(9);
    exhaustAt(2_000);
    expect(estimate.perMinute).toBe(600);
  });

  test('uses all the time since the first exhaustion, and so gets sharper', () => {
    exhaustAt(0);
    admit(1);
    exhaustAt(1_000);
    expect(estimate.perMinute).toBe(120);
    admit(8);
    exhaustAt(10_000);
    expect(estimate.perMinute).toBe(60);
  });

  test('is not learned from nothing', () => {
    exhaustAt(0);
    exhaustAt(1_000);
    expect([estimate.perMinute, estimate.cap]).toEqual([undefined, 2]);
    admit(3);
    exhaustAt(0);
    expect(estimate.perMinute).toBeUndefined();
  });
});

describe('a limit that is met no more', () => {
  beforeEach(() => {
    exhaustAt(0);
    admit(4);
    exhaustAt(5_000);
    expect(estimate.perMinute).toBe(60);
  });

  test('was estimated too low: the rate rises by a quarter, again and again', () => {
    admit(18);
    expect(estimate.perMinute).toBe(60);
    admit(1);
    expect(estimate.perMinute).toBe(75);
    admit(10);
    expect(estimate.perMinute).toBe(75);
    admit(1);
    expect(estimate.perMinute).toBe(93.75);
  });

  test('and shows itself after one raise is learned from all there is', () => {
    admit(19);
    exhaustAt(24_000);
    expect(estimate.perMinute).toBe(60);
  });

  test('and shows itself after two raises makes a new start, from the raise before', () => {
    admit(19 + 11);
    exhaustAt(30_000);
    expect([estimate.perMinute, estimate.cap]).toEqual([75, undefined]);
    admit(7);
    exhaustAt(34_000);
    expect(estimate.perMinute).toBe(120);
  });
});
