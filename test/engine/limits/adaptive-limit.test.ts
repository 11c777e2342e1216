import { describe, expect, test } from 'vitest';
import { AdaptiveLimit } from '../../../src/engine/limits/adaptive-limit.js';

const BOUNDS = { min: 1, start: 2, max: 10 };

function adaptiveLimit(bounds = BOUNDS): { limit: AdaptiveLimit; told: string[]; reasons: string[] } {
  const told: string[] = [];
  const reasons: string[] = [];
  const limit = new AdaptiveLimit(bounds, ({ from, to, reason }) => {
    told.push(`${from} to ${to}`);
    reasons.push(reason);
  });
  return { limit, told, reasons };
}

/** So many first attempts go through while so many are in flight. */
function round(limit: AdaptiveLimit, calls: number, inFlight: number, nowMs = 0): void {
  limit.started(inFlight);
  for (let call = 0; call < calls; call++) limit.succeeded(nowMs);
}

describe('an adaptive limit', () => {
  test('starts where it is told', () => {
    expect(adaptiveLimit().limit.limit).toBe(2);
  });

  test('doubles after each clean round that used it, up to the most', () => {
    const { limit, told, reasons } = adaptiveLimit();
    round(limit, 4, 2);
    round(limit, 4, 4);
    round(limit, 8, 8);
    round(limit, 10, 10);
    expect(told).toEqual(['2 to 4', '4 to 8', '8 to 10']);
    expect(reasons).toEqual(Array(3).fill('a clean round used the limit'));
  });

  test('takes four calls at least for a round, and as many as the limit', () => {
    const { limit } = adaptiveLimit();
    round(limit, 3, 2);
    expect(limit.limit).toBe(2);
    round(limit, 1, 2);
    expect(limit.limit).toBe(4);
    round(limit, 4, 4);
    round(limit, 7, 8);
    expect(limit.limit).toBe(8);
  });

  test('does not grow where less than four fifths of it were used', () => {
    const { limit, told } = adaptiveLimit({ ...BOUNDS, start: 5 });
    round(limit, 5, 3);
    expect(told).toEqual([]);
    round(limit, 5, 4);
    expect(told).toEqual(['5 to 10']);
  });

  test('does not grow from a round with a fault, and never shrinks for one', () => {
    const { limit, told } = adaptiveLimit();
    round(limit, 3, 2);
    limit.faulted();
    round(limit, 3, 2);
    expect(told).toEqual([]);
    limit.succeeded(0);
    expect(told).toEqual(['2 to 4']);
  });

  test('is cut once per episode, and grows by one after it', () => {
    const { limit, told, reasons } = adaptiveLimit({ ...BOUNDS, start: 8 });
    limit.rateLimited(0, 1_000);
    limit.rateLimited(0, 15_999);
    expect(told).toEqual(['8 to 5']);
    round(limit, 5, 5, 15_999);
    expect(limit.limit).toBe(5);
    round(limit, 5, 5, 16_000);
    expect(limit.limit).toBe(6);
    limit.rateLimited(0, 16_000);
    expect(told).toEqual(['8 to 5', '5 to 6', '6 to 4']);
    expect(reasons).toEqual(['the provider answered 429', 'a clean round used the limit', 'the provider answered 429']);
  });

  test('is not cut again before the provider lets calls through', () => {
    const { limit, told } = adaptiveLimit({ ...BOUNDS, start: 8 });
    limit.rateLimited(60_000, 0);
    limit.rateLimited(0, 59_999);
    expect(told).toEqual(['8 to 5']);
    limit.rateLimited(0, 60_000);
    expect(told).toEqual(['8 to 5', '5 to 3']);
  });

  test('never goes below the least, and tells of no change where there is none', () => {
    const { limit, told } = adaptiveLimit({ ...BOUNDS, min: 2 });
    limit.rateLimited(0, 0);
    expect([limit.limit, told]).toEqual([2, []]);
  });

  test('never grows beyond the slots, and is no more than them when they become fewer', () => {
    const { limit, told } = adaptiveLimit();
    limit.started(2);
    for (let call = 0; call < 4; call++) limit.succeeded(0, 3);
    limit.started(3);
    for (let call = 0; call < 4; call++) limit.succeeded(0, 3);
    expect([limit.limit, told]).toEqual([3, ['2 to 3']]);
    limit.succeeded(0, 2);
    expect([limit.limit, told]).toEqual([2, ['2 to 3']]);
  });

  test('is cut from what was in force, not from more than there are slots', () => {
    const { limit, told } = adaptiveLimit({ min: 3, start: 10, max: 10 });
    limit.rateLimited(0, 0, 6);
    expect(told).toEqual(['6 to 4']);
    limit.rateLimited(0, 20_000, 2);
    expect([limit.limit, told]).toEqual([2, ['6 to 4']]);
  });
});
