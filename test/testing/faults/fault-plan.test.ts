import { fc, test } from '@fast-check/vitest';
import type { FaultName, FaultPlan } from 'gradelanes/testing';
import { describe, expect } from 'vitest';
import { openFaultPlan } from '../../../src/testing/faults/fault-plan.js';

const take = (plan: FaultPlan, count: number): string[] => {
  const next = openFaultPlan(plan);
  return Array.from({ length: count }, () => next()?.fault ?? 'ok');
};

const someFaults: readonly FaultName[] = ['rate_limited', 'hang', 'malformed', 'wrong_id'];

describe('openFaultPlan', () => {
  test('a list is followed step by step; after it all is well', () => {
    expect(take(['ok', 'hang', { fault: 'rate_limited', retryAfterMs: 5 }], 5)).toEqual([
      'ok',
      'hang',
      'rate_limited',
      'ok',
      'ok',
    ]);
  });

  test.prop([fc.integer(), fc.double({ min: 0, max: 1, noNaN: true })])(
    'the same seed gives the same faults, whatever their rate',
    (seed, rate) => {
      const plan = { seed, rate, faults: someFaults };
      expect(take(plan, 100)).toEqual(take(plan, 100));
    },
  );

  test('seeds differ', () => {
    expect(take({ seed: 1, faults: someFaults }, 100)).not.toEqual(take({ seed: 2, faults: someFaults }, 100));
  });

  test.prop([fc.integer()])('chances are met over many calls', (seed) => {
    const faults = take({ seed, faults: { hang: 0.3, network: 0.1 } }, 2_000);
    const share = (name: string): number => faults.filter((fault) => fault === name).length / faults.length;
    expect(share('hang')).toBeGreaterThan(0.24);
    expect(share('hang')).toBeLessThan(0.36);
    expect(share('network')).toBeGreaterThan(0.06);
    expect(share('network')).toBeLessThan(0.14);
  });

  test('a list of faults shares the rate evenly, 0.2 unless told otherwise', () => {
    const faults = take({ faults: ['hang', 'network'] }, 5_000);
    const share = (name: string): number => faults.filter((fault) => fault === name).length / faults.length;
    expect(share('hang')).toBeCloseTo(0.1, 1);
    expect(share('network')).toBeCloseTo(0.1, 1);
    expect(take({ rate: 1, faults: ['hang'] }, 3)).toEqual(['hang', 'hang', 'hang']);
    expect(take({ rate: 0, faults: ['hang'] }, 3)).toEqual(['ok', 'ok', 'ok']);
  });

  test('settings of a plan by chance are those of its faults', () => {
    const next = openFaultPlan({ rate: 1, faults: ['slow'], delayMs: 70, retryAfterMs: 9 });
    expect(next()).toEqual({ fault: 'slow', delayMs: 70, retryAfterMs: 9 });
  });

  test('an outage lets nothing through, a bad day most', () => {
    expect(take('outage', 200)).not.toContain('ok');
    const badDay = take('bad-day', 1_000).filter((fault) => fault === 'ok').length;
    expect(badDay).toBeGreaterThan(550);
    expect(badDay).toBeLessThan(800);
    expect(new Set(take('rate-limited', 100))).toEqual(new Set(['ok', 'rate_limited']));
  });

  test('a preset takes a seed and settings of its own', () => {
    expect(take({ preset: 'bad-day', seed: 2 }, 50)).not.toEqual(take('bad-day', 50));
    expect(take({ preset: 'bad-day', seed: undefined }, 50)).toEqual(take('bad-day', 50));
    expect(take({ preset: 'rate_limited' }, 50)).toEqual(take('rate-limited', 50));
  });

  test('thirds may sum to a little more than one', () => {
    expect(take({ rate: 1, faults: ['hang', 'network', 'slow', 'auth', 'quota', 'refused'] }, 10)).not.toContain('ok');
  });

  test.each([
    [['hangs'], 'plan[0] must name a fault (rate_limited, overloaded'],
    [['ok', { fault: 'toString' }], 'plan[1] must name a fault'],
    [{ faults: ['boom'] }, 'plan.faults must name a fault'],
    [{ faults: { hang: 0.7, network: 0.7 } }, 'plan.faults must sum to at most 1: received 1.4'],
    [{ faults: { hang: -0.1 } }, 'plan.faults must be 0 or more: received hang -0.1'],
    [{ faults: ['hang'], seed: Number.NaN }, 'plan.seed must be an integer: received NaN'],
    [{ preset: 'worst-day' }, 'plan must be a plan or bad-day'],
    [[null], 'plan[0] must name a fault'],
    [{}, 'plan must be a list of steps'],
    [undefined, 'plan must be a list of steps'],
    [{ faults: { hang: Number.NaN } }, 'plan.faults must sum'],
    ['worst-day', 'plan must be a plan or bad-day, outage, rate_limited, rate-limited: received worst-day'],
  ])('%j is refused', (plan, message) => {
    // What JavaScript callers and files may hold.
    expect(() => openFaultPlan(plan as FaultPlan)).toThrow(message);
  });
});
