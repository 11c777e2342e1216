// What operations do to a run, on a real PostgreSQL server with the real engine: nothing of it is the answers' fault.
import { ProviderError, type FailureCode, type GradingProvider } from 'gradelanes';
import {
  cancelGrading,
  collectReport,
  createGradingWorker,
  deadLetters,
  enqueueGrading,
  gradingProgress,
  redriveGrading,
  type GradingWorker,
  type RunOptions,
  type RunProgress,
} from 'gradelanes/jobs';
import { Pool } from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sampleAnswers } from '../sample-answers.js';
import { compressedClock } from './compressed-clock.js';
import { countingProvider, useQueue } from './use-queue.js';

const queueOf = useQueue();
const freshRun = (runId = 'run'): RunOptions => ({ ...queueOf().fresh(), runId });
const grades: GradingProvider['grade'] = async (items) => items.map(({ id }) => ({ id, score: 1 }));

/** A provider that fails as it is told to, until it is well. */
function patient(code: FailureCode): ReturnType<typeof countingProvider> & { isDown: boolean } {
  const provider = Object.assign(
    countingProvider(async (items, call) => {
      if (provider.isDown) throw new ProviderError(code, 'down');
      return grades(items, call);
    }),
    { isDown: true },
  );
  return provider;
}

describe('an outage of the provider', () => {
  test.each(['network', 'auth', 'server'] as const)(
    'that shows as %s costs no attempt: the run waits, says why, and comes back by itself',
    async (code) => {
      const run = freshRun();
      const provider = patient(code);
      await enqueueGrading(sampleAnswers(40), { ...run, chunkSize: 10, attempts: 1 });
      await startWorker(run, provider);
      const before = Date.now();
      await progressUntil(run, ({ troubles = [] }) => troubles.length > 0);
      const { troubles = [], ...progress } = await gradingProgress(run);
      expect(troubles).toEqual([{ code, since: expect.any(Date), nextTryAt: expect.any(Date), workers: 1 }]);
      expect(Math.abs((troubles[0]?.since.getTime() ?? 0) - before)).toBeLessThan(20_000);
      expect(progress).toMatchObject({ graded: 0, failed: 0, pending: 40, isOver: false });
      provider.isDown = false;
      await progressUntil(run, ({ isOver }) => isOver);
      expect(await gradingProgress(run)).toMatchObject({ graded: 40, failed: 0 });
      expect(await gradingProgress(run)).not.toHaveProperty('troubles');
      expect(await deadLetters(run)).toEqual([]);
    },
  );

  test('ends at the deadline of the run; what was left is graded when its dead letters are redriven', async () => {
    const run = freshRun();
    const provider = patient('network');
    await enqueueGrading(sampleAnswers(20), { ...run, chunkSize: 5, deadlineSeconds: 2 });
    await startWorker(run, provider);
    await progressUntil(run, ({ isOver }) => isOver);
    expect(await gradingProgress(run)).toMatchObject({ graded: 0, failed: 20, pending: 0 });
    await vi.waitFor(async () => expect(await deadLetters(run)).toHaveLength(4), { timeout: 20_000 });
    const { results } = await collectReport(run);
    expect(results).toHaveLength(20);
    for (const result of results) expect(result).toMatchObject({ status: 'failed', error: { retryable: true } });
    expect((await deadLetters(run))[0]?.reason).toMatch(/deadline passed/);

    provider.isDown = false;
    expect(await redriveGrading(run)).toBe(4);
    await progressUntil(run, ({ isOver }) => isOver);
    expect(await gradingProgress(run)).toMatchObject({ graded: 20, failed: 0 });
    expect(await deadLetters(run)).toEqual([]);
  });

  test('is told from an answer that the provider fails on, which costs attempts', async () => {
    const run = freshRun();
    const provider = countingProvider(async (items, call) => {
      if (items.some(({ answer }) => answer === 'answer 1')) throw new ProviderError('timeout', 'too long');
      return grades(items, call);
    });
    await enqueueGrading(sampleAnswers(2), { ...run, attempts: 2, retryDelaySeconds: 1 });
    await startWorker(run, provider);
    await progressUntil(run, ({ isOver }) => isOver);
    expect(await gradingProgress(run)).toMatchObject({ graded: 1, failed: 1 });
    expect(await deadLetters(run)).toMatchObject([{ reason: '1 of 2 answers could not be graded: timeout x 1' }]);
  });
});

describe('a worker', () => {
  test('with a wrong key among good ones takes no work from them', async () => {
    const run = freshRun();
    const wrong = patient('auth');
    await startWorker(run, wrong);
    const good = countingProvider();
    await enqueueGrading(sampleAnswers(60), { ...run, chunkSize: 3, attempts: 1 });
    await progressUntil(run, ({ troubles = [] }) => troubles.length > 0);
    await startWorker(run, good);
    await progressUntil(run, ({ isOver }) => isOver);
    expect(await gradingProgress(run)).toMatchObject({ graded: 60, failed: 0 });
    expect(good.asked.toSorted()).toEqual(
      sampleAnswers(60)
        .map(({ answer }) => answer)
        .toSorted(),
    );
    // It tried whether its key is still wrong, and else left the work to the other.
    expect(wrong.asked.length).toBeLessThan(30);
  });

  test('that is closed in its rest leaves no word of its trouble', async () => {
    const run = freshRun();
    await enqueueGrading(sampleAnswers(2), run);
    const worker = await startWorker(run, patient('quota'));
    await progressUntil(run, ({ troubles = [] }) => troubles.length > 0);
    await worker.close();
    await vi.waitFor(async () => expect(await gradingProgress(run)).not.toHaveProperty('troubles'));
  });
});

describe('a cancelled run', () => {
  test('is refused when it is enqueued again, unless it is to be resumed', async () => {
    const run = freshRun();
    const answers = sampleAnswers(12);
    await enqueueGrading(answers, { ...run, chunkSize: 4 });
    await cancelGrading(run);
    await expect(enqueueGrading(answers, run)).rejects.toMatchObject({
      field: 'runId',
      rule: 'must be a run that was not cancelled; resume: true goes on with this one',
    });
    expect(await enqueueGrading(answers, { ...run, resume: true })).toMatchObject({ chunkCount: 3, state: 'resumed' });
    expect(await enqueueGrading(answers, run)).toMatchObject({ state: 'known' });
    const provider = countingProvider();
    await startWorker(run, provider);
    await progressUntil(run, ({ isOver }) => isOver);
    expect(await gradingProgress(run)).toMatchObject({ graded: 12, failed: 0, isCancelled: false });
    expect(provider.asked).toHaveLength(12);
  });

  test('is resumed for what it had left, and its older jobs are void', async () => {
    const run = freshRun();
    const answers = sampleAnswers(12);
    await enqueueGrading(answers, { ...run, chunkSize: 4 });
    const provider = countingProvider();
    await enqueueGrading(answers, { ...run, resume: true });
    await startWorker(run, provider);
    await progressUntil(run, ({ isOver }) => isOver);
    expect(provider.asked.toSorted()).toEqual(answers.map(({ answer }) => answer).toSorted());
    await expect(enqueueGrading(sampleAnswers(11), { ...run, resume: true })).rejects.toMatchObject({ field: 'runId' });
  });
});

describe('a role that may not write', () => {
  test('is found before anything is enqueued or asked', async () => {
    const run = freshRun();
    await enqueueGrading(sampleAnswers(1), run);
    const { pool: admin, postgres } = queueOf();
    await admin.query(`CREATE ROLE reader_${run.schema} LOGIN PASSWORD 'reader'`);
    await admin.query(`GRANT USAGE ON SCHEMA ${run.schema} TO reader_${run.schema}`);
    await admin.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${run.schema} TO reader_${run.schema}`);
    const connection = new URL(postgres.connectionString);
    connection.username = `reader_${run.schema}`;
    connection.password = 'reader';
    const reader = new Pool({ connectionString: connection.href, max: 1 });
    onTestFinished(() => reader.end());
    const provider = countingProvider();
    const refused = { name: 'GradingOptionsError', field: 'pool', cause: { code: '42501' } };
    await expect(startWorker({ ...run, pool: reader }, provider)).rejects.toMatchObject(refused);
    await expect(enqueueGrading([], { ...run, pool: reader, runId: 'other' })).rejects.toMatchObject(refused);
    expect(provider.asked).toEqual([]);
    const { rows } = await admin.query(`SELECT run_id FROM ${run.schema}.run`);
    expect(rows).toEqual([{ run_id: 'run' }]);
  });
});

test.each([
  ['runId', { runId: 'a\u0000b' }],
  ['runId', { runId: 'half \uD83D' }],
  ['runId', { runId: 'x'.repeat(501) }],
  ['runId', { runId: ' ' }],
  ['queue', { queue: 'half\uD83D' }],
  ['queue', { queue: 'x'.repeat(57) }],
  ['schema', { schema: 'pg_mine' }],
])('what PostgreSQL cannot hold as %s is misuse', async (field, wrong) => {
  const run = { ...freshRun(), ...wrong };
  const misuse = { name: 'GradingOptionsError', field };
  await expect(enqueueGrading(sampleAnswers(1), run)).rejects.toMatchObject(misuse);
  await expect(gradingProgress(run)).rejects.toMatchObject(misuse);
});

async function startWorker(run: RunOptions, provider: GradingProvider): Promise<GradingWorker> {
  const { runId: _, ...queue } = run;
  const worker = await createGradingWorker({ ...queue, grading: { provider, clock: compressedClock(40) } });
  onTestFinished(() => worker.close({ graceMs: 0 }));
  return worker;
}

async function progressUntil(run: RunOptions, holds: (progress: RunProgress) => boolean): Promise<void> {
  await vi.waitFor(async () => expect(holds(await gradingProgress(run))).toBe(true), { timeout: 30_000, interval: 30 });
}
