// What must hold when worker processes die or freeze: real processes and signals, on the built package.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { collectReport, enqueueGrading, gradingProgress } from 'gradelanes/jobs';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { manyAnswers } from '../../examples/bulk/many-answers.ts';
import { startSimulatedModel } from '../../examples/bulk/simulated-model.ts';
import { startWorker } from '../../examples/bulk/start-worker.ts';
import { expireLeases, useQueue } from './use-queue.js';

const ANSWERS = 200;
const SLOTS = 6;
const queueOf = useQueue();

beforeAll(() => {
  const isBuilt = existsSync(fileURLToPath(new URL('../../dist/jobs.js', import.meta.url)));
  if (!isBuilt) throw new Error('Worker processes run on dist: npm run build comes first');
});

test('no answer is lost or stored twice when a worker is killed and one frozen; only calls in flight are made twice', async () => {
  const { boss, pool, postgres } = queueOf();
  const run = { boss, pool, runId: 'processes' };
  const model = await startSimulatedModel(40);
  onTestFinished(() => model.close());
  const start = async (name: string): Promise<ChildProcess> => {
    const settings = { databaseUrl: postgres.connectionString, modelUrl: model.url, slots: SLOTS };
    const worker = await startWorker(name, settings);
    onTestFinished(() => void worker.kill('SIGKILL'));
    return worker;
  };
  const graded = async (): Promise<number> => (await gradingProgress(run)).graded;
  const untilGraded = (count: number): Promise<void> =>
    vi.waitFor(async () => expect(await graded()).toBeGreaterThanOrEqual(count), { timeout: 20_000, interval: 10 });
  await enqueueGrading(manyAnswers(ANSWERS), { ...run, chunkSize: 20, retryDelaySeconds: 1, leaseSeconds: 10 });

  const [killed, frozen] = await Promise.all([start('killed'), start('frozen')]);
  await untilGraded(40);
  killed.kill('SIGKILL');
  frozen.kill('SIGSTOP');
  const frozenAt = performance.now();
  // What was sent has arrived by then.
  await delay(50);
  const arrivedBefore = model.calls.length;
  const inFlight = arrivedBefore - (await graded());
  expect(inFlight).toBeLessThanOrEqual(2 * SLOTS);
  await expireLeases(queueOf(), 'gradelanes', 'processes');
  await start('third');
  await untilGraded(ANSWERS);
  // A third of a lease, after which a worker asks whether its claim still holds.
  await delay(Math.max(0, 3_500 - (performance.now() - frozenAt)));
  const arrivedFrozen = model.calls.length;
  frozen.kill('SIGCONT');
  frozen.kill('SIGTERM');
  await once(frozen, 'exit');

  const { results, progress } = await collectReport(run);
  expect(progress).toMatchObject({ total: ANSWERS, graded: ANSWERS, failed: 0, pending: 0 });
  expect(results.map(({ answerId }) => answerId)).toEqual([...manyAnswers(ANSWERS)].map(({ id }) => id));
  expect(new Set(model.calls.map(({ answer }) => answer)).size).toBe(ANSWERS);
  // Twice, at most: what was in flight. A call is so, too, that had begun when the worker froze and arrives when it thaws.
  expect(arrivedFrozen - ANSWERS).toBe(inFlight);
  expect(model.calls.length - ANSWERS).toBeLessThanOrEqual(2 * SLOTS);
});
