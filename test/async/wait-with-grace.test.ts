import { describe, expect, test } from 'vitest';
import { manualClock } from 'gradelanes/testing';
import { waitWithGrace } from '../../src/async/waiting.js';

describe('waitWithGrace', () => {
  test('tells how work ended', async () => {
    const clock = manualClock();
    expect(await waitWithGrace(Promise.resolve(7), 50, clock).outcome).toEqual({ ok: true, value: 7 });
    expect(await waitWithGrace(Promise.reject(new Error('no')), 50, clock).outcome).toEqual({
      ok: false,
      error: new Error('no'),
    });
    expect(clock.pendingTimers).toBe(0);
  });

  test('waits without end until the grace is started', async () => {
    const clock = manualClock();
    const work = Promise.withResolvers<number>();
    const settling = waitWithGrace(work.promise, 50, clock);
    await clock.advance(10_000);
    work.resolve(1);
    expect(await settling.outcome).toEqual({ ok: true, value: 1 });
  });

  test('leaves work that outlives the grace, whose rejection nobody misses', async () => {
    const clock = manualClock();
    const work = Promise.withResolvers<number>();
    const settling = waitWithGrace(work.promise, 50, clock);
    settling.startGrace();
    await clock.advance(30);
    settling.startGrace();
    await clock.advance(20);
    expect(await settling.outcome).toBe('left');
    expect(clock.pendingTimers).toBe(0);
    work.reject(new Error('too late'));
    await clock.advance(1);
  });

  test('takes work that ends within the grace, and keeps no timer', async () => {
    const clock = manualClock();
    const work = Promise.withResolvers<number>();
    const settling = waitWithGrace(work.promise, 50, clock);
    settling.startGrace();
    await clock.advance(30);
    work.resolve(1);
    expect(await settling.outcome).toEqual({ ok: true, value: 1 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('sets no timer for work that has ended', async () => {
    const clock = manualClock();
    const settling = waitWithGrace(Promise.resolve(1), 50, clock);
    await settling.outcome;
    settling.startGrace();
    expect(clock.pendingTimers).toBe(0);
  });
});
