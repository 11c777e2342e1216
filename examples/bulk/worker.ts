// One worker process: takes chunks of answers from the queue and grades them until it is told to stop.
// DATABASE_URL=postgres://... MODEL_URL=http://... node examples/bulk/worker.ts
import type { GradingProvider } from 'gradelanes';
import { createGradingWorker } from 'gradelanes/jobs';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';

const { DATABASE_URL: connectionString = '', MODEL_URL: modelUrl = '', WORKER: name = 'worker' } = process.env;
const { REQUESTS_PER_MINUTE: requestsPerMinute, SLOTS: slots = '20' } = process.env;

/** Put your own provider here: openaiProvider(new OpenAI(), { model }), or any other with a fingerprint. */
const provider: GradingProvider = {
  name: 'simulated',
  fingerprint: 'simulated-1',
  async grade(items, { signal }) {
    return Promise.all(
      items.map(async ({ id, answer }) => {
        const request = { method: 'POST', headers: { 'x-worker': name }, body: answer, signal };
        const reply = (await (await fetch(modelUrl, request)).json()) as { score: number };
        return { id, ...reply };
      }),
    );
  },
};

// A restart of the database is no reason to end: both go on when it is back.
const ignore = (): void => {};
const boss = new PgBoss({ connectionString, max: 4, monitorIntervalSeconds: 1, superviseIntervalSeconds: 1 });
boss.on('error', ignore);
const pool = new Pool({ connectionString, max: 8 });
pool.on('error', ignore);
await boss.start();
const worker = await createGradingWorker({
  boss,
  pool,
  grading: { provider, feedback: false },
  maxConcurrentTasks: Number(slots),
  limits: requestsPerMinute === undefined ? {} : { requestsPerMinute: Number(requestsPerMinute) },
});
console.log(`${name} is at work`);
process.once('SIGTERM', async () => {
  await worker.close();
  await boss.stop();
  await pool.end();
});
