import { afterEach, describe, expect, test, vi } from 'vitest';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('yieldToEventLoop', () => {
  test.each([
    ['with setImmediate', false],
    ['without it, as in a browser', true],
  ])('lets timers pass and sets none itself %s', async (_, isBrowser) => {
    if (isBrowser) vi.stubGlobal('setImmediate', undefined);
    const { yieldToEventLoop } = await import('../../src/async/yield.js');
    const passed = vi.fn();
    setTimeout(passed, 0);
    const setTimer = vi.spyOn(globalThis, 'setTimeout');
    const until = performance.now() + 1_000;
    while (passed.mock.calls.length === 0 && performance.now() < until) await yieldToEventLoop();
    expect(passed).toHaveBeenCalledOnce();
    expect(setTimer).not.toHaveBeenCalled();
    setTimer.mockRestore();
  });

  test('works beside fake timers', async () => {
    const { yieldToEventLoop } = await import('../../src/async/yield.js');
    vi.useFakeTimers();
    await expect(yieldToEventLoop()).resolves.toBeUndefined();
    vi.useRealTimers();
  });
});
