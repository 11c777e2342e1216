import { describe, expect, test } from 'vitest';
import { manualClock } from 'gradelanes/testing';
import { inTime } from '../../src/async/waiting.js';
import { StopSignal } from '../../src/async/stop-signal.js';

describe('inTime', () => {
  test('gives what the work gives, and leaves nothing behind', async () => {
    const clock = manualClock();
    expect(await inTime(Promise.resolve('done'), 50, clock, new StopSignal())).toBe('done');
    expect(clock.pendingTimers).toBe(0);
  });

  test('throws what the work throws', async () => {
    const clock = manualClock();
    await expect(inTime(Promise.reject(new Error('down')), 50, clock, new StopSignal())).rejects.toThrow('down');
    expect(clock.pendingTimers).toBe(0);
  });

  test('throws when the work is late, and handles what it rejects with later', async () => {
    const clock = manualClock();
    const { promise: work, reject } = Promise.withResolvers<void>();
    const late = expect(inTime(work, 50, clock, new StopSignal())).rejects.toMatchObject({ name: 'TimeoutError' });
    await clock.advance(50);
    await late;
    reject(new Error('too late'));
  });

  test('is undefined at once when the run stops', async () => {
    const clock = manualClock();
    const stop = new StopSignal();
    const waiting = inTime(new Promise(() => {}), 50, clock, stop);
    stop.stop('aborted');
    expect(await waiting).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });
});
