import { seededRandom } from 'gradelanes/testing';
import type { MockReply } from 'gradelanes/testing-server';
import { afterAll, describe, expect, test } from 'vitest';
import { useWire } from './use-wire.js';
import { endpoints } from './vendors.js';

const { start, run } = useWire();

/** One call in five meets one of these. */
const FAULT_SHARE = 0.2;
const FAULTS: readonly MockReply[] = [
  { error: 500 },
  { error: 529 },
  { error: 529, retryAfterMs: 400 },
  { error: 429 },
  { error: 429, retryAfterMs: 600 },
  { fault: 'reset' },
  { fault: 'resetMidBody' },
  { fault: 'truncatedBody' },
  { fault: 'hang' },
  { fault: 'stallBody' },
  { fault: 'malformed' },
  { fault: 'html' },
  { verdicts: [{ levels: ['five'] }] },
  { verdicts: [null] },
];

const seeds = Array.from({ length: 50 }, (_, index) => index + 1);
const shares = endpoints.map((vendor, position) => ({
  ...vendor,
  seedsOfVendor: seeds.filter((seed) => seed % endpoints.length === position),
}));

const totals = { answers: 0, graded: 0 };
afterAll(() => {
  // Few answers meet so many faults in a row that they fail.
  expect(totals.graded).toBeGreaterThan(0.95 * totals.answers);
});

describe.each(shares)('whatever goes wrong on the way to $name', ({ provider, seedsOfVendor }) => {
  test.each(seedsOfVendor)('every answer is graded right or fails with a reason: seed %i', async (seed) => {
    const random = seededRandom(seed);
    const draw = (most: number): number => Math.floor(random() * most);
    const server = await start({
      respond: () => (random() < FAULT_SHARE ? FAULTS[draw(FAULTS.length)] : undefined),
      latencyMs: () => draw(6),
    });
    const { report } = await run([server], {
      provider: provider(server.url),
      count: 1 + draw(20),
      // A call may time out before a busy machine has sent it.
      everyCallArrives: false,
      maxConcurrentTasks: 1 + draw(8),
      // A tenth of a second of real time.
      attemptTimeoutMs: 5_000,
      random: seededRandom(seed + 1_000),
    });
    totals.answers += report.results.length;
    totals.graded += report.metrics.gradedCount;
  });
});
