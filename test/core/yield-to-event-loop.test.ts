import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTurnTimer, yieldToEventLoop } from '../../src/core/yield-to-event-loop.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('yieldToEventLoop', () => {
  test.each([
    ['with setImmediate', false],
    ['without it, as in a browser', true],
  ])('lets timers pass first %s', async (_, isBrowser) => {
    let hasPassed = false;
    setTimeout(() => {
      hasPassed = true;
    }, 0);
    if (isBrowser) vi.stubGlobal('setImmediate', undefined);
    const until = performance.now() + 1_000;
    while (!hasPassed && performance.now() < until) await yieldToEventLoop();
    expect(hasPassed).toBe(true);
  });

  test('creates no timer', async () => {
    vi.stubGlobal('setImmediate', undefined);
    const setTimeoutSpy = vi.spyOn(globalThis, 'setTimeout');
    await yieldToEventLoop();
    expect(setTimeoutSpy).not.toHaveBeenCalled();
    setTimeoutSpy.mockRestore();
  });
});

describe('createTurnTimer', () => {
  test('is over after ten milliseconds of real time, until it is restarted', () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1_000);
    const turn = createTurnTimer();
    expect(turn.isOver()).toBe(false);
    now.mockReturnValue(1_009.9);
    expect(turn.isOver()).toBe(false);
    now.mockReturnValue(1_010);
    expect(turn.isOver()).toBe(true);
    turn.restart();
    expect(turn.isOver()).toBe(false);
    now.mockRestore();
  });
});
