import { afterEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/contract/clock.js';

afterEach(() => {
  vi.useRealTimers();
});

describe('systemClock', () => {
  test('follows a test runner’s fake timers', () => {
    vi.useFakeTimers({ now: new Date('2026-05-01T12:00:00Z') });
    const callback = vi.fn();
    systemClock.setTimeout(callback, 50);
    systemClock.clearTimeout(systemClock.setTimeout(callback, 60));
    const startedAt = systemClock.now();
    vi.advanceTimersByTime(100);
    expect(callback).toHaveBeenCalledOnce();
    expect(systemClock.now() - startedAt).toBe(100);
    expect(systemClock.date()).toBe(Date.parse('2026-05-01T12:00:00.100Z'));
  });

  test('counts a timer that fired as time passed where a runner fakes timers and leaves performance.now()', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    const startedAt = systemClock.now();
    let firedAt = startedAt;
    systemClock.setTimeout(() => {
      firedAt = systemClock.now();
    }, 60_000);
    vi.advanceTimersByTime(60_000);
    expect(firedAt - startedAt).toBeGreaterThanOrEqual(60_000);
  });

  test('does not go back when the calendar does', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
    const before = systemClock.now();
    vi.setSystemTime(0);
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  });
});
