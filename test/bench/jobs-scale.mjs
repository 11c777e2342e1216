// A table with so many rows: how long progress takes, and which plan every query of the library has. Then, at an instant provider,
// answers a second of one worker beside a bare pg-boss worker that stores the same rows, and what an idle worker asks.
// node test/bench/jobs-scale.mjs [rows] [answers]
import { setTimeout as delay } from 'node:timers/promises';
import { createGradingWorker, enqueueGrading, gradingProgress } from 'gradelanes/jobs';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { manyAnswers } from '../../examples/bulk/many-answers.ts';
import { startPostgres } from '../../examples/bulk/start-postgres.ts';

const [ROWS = 1_000_000, ANSWERS = 5_000] = process.argv.slice(2).map(Number);
const MOST_PROGRESS_MS = 200;
const LEAST_SHARE = 0.6;
const MOST_IDLE_QUERIES = 2.2;

const postgres = await startPostgres();
const { connectionString } = postgres;
const boss = new PgBoss({ connectionString, max: 4 });
const queries = [];
const pool = new Pool({ connectionString, max: 8 });
const counting = {
  query(statement) {
    queries.push(statement);
    return pool.query(statement);
  },
};
boss.on('error', () => {});
pool.on('error', () => {});
await boss.start();
const run = { boss, pool: counting, runId: 'big' };
const checks = [];

try {
  await enqueueGrading([], run);
  await checkRows();
  await checkThroughput();
  await checkIdle();
  console.table(checks.map(([what, measured, ok]) => ({ what, measured, ok })));
  if (checks.some(([, , ok]) => !ok)) process.exitCode = 1;
} finally {
  await boss.stop({ graceful: false });
  await pool.end();
  await postgres.stop();
}

async function checkRows() {
  await pool.query(
    `INSERT INTO gradelanes.result SELECT 'big', n, 'gk' || n, 'graded', true, true, '{}', now() FROM generate_series(0, $1 - 1) n`,
    [ROWS],
  );
  await pool.query('VACUUM ANALYZE gradelanes.result');
  const took = [];
  for (let turn = 0; turn < 5; turn++) {
    const startedAt = performance.now();
    await gradingProgress(run);
    took.push(performance.now() - startedAt);
  }
  const median = Math.round(took.toSorted((a, b) => a - b)[2]);
  checks.push([`ms for the progress of ${ROWS} rows`, median, median <= MOST_PROGRESS_MS]);
}

async function checkThroughput() {
  queries.length = 0;
  const provider = {
    name: 'instant',
    fingerprint: 'instant-1',
    grade: async (items) => items.map(({ id }) => ({ id, score: 1 })),
  };
  const ours = { boss, pool: counting, runId: 'ours' };
  await enqueueGrading(manyAnswers(ANSWERS), ours);
  const ourMs = await timed(async () => {
    const worker = await createGradingWorker({ boss, pool: counting, grading: { provider }, maxConcurrentTasks: 20 });
    while (!(await gradingProgress(ours)).isOver) await delay(20);
    await worker.close();
  });
  const seen = new Map(queries.map((statement) => [statement.text, statement]));
  for (const { text, values } of seen.values()) await checkPlan(text, values);
  const bareMs = await timed(bareRun);
  const share = bareMs / ourMs;
  const perSecond = (ms) => Math.round(ANSWERS / (ms / 1_000));
  checks.push([`answers a second, bare ${perSecond(bareMs)}`, perSecond(ourMs), true]);
  checks.push(['share of bare pg-boss', share.toFixed(2), share >= LEAST_SHARE]);
}

/** The same chunks and rows by the engine alone: two lanes that fetch without a pause, a statement a chunk. */
async function bareRun() {
  const { rows } = await pool.query(`SELECT result FROM gradelanes.result WHERE run_id = 'ours' LIMIT 50`);
  await pool.query('CREATE TABLE bare (LIKE gradelanes.result INCLUDING ALL)');
  await boss.createQueue('bare');
  const answers = [...manyAnswers(ANSWERS)];
  for (let first = 0; first < ANSWERS; first += 50) {
    await boss.send('bare', { first, answers: answers.slice(first, first + 50) });
  }
  const startedAt = performance.now();
  const lane = async () => {
    for (let [job] = await boss.fetch('bare'); job !== undefined; [job] = await boss.fetch('bare')) {
      await pool.query(
        `INSERT INTO bare SELECT 'bare', n, 'gk' || n, 'graded', true, true, text, now()
         FROM unnest($1::integer[], $2::text[]) AS given (n, text) ON CONFLICT DO NOTHING`,
        [rows.map((_, position) => job.data.first + position), rows.map(({ result }) => result)],
      );
      await boss.complete('bare', job.id);
    }
  };
  await Promise.all([lane(), lane()]);
  return performance.now() - startedAt;
}

/** An index for every access to the big table. */
async function checkPlan(text, values = []) {
  if (!/^\s*(?:SELECT|INSERT|UPDATE|DELETE)/.test(text) || !text.includes('.result')) return;
  const { rows } = await pool.query(`EXPLAIN (FORMAT JSON) ${text}`, values);
  const plan = JSON.stringify(rows[0]);
  const isScanned = plan.includes('"Node Type":"Seq Scan"') && plan.includes('"Relation Name":"result"');
  checks.push([
    `index: ${text.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}`,
    isScanned ? 'seq scan' : 'index',
    !isScanned,
  ]);
}

async function checkIdle() {
  const worker = await createGradingWorker({
    boss,
    pool: counting,
    grading: { provider: { name: 'x', fingerprint: 'x', grade: async () => [] } },
  });
  await delay(1_000);
  queries.length = 0;
  let fetched = 0;
  const fetch = boss.fetch.bind(boss);
  boss.fetch = (...call) => {
    fetched++;
    return fetch(...call);
  };
  await delay(5_000);
  const perSecond = (queries.length + fetched) / 5;
  await worker.close();
  checks.push(['queries a second of an idle worker', perSecond, perSecond <= MOST_IDLE_QUERIES]);
}

async function timed(work) {
  const startedAt = performance.now();
  const own = await work();
  return typeof own === 'number' ? own : performance.now() - startedAt;
}
