import { mock } from 'node:test';
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

  test.each([
    ['vitest', () => vi.useFakeTimers({ toFake: ['setImmediate'] }), () => vi.useRealTimers()],
    ['node:test', () => mock.timers.enable({ apis: ['setImmediate'] }), () => mock.timers.reset()],
  ])('works when the fakes of %s were there before it', async (_, fake, restore) => {
    vi.resetModules();
    fake();
    try {
      const { yieldToEventLoop } = await import('../../src/async/yield.js');
      await expect(yieldToEventLoop()).resolves.toBeUndefined();
    } finally {
      restore();
    }
  });

  test("takes Node's channel where the page has none, as in Jest's jsdom", async () => {
    vi.resetModules();
    vi.stubGlobal('setImmediate', undefined);
    vi.stubGlobal('MessageChannel', undefined);
    const { yieldToEventLoop } = await import('../../src/async/yield.js');
    await expect(yieldToEventLoop()).resolves.toBeUndefined();
  });

  test('counts for all copies of the package', async () => {
    const { yieldToEventLoop } = await import('../../src/async/yield.js');
    vi.resetModules();
    const { yieldsSoFar } = await import('../../src/async/yield.js');
    const before = yieldsSoFar();
    await yieldToEventLoop();
    expect(yieldsSoFar()).toBe(before + 1);
  });
});

describe('nextTurn', () => {
  test('lets promises settle, however long their chain', async () => {
    const { nextTurn } = await import('../../src/async/yield.js');
    let settled = 0;
    const chain = async (): Promise<void> => {
      for (let link = 0; link < 100; link += 1) await Promise.resolve();
      settled += 1;
    };
    void chain();
    await nextTurn();
    expect(settled).toBe(1);
  });
});
