import { beforeEach, describe, expect, test } from 'vitest';
import { Circuit } from '../../../src/engine/limits/circuit.js';

const SLOTS = 10;

let circuit: Circuit;
let callsStarted = 0;
beforeEach(() => {
  circuit = new Circuit();
  callsStarted = 0;
});

/** One after the other. True if the last one opened the circuit. */
function failTimes(count: number, { slots = SLOTS, nowMs = 0 } = {}): boolean {
  return Array.from({ length: count }, () => failed(++callsStarted, { slots, nowMs })).at(-1) ?? false;
}

/** So many that started together. */
function failTogether(count: number): boolean {
  const first = callsStarted + 1;
  callsStarted += count;
  return Array.from({ length: count }, (_, position) => failed(first + position)).includes(true);
}

function failed(callNumber: number, { slots = SLOTS, nowMs = 0 } = {}): boolean {
  return circuit.failed({ callNumber, callsStarted, code: 'timeout' }, slots, nowMs);
}

describe('a circuit', () => {
  test.each([
    [1, 5],
    [5, 5],
    [6, 6],
    [10, 10],
  ])('over %i slots opens with %i failures in a row, and says so once', (slots, failures) => {
    expect(failTimes(failures - 1, { slots })).toBe(false);
    expect(circuit.state(0)).toBe('closed');
    expect(failTimes(1, { slots })).toBe(true);
    expect(circuit.state(0)).toBe('open');
    expect(failTimes(1, { slots })).toBe(false);
  });

  test('counts calls once that were under way together when the first of them failed', () => {
    expect(failTogether(SLOTS)).toBe(false);
    expect(failTimes(SLOTS - 2)).toBe(false);
    expect(failTimes(1)).toBe(true);
  });

  test('counts every call that starts later, and after a success those that are under way then', () => {
    failTogether(SLOTS);
    circuit.succeeded();
    expect(failTogether(SLOTS)).toBe(false);
    expect(failTogether(SLOTS)).toBe(true);
  });

  test('counts from anew after a success', () => {
    failTimes(SLOTS - 1);
    expect(circuit.succeeded()).toBe(false);
    expect(failTimes(SLOTS - 1)).toBe(false);
    expect(circuit.state(0)).toBe('closed');
  });

  test('lets a probe through after 5 seconds, and closes with it', () => {
    failTimes(SLOTS, { nowMs: 1_000 });
    expect(circuit.state(5_999)).toBe('open');
    expect(circuit.state(6_000)).toBe('half_open');
    expect(circuit.succeeded()).toBe(true);
    expect(circuit.state(6_000)).toBe('closed');
  });

  test('waits twice as long after every probe that fails, a minute at most', () => {
    failTimes(SLOTS);
    let nowMs = 0;
    for (const waitMs of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      expect(circuit.state(nowMs + waitMs - 1)).toBe('open');
      nowMs += waitMs;
      expect(circuit.state(nowMs)).toBe('half_open');
      expect(failTimes(1, { nowMs })).toBe(true);
    }
  });

  test('tells how long its next probe is off', () => {
    expect(circuit.probeInMs(0)).toBe(0);
    failTimes(SLOTS, { nowMs: 1_000 });
    expect([1_000, 5_999, 6_000, 7_000].map((nowMs) => circuit.probeInMs(nowMs))).toEqual([5_000, 1, 0, 0]);
  });

  test('is worth no further wait after three probes that failed, until one gets through', () => {
    failTimes(SLOTS);
    const worth = [5_000, 15_000, 35_000].map((nowMs) => {
      circuit.state(nowMs);
      const isWorthAWait = circuit.isWorthAWait;
      failTimes(1, { nowMs });
      return isWorthAWait;
    });
    expect([worth, circuit.isWorthAWait]).toEqual([[true, true, true], false]);
    circuit.succeeded();
    expect(circuit.isWorthAWait).toBe(true);
  });

  test('lets a probe through before its time when told to, but only if it is open', () => {
    circuit.allowProbe();
    expect(circuit.state(0)).toBe('closed');
    failTimes(SLOTS);
    circuit.allowProbe();
    expect(circuit.state(0)).toBe('half_open');
  });
});
