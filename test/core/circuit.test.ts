import { beforeEach, describe, expect, test } from 'vitest';
import { Circuit } from '../../src/core/circuit.js';

const SLOTS = 10;

let circuit: Circuit;
beforeEach(() => {
  circuit = new Circuit();
});

function failTimes(count: number, nowMs = 0): boolean {
  return Array.from({ length: count }, () => circuit.failed(SLOTS, nowMs)).at(-1) ?? false;
}

describe('a circuit', () => {
  test('stays closed when all connections drop at once, a few idle ones with them', () => {
    expect(failTimes(SLOTS + 4)).toBe(false);
    expect(circuit.state(0)).toBe('closed');
  });

  test('opens once five more failures than slots came in a row, and says so once', () => {
    expect(failTimes(SLOTS + 5)).toBe(true);
    expect(circuit.state(0)).toBe('open');
    expect(failTimes(1)).toBe(false);
  });

  test('counts from anew after a success', () => {
    failTimes(SLOTS + 4);
    expect(circuit.succeeded()).toBe(false);
    expect(failTimes(SLOTS + 4)).toBe(false);
    expect(circuit.state(0)).toBe('closed');
  });

  test('lets a probe through after 5 seconds, and closes with it', () => {
    failTimes(SLOTS + 5, 1_000);
    expect(circuit.state(5_999)).toBe('open');
    expect(circuit.state(6_000)).toBe('half_open');
    expect(circuit.succeeded()).toBe(true);
    expect(circuit.state(6_000)).toBe('closed');
  });

  test('waits twice as long after every probe that fails, a minute at most', () => {
    failTimes(SLOTS + 5);
    let nowMs = 0;
    for (const waitMs of [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]) {
      expect(circuit.state(nowMs + waitMs - 1)).toBe('open');
      nowMs += waitMs;
      expect(circuit.state(nowMs)).toBe('half_open');
      expect(circuit.failed(SLOTS, nowMs)).toBe(true);
    }
  });

  test('lets a probe through before its time when told to, but only if it is open', () => {
    circuit.allowProbe();
    expect(circuit.state(0)).toBe('closed');
    failTimes(SLOTS + 5);
    circuit.allowProbe();
    expect(circuit.state(0)).toBe('half_open');
  });
});
