import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { DEFAULT_RETRY } from 'gradelanes';
import { backOffMs } from '../../../src/engine/calls/back-off.js';

const most = (): number => 1 - Number.EPSILON;

describe('backOffMs', () => {
  test('doubles its bound with every fault, up to the maximum', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 60].map((faults) =>
      Math.round(backOffMs(faults, undefined, DEFAULT_RETRY, most)),
    );
    expect(bounds).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
  });

  test('draws evenly from 0 to the bound', () => {
    expect([0, 0.25, 0.5].map((drawn) => backOffMs(1, undefined, DEFAULT_RETRY, () => drawn))).toEqual([0, 125, 250]);
  });

  test('takes a Retry-After as a lower bound only', () => {
    expect(backOffMs(1, 3_000, DEFAULT_RETRY, most)).toBe(3_000);
    expect(backOffMs(4, 1_000, DEFAULT_RETRY, () => 0.5)).toBe(2_000);
    expect(backOffMs(1, 0, DEFAULT_RETRY, () => 0.5)).toBe(250);
  });

  test.prop([
    fc.integer({ min: 1, max: 1_000 }),
    fc.option(fc.nat(200_000), { nil: undefined }),
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  ])('is a time that a timer can wait for, never below the hint', (faults, retryAfterMs, drawn) => {
    const delayMs = backOffMs(faults, retryAfterMs, DEFAULT_RETRY, () => drawn);
    expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
    expect(delayMs).toBeLessThanOrEqual(Math.max(retryAfterMs ?? 0, DEFAULT_RETRY.maxDelayMs));
  });
});
