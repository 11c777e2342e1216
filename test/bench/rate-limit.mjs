// Grading at a vendor's rate limit, over HTTP with both SDKs and default options: all runs at the same time.
import { gradeOverWire, report, vendors } from './wire.mjs';

const LATENCY_MS = 200;
const BURST = 20;
const MOST_TIMES_IDEAL = 1.05;
const loads = [
  { requestsPerMinute: 600, answers: 300 },
  { requestsPerMinute: 120, answers: 200 },
];
const headers = {
  'with headers': { mostRejected: 0.01, serverOptions: (rateLimit) => ({ rateLimit }) },
  'whole seconds only': { mostRejected: 0.1, serverOptions: bareLimit },
};

const runs = loads.flatMap((load) =>
  Object.entries(vendors).flatMap(([vendor, provider]) =>
    Object.keys(headers).map((style) => runOne(load, vendor, provider, style)),
  ),
);
report(`at the rate limit, burst ${BURST}, 10 calls at once, ${LATENCY_MS} ms each`, await Promise.all(runs));

async function runOne({ requestsPerMinute, answers }, vendor, provider, style) {
  const { mostRejected, serverOptions } = headers[style];
  const rateLimit = { requestsPerMinute, burst: BURST };
  const run = await gradeOverWire(
    provider,
    answers,
    { latencyMs: LATENCY_MS, ...serverOptions(rateLimit) },
    { maxConcurrentTasks: 10 },
  );
  const idealMs = ((answers - BURST) * 60_000) / requestsPerMinute + LATENCY_MS;
  const rejected = (run.requests - answers) / answers;
  const timesIdeal = run.wallMs / idealMs;
  return {
    'per minute': requestsPerMinute,
    vendor,
    style,
    graded: `${run.graded}/${answers}`,
    'wall s': (run.wallMs / 1_000).toFixed(1),
    'x ideal': timesIdeal.toFixed(3),
    'rejected per answer': rejected.toFixed(3),
    ok: run.graded === answers && timesIdeal <= MOST_TIMES_IDEAL && rejected <= mostRejected,
  };
}

/** The same bucket, but a rejection says only how many whole seconds to wait, and no response tells the limit. */
function bareLimit({ requestsPerMinute, burst }) {
  const msPerRequest = 60_000 / requestsPerMinute;
  let level = burst;
  let atMs = performance.now();
  const respond = () => {
    const nowMs = performance.now();
    level = Math.min(burst, level + (nowMs - atMs) / msPerRequest);
    atMs = nowMs;
    if (level >= 1) {
      level -= 1;
      return undefined;
    }
    const waitMs = (1 - level) * msPerRequest;
    return { error: 429, latencyMs: 0, headers: { 'retry-after': String(Math.ceil(waitMs / 1_000)) } };
  };
  return { respond };
}
