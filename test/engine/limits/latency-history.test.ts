import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { LatencyHistory } from '../../../src/engine/limits/latency-history.js';

function historyOf(...durationsMs: readonly number[]): LatencyHistory {
  const history = new LatencyHistory();
  for (const durationMs of durationsMs) history.add(durationMs);
  return history;
}

describe('a quantile of the last calls', () => {
  test('is not known before there are enough', () => {
    const history = historyOf(10, 20);
    expect([history.count, history.quantileMs(0.5, 3), history.quantileMs(0.5, 2)]).toEqual([2, undefined, 15]);
    expect(historyOf().quantileMs(0.5, 0)).toBeUndefined();
  });

  test('lies between two calls where the rank does', () => {
    const history = historyOf(30, 10, 20);
    expect([0.25, 0.5, 0.625, 0.75].map((share) => history.quantileMs(share, 1))).toEqual([10, 20, 25, 30]);
  });

  test('never leaves what was measured', () => {
    const history = historyOf(30, 10, 20);
    expect([0, 0.1, 0.95, 1].map((share) => history.quantileMs(share, 1))).toEqual([10, 10, 30, 30]);
  });

  test('forgets what was more than 100 calls ago', () => {
    const history = historyOf(...Array.from({ length: 150 }, (_, index) => index));
    expect([history.count, history.quantileMs(0, 1), history.quantileMs(1, 1)]).toEqual([100, 50, 149]);
    history.add(1_000);
    expect([history.quantileMs(0, 1), history.quantileMs(1, 1)]).toEqual([51, 1_000]);
  });

  test.prop([fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 }), fc.nat(100)])(
    'rises with its share, whatever the order of the calls',
    (durationsMs, percent) => {
      const history = historyOf(...durationsMs);
      const sorted = historyOf(...durationsMs.toSorted((first, second) => first - second));
      const at = history.quantileMs(percent / 100, 1) ?? Number.NaN;
      expect(at).toBe(sorted.quantileMs(percent / 100, 1));
      expect(at).toBeLessThanOrEqual(history.quantileMs(1, 1) ?? 0);
      expect(at).toBeGreaterThanOrEqual(history.quantileMs(0, 1) ?? Infinity);
    },
  );
});
