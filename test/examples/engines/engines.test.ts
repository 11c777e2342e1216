// The recipes for other engines: 1,000 answers each, a worker lost in the middle, one result each.
import { Queue, type Worker } from 'bullmq';
import { ProviderError } from 'gradelanes';
import {
  chunkAnswers,
  createChunkGrader,
  type ChunkGrader,
  type GradingChunk,
  type ResultStore,
} from 'gradelanes/jobs';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { enqueue, startWorker } from '../../../examples/engines/bullmq.ts';
import { gradeWhatIsOpen } from '../../../examples/engines/cron.ts';
import { chunkEvents, gradeChunkFunction } from '../../../examples/engines/inngest.ts';
import { gradingActivities, gradingWorkflow } from '../../../examples/engines/temporal.ts';
import { manyAnswers } from '../../../examples/bulk/many-answers.ts';
import { countingProvider } from '../../jobs/use-queue.js';
import { redisProgram, startRedis } from '../../limiter/start-redis.js';
import { mapStore } from './map-store.js';

const ANSWERS = 1_000;
const SLOTS = 5;

/** A provider that is down for a while in the middle, and a worker that is lost at half of the answers. */
function scene() {
  const store = mapStore();
  const lost = new AbortController();
  const provider = countingProvider(async (items) => {
    if (provider.asked.length === ANSWERS / 2) lost.abort();
    return items.map(({ id }) => ({ id, score: 1 }));
  });
  const graderWith = (signal?: AbortSignal, own: ResultStore = store): ChunkGrader =>
    createChunkGrader({ grading: { provider, feedback: false }, store: own, signal });
  return { store, provider, lost, graderWith };
}

function expectOneEach({ store, provider }: Pick<ReturnType<typeof scene>, 'store' | 'provider'>): void {
  expect(store.rows.size).toBe(ANSWERS);
  expect([...store.rows.values()].every(({ isSettled }) => isSettled)).toBe(true);
  expect(new Set(provider.asked).size).toBe(ANSWERS);
  expect(provider.asked.length - ANSWERS).toBeLessThanOrEqual(SLOTS);
}

async function allChunks(): Promise<readonly GradingChunk[]> {
  const chunks: GradingChunk[] = [];
  for await (const chunk of chunkAnswers(manyAnswers(ANSWERS), { runId: 'run' })) chunks.push(chunk);
  return chunks;
}

test('cron: what a start that ended early left is graded by the next one, and no more', async () => {
  const parts = scene();
  const first = await gradeWhatIsOpen(parts.graderWith(parts.lost.signal), 'run', manyAnswers(ANSWERS));
  expect(first).toEqual({ isOver: false, troubles: ['aborted'] });
  const second = await gradeWhatIsOpen(parts.graderWith(), 'run', manyAnswers(ANSWERS));
  expect(second).toEqual({ isOver: true, troubles: [] });
  expectOneEach(parts);
});

test('cron: a provider that is down ends the start', async () => {
  const store = mapStore();
  const provider = countingProvider(async () => {
    throw new ProviderError('auth', 'wrong key');
  });
  const grader = createChunkGrader({ grading: { provider }, store });
  const outcome = await gradeWhatIsOpen(grader, 'run', manyAnswers(200));
  expect(outcome).toEqual({ isOver: false, troubles: [expect.stringContaining('auth')] });
  expect([...store.rows.values()].some(({ isSettled }) => isSettled)).toBe(false);
});

test('Temporal: an activity whose worker is lost is tried again by another', async () => {
  const parts = scene();
  const heartbeat = vi.fn<() => void>();
  const temporal = (signal: AbortSignal) => ({
    heartbeat,
    cancellationSignal: () => signal,
    failure: (message: string) => new Error(message),
  });
  const first = gradingActivities(parts.graderWith(), temporal(parts.lost.signal));
  const second = gradingActivities(parts.graderWith(), temporal(new AbortController().signal));
  // What the server does with an activity that failed.
  const gradeChunk = (chunk: GradingChunk): Promise<void> =>
    first.gradeChunk(chunk).catch(() => second.gradeChunk(chunk));
  await gradingWorkflow(await allChunks(), gradeChunk, 1);
  expectOneEach(parts);
  expect(heartbeat).toHaveBeenCalled();
});

test('Inngest: a step that failed is tried again', async () => {
  const parts = scene();
  const retryAfter = (message: string): Error => new Error(message);
  const step = { run: <T>(_: string, work: () => Promise<T>): Promise<T> => work() };
  const first = gradeChunkFunction(parts.graderWith(parts.lost.signal), { retryAfter });
  const second = gradeChunkFunction(parts.graderWith(), { retryAfter });
  const ids = new Set<string>();
  for await (const event of chunkEvents('run', manyAnswers(ANSWERS))) {
    ids.add(event.id);
    await first({ event, step }).catch(() => second({ event, step }));
  }
  expect(ids.size).toBe(20);
  expectOneEach(parts);
});

describe.skipIf(redisProgram === undefined)('BullMQ on a real Redis', () => {
  test(
    'goes on with the chunks of a worker that is lost, and asks nothing twice but those in flight',
    { timeout: 60_000 },
    async () => {
      const redis = await startRedis();
      const connection = { host: '127.0.0.1', port: redis.port };
      const queue = new Queue('grading', { connection });
      const workers: Worker[] = [];
      onTestFinished(async () => {
        await Promise.all(workers.map((worker) => worker.close(true)));
        await queue.close();
        await redis.stop();
      });
      const parts = scene();
      await enqueue(queue, 'run', manyAnswers(ANSWERS));
      await enqueue(queue, 'run', manyAnswers(ANSWERS));
      expect(await queue.getJobCountByTypes('waiting', 'prioritized')).toBe(20);
      workers.push(startWorker('grading', parts.graderWith(parts.lost.signal), connection));
      await vi.waitFor(() => expect(parts.lost.signal.aborted).toBe(true), { timeout: 20_000 });
      await workers[0]?.close(true);
      workers.push(startWorker('grading', parts.graderWith(), connection));
      await vi.waitFor(() => expect(parts.store.rows.size).toBe(ANSWERS), { timeout: 30_000, interval: 50 });
      expectOneEach(parts);
    },
  );
});
