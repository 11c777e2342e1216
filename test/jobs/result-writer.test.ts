import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ResultRow } from '../../src/jobs/result-store.js';
import { ResultWriter } from '../../src/jobs/result-writer.js';

const row: ResultRow = {
  runId: 'run',
  index: 0,
  gradeKey: 'gk1_x',
  isSettled: true,
  isReusable: true,
  result: {
    status: 'failed',
    index: 0,
    error: { code: 'refused', message: 'no', scope: 'item', retryable: false },
    attempts: 1,
    durationMs: 1,
    queuedMs: 0,
  },
};
const down = new Error('connect ECONNREFUSED');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('ResultWriter', () => {
  test('stores a row when the database is back', async () => {
    const save = vi.fn<() => Promise<void>>().mockRejectedValueOnce(down).mockRejectedValueOnce(down);
    const stored = new ResultWriter({ save }, new AbortController().signal).store(row);
    await vi.advanceTimersByTimeAsync(500);
    expect(await stored).toBe(true);
    expect(save).toHaveBeenCalledTimes(3);
  });

  test('gives up on a row that the database refuses', async () => {
    const save = vi.fn<() => Promise<void>>().mockRejectedValue(Object.assign(new Error('gone'), { code: '23503' }));
    expect(await new ResultWriter({ save }, new AbortController().signal).store(row)).toBe(false);
    expect(save).toHaveBeenCalledTimes(1);
  });

  test('gives up when the worker is halted', async () => {
    const halt = new AbortController();
    const stored = new ResultWriter({ save: () => Promise.reject(down) }, halt.signal).store(row);
    await vi.advanceTimersByTimeAsync(0);
    halt.abort();
    expect(await stored).toBe(false);
  });

  test('is settled when all that was handed over is stored, what comes within the turn included', async () => {
    const { promise: saved, resolve: save } = Promise.withResolvers<void>();
    const writer = new ResultWriter({ save: () => saved }, new AbortController().signal);
    let isSettled = false;
    const settled = writer.settled().then(() => (isSettled = true));
    const stored = writer.store(row);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isSettled).toBe(false);
    save();
    await Promise.all([stored, settled]);
    expect(isSettled).toBe(true);
  });

  test('stores what comes while a statement is on its way with the next one, and no place twice in one', async () => {
    const groups: number[][] = [];
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const save = async (rows: readonly ResultRow[]): Promise<void> => {
      groups.push(rows.map(({ index }) => index));
      if (groups.length === 1) await held;
    };
    const writer = new ResultWriter({ save }, new AbortController().signal);
    const first = writer.store(row);
    await Promise.resolve();
    const later = [1, 2, 1].map((index) => writer.store({ ...row, index }));
    release();
    expect(await Promise.all([first, ...later])).toEqual([true, true, true, true]);
    expect(groups).toEqual([[0], [1, 2], [1]]);
  });

  test('loses no other row of a group with one that the database refuses', async () => {
    const refused = Object.assign(new Error('bad'), { code: '22P02' });
    const save = vi.fn(async (rows: readonly ResultRow[]) => {
      if (rows.some(({ index }) => index === 1)) throw refused;
    });
    const writer = new ResultWriter({ save }, new AbortController().signal);
    expect(await Promise.all([0, 1, 2].map((index) => writer.store({ ...row, index })))).toEqual([true, false, true]);
  });
});
