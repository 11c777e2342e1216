import { fc, test } from '@fast-check/vitest';
import { faultPlanFromEnvironment, faultyProvider, mockProvider } from 'gradelanes/testing';
import { describe, expect } from 'vitest';

describe('faultPlanFromEnvironment', () => {
  test.each([undefined, '', '  '])('%j is no faults', (value) => {
    expect(faultPlanFromEnvironment(value)).toEqual([]);
  });

  test('reads chances and settings', () => {
    expect(faultPlanFromEnvironment('rate_limited:0.2, hang:0.05; seed=7; retryAfterMs=2000;')).toEqual({
      seed: 7,
      retryAfterMs: 2_000,
      faults: { rate_limited: 0.2, hang: 0.05 },
    });
  });

  test('reads a step per call', () => {
    expect(faultPlanFromEnvironment('ok,rate_limited,ok')).toEqual(['ok', 'rate_limited', 'ok']);
    expect(faultPlanFromEnvironment('ok,slow;delayMs=50')).toEqual([
      'ok',
      { fault: 'slow', delayMs: 50, retryAfterMs: undefined },
    ]);
  });

  test('reads presets, with settings over theirs', () => {
    expect(faultPlanFromEnvironment('outage;seed=3')).toEqual({ seed: 3, faults: { network: 0.5, overloaded: 0.5 } });
    expect(faultPlanFromEnvironment('rate-limited;retryAfterMs=10')).toMatchObject({ retryAfterMs: 10 });
    expect(faultPlanFromEnvironment('bad-day')).toHaveProperty('faults.malformed');
  });

  test.each([
    'worst-day',
    'hang:',
    'hang:often',
    'hang:2',
    'hang:0.1;speed=2',
    'ok,hang;seed',
    'hang:0.1,network',
    'ok,;seed=x',
  ])('%j is refused', (value) => {
    expect(() => faultPlanFromEnvironment(value)).toThrow(RangeError);
  });

  test('says how a plan is written and what it could not read', () => {
    expect(() => faultPlanFromEnvironment('hang:0.1;speed=2')).toThrow(
      'fault plan must be like "bad-day;seed=1", "network:0.2,hang:0.1" or "ok,network": received speed',
    );
  });

  test.prop([fc.string()])('any text is either a plan that works or a RangeError', (value) => {
    let plan;
    try {
      plan = faultPlanFromEnvironment(value);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
      return;
    }
    expect(faultyProvider(mockProvider(), plan).injected).toEqual([]);
  });
});
