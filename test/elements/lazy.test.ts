import { expect, test, vi } from 'vitest';
import { lazy } from '../../src/elements/lazy.js';

test('a lazy part is loaded once, and is there at once from then on', async () => {
  const load = vi.fn(async () => 'part');
  const part = lazy(load);
  expect(load).not.toHaveBeenCalled();
  expect(part()).toBeInstanceOf(Promise);
  await part();
  load.mockClear();
  expect(part()).toBe('part');
  expect(load).not.toHaveBeenCalled();
});

test('a lazy part that could not be loaded is loaded anew', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValueOnce(new Error('offline')).mockResolvedValue('part');
  const part = lazy(load);
  await expect(part()).rejects.toThrow('offline');
  expect(await part()).toBe('part');
});
