// 200 reviews of 5 answers at once on one server with a limit of 10, ten rounds: no call above the limit, none lost or
// mixed up, reviews on average at most 1.1 times as late as in the order they came, memory flat; then 100 clients leave.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServerAdapter } from '@whatwg-node/server';
import { createGrader } from 'gradelanes';
import { createReviewHandler } from 'gradelanes/http';

const ROUNDS = 10;
const REVIEWS = 200;
const ANSWERS = 5;
const SLOTS = 10;
const CALL_MS = 40;
const MOST_LATENESS = 1.1;
const MOST_GROWTH = 1.1;

let inFlight = 0;
let peak = 0;
let callEnds = [];
const provider = { grade: gradeSlowly };
const grader = createGrader({ provider, maxConcurrentTasks: SLOTS, guards: false });
const questions = Array.from({ length: ANSWERS }, (_, index) => ({ prompt: `Question ${index}?` }));
const review = createReviewHandler({ grader, authorize: 'none', load: () => ({ questions }), deadlineMs: 120_000 });
const server = createServer(createServerAdapter(review)).listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/api/review/session/1/answers/1/parallel`;

const rows = [];
for (let round = 0; round < ROUNDS; round += 1) rows.push(await run(round));
const left = await leaveMidway();
console.table(rows);
console.table([left]);
server.closeAllConnections();
server.close();

// The first rounds warm up.
const growth = rows.at(-1)['heap MB'] / rows[2]['heap MB'];
console.log(
  `heap of the last round / of the third: ${growth.toFixed(2)} (at most ${MOST_GROWTH}); peak ${peak} of ${SLOTS}`,
);
if (!rows.every(({ ok }) => ok) || !left.ok || growth > MOST_GROWTH || peak > SLOTS) process.exitCode = 1;

async function run(round) {
  callEnds = [];
  const startedAt = performance.now();
  const finished = await Promise.all(
    Array.from({ length: REVIEWS }, async (_, learner) => {
      const isRight = await submit(round, learner);
      return { isRight, atMs: performance.now() - startedAt };
    }),
  );
  const meanMs = finished.reduce((sum, { atMs }) => sum + atMs, 0) / REVIEWS;
  // Had the same calls been handed out in the order of the reviews, review n would have ended with the call 5 n.
  const lastCalls = callEnds.filter((_, index) => (index + 1) % ANSWERS === 0);
  const firstComeMs = lastCalls.reduce((sum, endedAt) => sum + endedAt - startedAt, 0) / REVIEWS;
  const wrong = finished.filter(({ isRight }) => !isRight).length;
  globalThis.gc?.();
  return {
    'mean ms': Math.round(meanMs),
    'first come ms': Math.round(firstComeMs),
    ratio: Number((meanMs / firstComeMs).toFixed(3)),
    wrong,
    calls: callEnds.length,
    'heap MB': Number((process.memoryUsage().heapUsed / 2 ** 20).toFixed(1)),
    ok: wrong === 0 && callEnds.length === REVIEWS * ANSWERS && meanMs <= MOST_LATENESS * firstComeMs,
  };
}

async function submit(round, learner, signal) {
  const texts = questions.map((_, index) => `round ${round}, learner ${learner}, answer ${index}`);
  const answers = texts.map((answer, index) => ({ question_index: index, answer }));
  const headers = { 'content-type': 'application/json', 'idempotency-key': `${round}-${learner}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ answers }), signal });
  const { data } = await response.json();
  return data.length === ANSWERS && data.every(({ feedback }, index) => feedback === texts[index]);
}

/** Every second client leaves after a while; the others get theirs, and then nothing runs any more. */
async function leaveMidway() {
  const leaving = new AbortController();
  const submitted = Array.from({ length: REVIEWS }, (_, learner) =>
    submit('last', learner, learner % 2 === 0 ? leaving.signal : undefined),
  );
  await sleep(10 * CALL_MS);
  leaving.abort();
  const outcomes = await Promise.allSettled(submitted);
  await sleep(CALL_MS);
  const { running, waiting } = grader.controller.snapshot();
  const served = outcomes.filter(({ value }) => value === true).length;
  return { served, running, waiting, inFlight, ok: served >= REVIEWS / 2 && running + waiting + inFlight === 0 };
}

async function gradeSlowly(items, { signal }) {
  peak = Math.max(peak, ++inFlight);
  try {
    await sleep(CALL_MS, undefined, { signal });
    return items.map(({ id, answer }) => ({ id, score: 1, feedback: answer }));
  } finally {
    inFlight -= 1;
    callEnds.push(performance.now());
  }
}
