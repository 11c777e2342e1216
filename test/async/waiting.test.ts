import { describe, expect, test } from 'vitest';
import { manualClock } from 'gradelanes/testing';
import { StopSignal } from '../../src/async/stop-signal.js';
import { sleep } from '../../src/async/waiting.js';

describe('sleep', () => {
  test('is true after the whole time and leaves nothing behind', async () => {
    const clock = manualClock();
    const stop = new StopSignal();
    expect(await clock.runUntil(sleep(50, clock, stop))).toBe(true);
    expect([clock.now(), clock.pendingTimers]).toEqual([50, 0]);
    stop.stop('aborted');
  });

  test('is false at once when the run stops', async () => {
    const clock = manualClock();
    const stop = new StopSignal();
    const sleeping = sleep(50, clock, stop);
    await clock.advance(20);
    stop.stop('deadline_exceeded');
    expect(await sleeping).toBe(false);
    expect([clock.now(), clock.pendingTimers]).toEqual([20, 0]);
  });

  test('is false at once in a run that has stopped', async () => {
    const clock = manualClock();
    const stop = new StopSignal();
    stop.stop('aborted');
    expect(await sleep(50, clock, stop)).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });
});
