import { beforeEach, describe, expect, test } from 'vitest';
import { RateEstimate } from '../../../src/engine/limits/rate-estimate.js';

let estimate: RateEstimate;
let callNumber: number;
beforeEach(() => {
  estimate = new RateEstimate();
  callNumber = 0;
});

function admit(count: number): void {
  for (let index = 0; index < count; index++) estimate.admitted({ callNumber: ++callNumber, startedAtMs: 0 });
}

/** So many calls that are sent together and turned away. */
function exhaustAt(startedAtMs: number, count = 1): void {
  const first = callNumber + 1;
  callNumber += count;
  for (let number = first; number <= callNumber; number++) {
    estimate.rejected({ callNumber: number, startedAtMs });
    if (number === first) estimate.exhausted({ callNumber: number, startedAtMs }, callNumber);
  }
}

/** Per minute: so many in so many milliseconds, and three quarters of a call. */
function rateOf(admitted: number, ms: number): number {
  return ((admitted + 0.75) / ms) * 60_000;
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

  test('calls that were sent before the pause do not count as a round', () => {
    estimate.exhausted({ callNumber: 3, startedAtMs: 0 }, 9);
    for (let number = 1; number <= 9; number++) estimate.admitted({ callNumber: number, startedAtMs: 0 });
    expect(estimate.cap).toBe(2);
  });
});

describe('the rate', () => {
  test('is what was let through between two exhaustions, and a little more, over the time between them', () => {
    exhaustAt(1_000);
    admit(9);
    exhaustAt(2_000);
    expect([estimate.perMinute, estimate.cap]).toEqual([rateOf(9, 1_000), undefined]);
  });

  test('does not count what was turned away, neither at first nor in between', () => {
    exhaustAt(1_000, 6);
    admit(9);
    exhaustAt(2_000, 4);
    expect(estimate.perMinute).toBe(rateOf(9, 1_000));
  });

  test('does not count calls sent before the first pause, though they end after it', () => {
    callNumber = 10;
    estimate.exhausted({ callNumber: 4, startedAtMs: 1_000 }, 10);
    estimate.rejected({ callNumber: 8, startedAtMs: 1_000 });
    estimate.admitted({ callNumber: 9, startedAtMs: 1_000 });
    admit(9);
    exhaustAt(2_000);
    expect(estimate.perMinute).toBe(rateOf(9, 1_000));
  });

  test('does not depend on which of several calls sent together was turned away', () => {
    exhaustAt(0);
    admit(5);
    // The first of the next five is turned away, the others pass it on the way.
    const [first, last] = [callNumber + 1, callNumber + 5];
    estimate.rejected({ callNumber: first, startedAtMs: 1_000 });
    estimate.exhausted({ callNumber: first, startedAtMs: 1_000 }, last);
    expect(estimate.perMinute).toBe(rateOf(9, 1_000));
  });

  test('uses all the time since the first exhaustion, and so gets sharper', () => {
    exhaustAt(0);
    admit(1);
    exhaustAt(1_000);
    expect(estimate.perMinute).toBe(rateOf(1, 1_000));
    admit(8);
    exhaustAt(10_000);
    expect(estimate.perMinute).toBe(rateOf(9, 10_000));
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
  const learned = rateOf(4, 5_000);

  beforeEach(() => {
    exhaustAt(0);
    admit(4);
    exhaustAt(5_000);
    expect(estimate.perMinute).toBe(learned);
  });

  test('was estimated too low: the rate rises by a quarter, again and again', () => {
    admit(18);
    expect(estimate.perMinute).toBe(learned);
    admit(1);
    expect(estimate.perMinute).toBe(1.25 * learned);
    admit(10);
    expect(estimate.perMinute).toBe(1.25 * learned);
    admit(1);
    expect(estimate.perMinute).toBe(1.25 ** 2 * learned);
  });

  test('and shows itself after one raise is learned from all there is', () => {
    admit(19);
    exhaustAt(24_000);
    expect(estimate.perMinute).toBe(rateOf(23, 24_000));
  });

  test('and shows itself after two raises makes a new start, from the raise before', () => {
    admit(19 + 11);
    exhaustAt(30_000, 3);
    expect([estimate.perMinute, estimate.cap]).toEqual([1.25 * learned, undefined]);
    admit(7);
    exhaustAt(34_000);
    expect(estimate.perMinute).toBe(rateOf(7, 4_000));
  });
});
