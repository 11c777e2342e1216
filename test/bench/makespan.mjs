// Wall time over HTTP with both SDKs beside what no scheduler can beat, max(longest call, sum of calls / limit), and
// beside one call after the other, both from the server's own record. Every call takes 200 ms.
import { gradeAnswersWithFallback } from 'gradelanes';
import { mockServer } from 'gradelanes/testing-server';
import { median } from './median.mjs';
import { report, vendors } from './wire.mjs';

const LATENCY_MS = 200;
const LIMIT = 5;
const RUNS = 5;
const WARM_UP = 2_000;
const MOST_TIMES_BOUND = 1.05;
/** Answers, and how much less time they take at least than one by one. */
const SIZES = [
  [3, 0.64],
  [5, 0.78],
  [10, 0],
  [100, 0],
];

const rows = [];
for (const [vendor, provider] of Object.entries(vendors)) {
  let latencyMs = 1;
  const server = await mockServer({ respond: () => ({ latencyMs }) });
  // The first calls open connections and compile code.
  await timesOf(server, provider, WARM_UP);
  latencyMs = LATENCY_MS;
  for (const [answers, leastFaster] of SIZES) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await timesOf(server, provider, answers));
    const timesBound = median(runs.map(({ wallMs, boundMs }) => wallMs / boundMs));
    const faster = median(runs.map(({ wallMs, sumMs }) => 1 - wallMs / sumMs));
    rows.push({
      vendor,
      answers,
      'wall ms': Math.round(median(runs.map(({ wallMs }) => wallMs))),
      'x bound': Number(timesBound.toFixed(3)),
      'faster than one by one': `${(100 * faster).toFixed(1)} %`,
      ok: timesBound <= MOST_TIMES_BOUND && faster >= leastFaster,
    });
  }
  await server.close();
}
report(`${LATENCY_MS} ms a call, ${LIMIT} at once, median of ${RUNS} runs`, rows);

async function timesOf(server, provider, count) {
  server.reset();
  const answers = Array.from({ length: count }, (_, index) => ({
    question: { prompt: 'Why does ice float?' },
    answer: `It is lighter than water, ${index}.`,
  }));
  const startedAt = performance.now();
  const { metrics } = await gradeAnswersWithFallback(answers, {
    provider: provider(server.url),
    mode: 'parallel',
    maxConcurrentTasks: LIMIT,
  });
  const wallMs = performance.now() - startedAt;
  if (metrics.gradedCount !== count) throw new Error(`${metrics.gradedCount} of ${count} were graded`);
  const calls = server.requests.map(({ durationMs }) => durationMs);
  const sumMs = calls.reduce((sum, durationMs) => sum + durationMs, 0);
  return { wallMs, sumMs, boundMs: Math.max(...calls, sumMs / LIMIT) };
}
