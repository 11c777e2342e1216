import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SharedLimiter } from 'gradelanes';
import { globalLimiter } from '../../src/jobs/global-limiter.js';
import type { SqlPool } from '../../src/jobs/job-engine.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a limit on requests', () => {
  test.each([30, 60, 90, 600, 1_000, 3_000, 18_000])(
    'of %i a minute is nearly reached, and never passed in a sliding second, by three processes',
    async (requestsPerMinute) => {
      const perSecond = requestsPerMinute / 60;
      const seconds = Math.max(3, Math.ceil(10 / perSecond));
      const grants = await grantsWithin(seconds, { requestsPerMinute }, () => 1);
      const times = grants.map(({ atMs }) => atMs);
      expect(worstSecond(times)).toBeLessThanOrEqual(Math.ceil(perSecond));
      expect(times.length).toBeGreaterThanOrEqual(0.85 * perSecond * seconds);
    },
  );
});

describe('a limit on tokens', () => {
  test.each([
    ['small', 600_000, 40],
    ['as large as a window', 600_000, 500],
    ['large', 60_000, 900],
    ['larger than a second', 30_000, 1_200],
  ])('is kept by calls that are %s', async (_, tokensPerMinute, tokens) => {
    let turn = 0;
    const grants = await grantsWithin(10, { tokensPerMinute }, () => tokens * (0.5 + (turn++ % 11) / 10));
    const taken = grants.reduce((sum, grant) => sum + grant.tokens, 0);
    expect(taken).toBeLessThanOrEqual(tokensPerMinute / 6 + 2 * tokens);
    expect(taken).toBeGreaterThanOrEqual((0.85 * tokensPerMinute) / 6);
  });
});

describe('without its database', () => {
  test('lets nothing through, and goes on when it is back', async () => {
    const store = memoryStore();
    const limiter = await globalLimiter(store, 'gradelanes', { requestsPerMinute: 60 }, new AbortController().signal);
    store.isDown = true;
    let isGranted = false;
    void limiter.acquire({ provider: 'p', tokens: 0 }).then(() => (isGranted = true));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(isGranted).toBe(false);
    store.isDown = false;
    await vi.advanceTimersByTimeAsync(300);
    expect(isGranted).toBe(true);
  });

  test('keeps nobody who is told to stop', async () => {
    const store = memoryStore();
    const stop = new AbortController();
    const limiter = await globalLimiter(store, 'gradelanes', { requestsPerMinute: 60 }, stop.signal);
    store.isDown = true;
    const acquired = limiter.acquire({ provider: 'p', tokens: 0 });
    await vi.advanceTimersByTimeAsync(100);
    stop.abort();
    await expect(acquired).resolves.toBeUndefined();
  });

  test('cannot be set up', async () => {
    const store = memoryStore();
    store.isDown = true;
    const limiter = globalLimiter(store, 'gradelanes', { requestsPerMinute: 60 }, new AbortController().signal);
    await expect(limiter).rejects.toThrow('ECONNREFUSED');
  });
});

test('a worker that starts while another makes the table finds it made', async () => {
  const store = memoryStore();
  const { query } = store;
  let isBeingMade = true;
  store.query = async (statement) => {
    if (!isBeingMade) return query(statement);
    isBeingMade = false;
    throw new Error('type "rate_limit" already exists');
  };
  const limiter = await globalLimiter(store, 'x', { requestsPerMinute: 60 }, new AbortController().signal);
  await expect(limiter.acquire({ provider: 'p', tokens: 0 })).resolves.toBeUndefined();
});

test('providers have limits of their own', async () => {
  const limiter = await globalLimiter(memoryStore(), 'x', { requestsPerMinute: 60 }, new AbortController().signal);
  await Promise.all(['first', 'second'].map((provider) => limiter.acquire({ provider, tokens: 0 })));
  expect(vi.getTimerCount()).toBe(0);
});

/** What three processes, each with four calls waiting, get within so many seconds. */
async function grantsWithin(
  seconds: number,
  limits: Parameters<typeof globalLimiter>[2],
  weigh: () => number,
): Promise<readonly { atMs: number; tokens: number }[]> {
  const grants: { atMs: number; tokens: number }[] = [];
  const stop = new AbortController();
  const store = memoryStore();
  const take = async (limiter: SharedLimiter): Promise<void> => {
    while (!stop.signal.aborted) {
      const tokens = Math.ceil(weigh());
      await limiter.acquire({ provider: 'p', tokens });
      if (!stop.signal.aborted) grants.push({ atMs: Date.now(), tokens });
    }
  };
  const takers: Promise<void>[] = [];
  for (let process = 0; process < 3; process++) {
    const limiter = await globalLimiter(store, 'gradelanes', limits, stop.signal);
    for (let call = 0; call < 4; call++) takers.push(take(limiter));
  }
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  stop.abort();
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all(takers);
  return grants;
}

/** The limiter's statements, as PostgreSQL carries them out. */
function memoryStore(): SqlPool & { isDown: boolean } {
  const rows = new Map<unknown, { points: number; expire: number }>();
  const store = {
    isDown: false,
    async query(statement: unknown) {
      // The limiter hands over objects, as pg takes them too.
      const { name, values } = statement as {
        name?: string;
        values?: [key: string, points: number, expire: number, now: number];
      };
      if (store.isDown) throw new Error('connect ECONNREFUSED');
      if (values === undefined) return { rows: [], rowCount: 0 };
      const [key, points, expire, now] = values;
      const known = rows.get(key);
      const isOver = known === undefined || known.expire <= now || name?.endsWith('force') === true;
      const row = isOver ? { points, expire } : { points: known.points + points, expire: known.expire };
      rows.set(key, row);
      return { rows: [row], rowCount: 1 };
    },
  };
  return store;
}

function worstSecond(times: readonly number[]): number {
  let first = 0;
  return times.reduce((worst, time, last) => {
    while (time - (times[first] ?? time) >= 1_000) first++;
    return Math.max(worst, last - first + 1);
  }, 0);
}
