import { fc, test } from '@fast-check/vitest';
import { gradeAnswersConcurrently } from 'gradelanes';
import { manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { afterEach, describe, expect, vi } from 'vitest';
import { waitedFor } from '../../../src/testing/time/waiting.js';
import { sampleAnswers } from '../../sample-answers.js';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const wait = (clock: ManualClock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.setTimeout(resolve, ms));

describe('manualClock', () => {
  test('stands still until it is advanced, and tells the date', async () => {
    const clock = manualClock('2026-03-01T12:00:00Z');
    expect([clock.now(), clock.date()]).toEqual([0, Date.parse('2026-03-01T12:00:00Z')]);
    await clock.advance(90_000);
    expect([clock.now(), new Date(clock.date()).toISOString()]).toEqual([90_000, '2026-03-01T12:01:30.000Z']);
  });

  test('starts on the same day everywhere unless told otherwise', () => {
    expect(manualClock().date()).toBe(Date.parse('2026-01-01T00:00:00Z'));
    expect(manualClock(new Date(5)).date()).toBe(5);
    expect(manualClock(7).date()).toBe(7);
  });

  test('refuses what is no date', () => {
    expect(() => manualClock('soon')).toThrow(new RangeError('startDate must be a date'));
  });

  test('advance runs what falls due, in order, each at its own time', async () => {
    const clock = manualClock();
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name} at ${clock.now()}`);
    clock.setTimeout(note('late'), 30);
    clock.setTimeout(note('first'), 10);
    clock.setTimeout(note('second'), 10);
    clock.setTimeout(note('never'), 31);
    await clock.advance(30);
    expect(ran).toEqual(['first at 10', 'second at 10', 'late at 30']);
    expect([clock.now(), clock.pendingTimers]).toEqual([30, 1]);
  });

  test('advance moves no time before a large run has begun', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { delayMs: 100, clock });
    const answers = sampleAnswers(5_000);
    const abort = new AbortController();
    const running = gradeAnswersConcurrently(answers, { localGrading: false, provider, clock, signal: abort.signal });
    await clock.advance(150);
    expect(provider.calls.map(({ startedAt }) => startedAt)).toEqual([...Array(5).fill(0), ...Array(5).fill(100)]);
    abort.abort();
    await expect(clock.runUntil(running)).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('promises settle between timers, so that what they set counts too', async () => {
    const clock = manualClock();
    const ran: number[] = [];
    const chain = async (): Promise<void> => {
      for (let step = 0; step < 3; step += 1) {
        await wait(clock, 10);
        ran.push(clock.now());
      }
    };
    const done = chain();
    await clock.advance(25);
    expect(ran).toEqual([10, 20]);
    await clock.advance(5);
    expect(ran).toEqual([10, 20, 30]);
    await done;
  });

  test('a timer that was cleared does not run, and clearing nonsense does nothing', async () => {
    const clock = manualClock();
    const ran = vi.fn<() => void>();
    clock.clearTimeout(clock.setTimeout(ran, 5));
    clock.clearTimeout(undefined);
    await clock.runAll();
    expect(ran).not.toHaveBeenCalled();
    expect(clock.now()).toBe(0);
  });

  test.prop([fc.constantFrom(-5, 0, Number.NaN, -Infinity)])(
    'a delay of %s runs at once when time moves',
    async (delay) => {
      const clock = manualClock();
      const ran = vi.fn<() => void>();
      clock.setTimeout(ran, delay);
      expect(ran).not.toHaveBeenCalled();
      await clock.advance(0);
      expect(ran).toHaveBeenCalledTimes(1);
      expect(clock.now()).toBe(0);
    },
  );

  test.prop([fc.array(fc.nat({ max: 1_000 }), { maxLength: 30 })])(
    'time never runs backwards',
    async (delays) => {
      const clock = manualClock();
      const times: number[] = [];
      for (const delay of delays) clock.setTimeout(() => times.push(clock.now()), delay);
      await clock.runAll();
      expect(times).toEqual(delays.toSorted((a, b) => a - b));
    },
    20_000,
  );

  test('runAll follows timers that set timers, until none is left', async () => {
    const clock = manualClock();
    const rounds = async (): Promise<void> => {
      for (let round = 0; round < 4; round += 1) await wait(clock, 60_000);
    };
    const done = rounds();
    await clock.runAll();
    await done;
    expect([clock.now(), clock.pendingTimers]).toEqual([240_000, 0]);
  });

  test('runAll says what is wrong when timers go on for ever', async () => {
    const clock = manualClock();
    const again = (): void => void clock.setTimeout(again, 60_000);
    again();
    await expect(clock.runAll({ limitMs: 600_000 })).rejects.toThrow(
      '10 timers ran and more are due beyond limitMs 600000',
    );
  });

  test('runUntil returns what the promise settles to and leaves later timers alone', async () => {
    const clock = manualClock();
    clock.setTimeout(() => expect.unreachable('too far'), 100_000);
    const answer = wait(clock, 5_000).then(() => 'done');
    expect(await clock.runUntil(answer)).toBe('done');
    expect([clock.now(), clock.pendingTimers]).toEqual([5_000, 1]);
  });

  test('runUntil rejects as the promise does', async () => {
    const clock = manualClock();
    const failing = wait(clock, 10).then(() => Promise.reject(new Error('no luck')));
    await expect(clock.runUntil(failing)).rejects.toThrow('no luck');
  });

  test('runUntil says what is wrong when the promise waits for something else', async () => {
    await expect(manualClock().runUntil(new Promise(() => {}))).rejects.toThrow(
      'no timer is left and the promise waits for something else',
    );
  });

  test('real work that was marked is waited for before time moves', async () => {
    const clock = manualClock();
    const order: string[] = [];
    const loading = waitedFor(new Promise<void>((resolve) => void setTimeout(resolve, 20))).then(() =>
      order.push('loaded'),
    );
    clock.setTimeout(() => order.push('timer'), 1);
    await clock.runAll();
    await loading;
    expect(order).toEqual(['loaded', 'timer']);
  });

  test('marked work that fails is over too', async () => {
    const clock = manualClock();
    await expect(waitedFor(Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    await clock.advance(1);
    expect(clock.now()).toBe(1);
  });

  test("runs beside a runner's fake timers without touching them", async () => {
    vi.useFakeTimers();
    const clock = manualClock();
    const done = wait(clock, 1_000);
    await clock.runUntil(done);
    expect(vi.getTimerCount()).toBe(0);
    expect(clock.now()).toBe(1_000);
  });

  test('creates no real timer', async () => {
    const timeout = vi.spyOn(globalThis, 'setTimeout');
    const interval = vi.spyOn(globalThis, 'setInterval');
    const clock = manualClock();
    await clock.runUntil(wait(clock, 600_000));
    await clock.advance(1_000);
    await clock.runAll();
    expect([timeout.mock.calls.length, interval.mock.calls.length]).toEqual([0, 0]);
  });
});
