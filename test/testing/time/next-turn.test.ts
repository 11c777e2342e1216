import { afterEach, describe, expect, test, vi } from 'vitest';

const load = async (): Promise<() => Promise<void>> => {
  vi.resetModules();
  const { nextTurn } = await import('../../../src/testing/time/next-turn.js');
  return nextTurn;
};

/** A chain of promises, each waiting for the one before. */
const settleAfter = async (microtasks: number, done: () => void): Promise<void> => {
  for (let count = 0; count < microtasks; count += 1) await Promise.resolve();
  done();
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('nextTurn', () => {
  test.each([
    ['setImmediate', []],
    ['a MessageChannel', ['setImmediate']],
  ])('lets promises settle by %s', async (_, missing) => {
    for (const name of missing) vi.stubGlobal(name, undefined);
    const nextTurn = await load();
    const done = vi.fn<() => void>();
    void settleAfter(100, done);
    await nextTurn();
    expect(done).toHaveBeenCalledTimes(1);
  });

  test('keeps what it took at load when a runner fakes it later', async () => {
    const nextTurn = await load();
    const fake = vi.fn(setImmediate);
    vi.stubGlobal('setImmediate', fake);
    await nextTurn();
    expect(fake).not.toHaveBeenCalled();
  });
});
