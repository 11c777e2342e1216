// 20,000 answers through two worker processes under a limit over both: one worker is killed, one frozen past its lease,
// PostgreSQL restarted, all in the middle. Then all of it once more, with a row for every answer.
// node test/bench/jobs.mjs [answers] [requests per minute]
import { setTimeout as delay } from 'node:timers/promises';
import { collectReport, enqueueGrading, gradingProgress } from 'gradelanes/jobs';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import { manyAnswers } from '../../examples/bulk/many-answers.ts';
import { startPostgres } from '../../examples/bulk/start-postgres.ts';
import { startSimulatedModel } from '../../examples/bulk/simulated-model.ts';
import { startWorker } from '../../examples/bulk/start-worker.ts';

const [ANSWERS = 20_000, REQUESTS_PER_MINUTE = 12_000] = process.argv.slice(2).map(Number);
const SLOTS = 20;
const LATENCY_MS = 60;
const LEASE_SECONDS = 10;
const FROZEN_MS = 15_000;
const MOST_OVER_LIMIT = 1.1;

const postgres = await startPostgres();
const model = await startSimulatedModel(LATENCY_MS);
const boss = new PgBoss({ connectionString: postgres.connectionString, max: 4 });
const pool = new Pool({ connectionString: postgres.connectionString, max: 4 });
boss.on('error', () => {});
pool.on('error', () => {});
await boss.start();
const run = { boss, pool, runId: 'first' };
const workers = [];
const startedAt = performance.now();

try {
  const outcome = await gradeThroughTrouble();
  const again = await gradeAgain();
  await report({ ...outcome, ...again });
} finally {
  for (const worker of workers) worker.kill('SIGKILL');
  await boss.stop({ graceful: false });
  await pool.end();
  await model.close();
  await postgres.stop();
}

async function gradeThroughTrouble() {
  await enqueueGrading(manyAnswers(ANSWERS), { ...run, leaseSeconds: LEASE_SECONDS, retryDelaySeconds: 1 });
  const [killed, frozen] = await Promise.all([start('killed'), start('frozen')]);

  await untilGraded(0.2);
  killed.kill('SIGKILL');
  const lostByKill = await callsWithoutRow('killed');
  say(`one worker killed, ${lostByKill} of its calls lost`);
  await start('third');

  await untilGraded(0.4);
  frozen.kill('SIGSTOP');
  const lostByFreeze = await callsWithoutRow('frozen');
  const arrivedBefore = callsOf('frozen');
  say(`one worker frozen, ${lostByFreeze} of its calls in flight`);
  await delay(FROZEN_MS);
  const openBefore = new Set(model.calls.map(({ answer }) => answer));
  const thawedFrom = model.calls.length;
  frozen.kill('SIGCONT');
  await delay(1_000);
  // Begun before the freeze, sent after it.
  const late = model.calls.slice(thawedFrom).filter((each) => each.worker === 'frozen' && openBefore.has(each.answer));
  say(`it goes on: ${callsOf('frozen') - arrivedBefore} new calls in the first second, ${late.length} of them late`);

  await untilGraded(0.7);
  say('PostgreSQL restarts');
  await postgres.restart();
  say('PostgreSQL is back');
  await untilGraded(1);
  return { wallMs: performance.now() - startedAt, lostByKill, lostByFreeze, late: late.length };
}

/** Everything has a row: nobody is asked. */
async function gradeAgain() {
  const callsBefore = model.calls.length;
  const again = { ...run, runId: 'again' };
  await enqueueGrading(manyAnswers(ANSWERS), again);
  while (!(await gradingProgress(again)).isOver) await delay(500);
  const { progress, takenOverCount } = await collectReport(again);
  say(`the same once more: ${progress.graded} graded`);
  return { callsAgain: model.calls.length - callsBefore, takenOver: takenOverCount };
}

async function report({ wallMs, lostByKill, lostByFreeze, late, callsAgain, takenOver }) {
  const { results, progress } = await collectReport(run);
  const calls = model.calls.slice(0, model.calls.length - callsAgain);
  const distinct = new Set(calls.map(({ answer }) => answer)).size;
  const { rows } = await pool.query('SELECT count(*)::integer AS rows FROM gradelanes.result WHERE run_id = $1', [
    'first',
  ]);
  const inOrder = results.every(({ status, answerId }, index) => status === 'graded' && answerId === `a${index}`);
  const perSecond = REQUESTS_PER_MINUTE / 60;
  const worst = worstSecond(calls.map(({ atMs }) => atMs));
  const checks = [
    ['result rows', rows[0].rows, rows[0].rows === ANSWERS],
    ['graded, in order, with their own ids', progress.graded, inOrder && progress.graded === ANSWERS],
    ['answers that were asked for', distinct, distinct === ANSWERS],
    ['calls made twice', calls.length - distinct, calls.length - distinct <= lostByKill + lostByFreeze + late],
    ['in flight at the kill', lostByKill, lostByKill <= SLOTS],
    ['in flight at the freeze, late ones included', lostByFreeze + late, lostByFreeze + late <= SLOTS],
    [`calls in the worst second (limit ${perSecond})`, worst, worst <= perSecond * MOST_OVER_LIMIT],
    ['calls for the same once more', callsAgain, callsAgain === 0 && takenOver === ANSWERS],
  ];
  console.table(checks.map(([what, measured, ok]) => ({ what, measured, ok })));
  console.log(
    `${ANSWERS} answers in ${(wallMs / 1_000).toFixed(1)} s, ${(calls.length / (wallMs / 1_000)).toFixed(0)} calls a second`,
  );
  if (checks.some(([, , ok]) => !ok)) process.exitCode = 1;
}

async function start(name) {
  const settings = { databaseUrl: postgres.connectionString, modelUrl: model.url, slots: SLOTS };
  const worker = await startWorker(name, { ...settings, requestsPerMinute: REQUESTS_PER_MINUTE });
  workers.push(worker);
  return worker;
}

/** Also while the database is away. */
async function untilGraded(share) {
  for (;;) {
    const graded = await gradingProgress(run).then(
      (progress) => progress.graded,
      () => 0,
    );
    if (graded >= share * ANSWERS) return;
    await delay(100);
  }
}

/** What a worker asked for and nobody has stored: lost with it. */
async function callsWithoutRow(name) {
  // What was sent has arrived by then, and what was to be stored is stored.
  await delay(200);
  const { rows } = await pool.query('SELECT answer_index FROM gradelanes.result WHERE run_id = $1', ['first']);
  const stored = new Set(rows.map((row) => row.answer_index));
  return model.calls.filter(({ worker, answer }) => worker === name && !stored.has(positionIn(answer))).length;
}

function positionIn(answer) {
  return Number(/number (\d+)/.exec(answer)[1]);
}

function callsOf(name) {
  return model.calls.filter(({ worker }) => worker === name).length;
}

/** Most calls that arrived within any second. */
function worstSecond(times) {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  return sorted.reduce((worst, time, last) => {
    while (time - sorted[first] >= 1_000) first++;
    return Math.max(worst, last - first + 1);
  }, 0);
}

function say(what) {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1)} s: ${what}`);
}
