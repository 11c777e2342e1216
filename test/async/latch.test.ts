import { describe, expect, test, vi } from 'vitest';
import { Latch } from '../../src/async/latch.js';

describe('Latch', () => {
  test('tells everybody who waits, once', () => {
    const latch = new Latch();
    const callback = vi.fn();
    latch.onOpen(callback);
    expect(latch.isOpen).toBe(false);
    latch.open();
    latch.open();
    expect([latch.isOpen, callback.mock.calls.length]).toEqual([true, 1]);
  });

  test('tells at once who comes late, and nobody who waits no longer', () => {
    const latch = new Latch();
    const [late, gone] = [vi.fn(), vi.fn()];
    latch.onOpen(gone)();
    latch.open();
    expect(() => latch.onOpen(late)()).not.toThrow();
    expect([late.mock.calls.length, gone.mock.calls.length]).toEqual([1, 0]);
  });
});
