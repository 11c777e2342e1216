import { setTimeout as delay } from 'node:timers/promises';
import { collectReport, enqueueGrading, gradingProgress, type RunOptions, type RunProgress } from 'gradelanes/jobs';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { manyAnswers } from './many-answers.ts';
import { showBulkProgress } from './show-bulk-progress.ts';
import { startSimulatedModel, type SimulatedModel } from './simulated-model.ts';
import { startPostgres } from './start-postgres.ts';
import { startWorker } from './start-worker.ts';

/** How long the simulated model takes on average. */
const LATENCY_MS = 80;

/** Calls in flight per worker. */
const SLOTS = 20;

/** Short, so that the demo need not wait long for what the killed worker had in hand. */
const LEASE_SECONDS = 10;

/** Starts all parts, grades, kills one worker on the way, reports, and takes all parts away. */
export async function gradeInBulk(answerCount: number, requestsPerMinute: number): Promise<void> {
  console.log('Starting PostgreSQL and two workers ...');
  const postgres = await startPostgres();
  const model = await startSimulatedModel(LATENCY_MS);
  const { connectionString } = postgres;
  const boss = new PgBoss({ connectionString, max: 2 });
  const pool = new Pool({ connectionString, max: 2 });
  boss.on('error', ({ message }) => console.error(message));
  pool.on('error', ({ message }) => console.error(message));
  await boss.start();
  const settings = { databaseUrl: connectionString, modelUrl: model.url, slots: SLOTS, requestsPerMinute };
  const workers = await Promise.all(['worker 1', 'worker 2'].map((name) => startWorker(name, settings)));
  try {
    const run = { boss, pool, runId: 'demo' };
    await enqueueGrading(manyAnswers(answerCount), { ...run, leaseSeconds: LEASE_SECONDS, retryDelaySeconds: 1 });
    await watch(run, () => workers[0]?.kill('SIGKILL'));
    await summarise(run, model);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await boss.stop({ graceful: false });
    await pool.end();
    await model.close();
    await postgres.stop();
  }
}

/** Shows progress until the run is over; kills after a third of it. */
async function watch(run: RunOptions, kill: () => void): Promise<void> {
  const display = showBulkProgress(process.stdout);
  let isKilled = false;
  for (;;) {
    const progress = await gradingProgress(run);
    display.show(progress);
    if (progress.isOver) break;
    if (!isKilled && isPast(progress, 1 / 3)) {
      isKilled = true;
      kill();
      display.say(`worker 1 was killed (SIGKILL) after ${progress.graded} answers; worker 2 goes on`);
    }
    await delay(200);
  }
  display.end();
}

function isPast({ graded, total = 0 }: RunProgress, share: number): boolean {
  return graded >= total * share;
}

async function summarise(run: RunOptions, { calls }: SimulatedModel): Promise<void> {
  const { results, progress } = await collectReport(run);
  const inOrder = results.every(({ index, answerId }, position) => index === position && answerId === `a${position}`);
  const asked = new Set(calls.map(({ answer }) => answer)).size;
  console.log(
    `${progress.graded} of ${progress.total} graded, ${progress.failed} failed, ${inOrder ? 'all' : 'NOT'} in order`,
  );
  console.log(
    `${calls.length} calls for ${asked} answers: ${calls.length - asked} were in flight when it died, and made again`,
  );
}
