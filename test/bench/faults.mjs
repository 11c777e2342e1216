// 300 answers of which every fifth request fails, over HTTP with both SDKs, beside the same run without faults.
import { seededRandom } from 'gradelanes/testing';
import { gradeOverWire, logNormal, report, vendors } from './wire.mjs';

const ANSWERS = 300;
const FAULT_RATE = 0.2;
const MEDIAN_MS = 200;
const ATTEMPT_TIMEOUT_MS = 2_000;
const MOST_TIMES_FAULT_FREE = 2;

const faults = [
  { error: 500 },
  { error: 529 },
  { fault: 'reset' },
  { fault: 'truncatedBody' },
  { fault: 'malformed' },
  { verdicts: [{ levels: 'high' }] },
];

const rows = [];
for (const [vendor, provider] of Object.entries(vendors)) {
  const clean = await run(provider, []);
  for (const [name, kinds, extraMs] of [
    ['no faults', undefined, 0],
    ['faults', faults, 0],
    ['faults and hangs', [...faults, { fault: 'hang' }], 2 * ATTEMPT_TIMEOUT_MS],
    ['faults and stalled bodies', [...faults, { fault: 'stallBody' }], 2 * ATTEMPT_TIMEOUT_MS],
  ]) {
    const { graded, wrong, wallMs, requests, errors } = kinds === undefined ? clean : await run(provider, kinds);
    const mostMs = MOST_TIMES_FAULT_FREE * clean.wallMs + extraMs;
    rows.push({
      vendor,
      run: name,
      graded,
      wrong,
      requests,
      'wall ms': Math.round(wallMs),
      'at most': Math.round(mostMs),
      errors: errors.join('; ').slice(0, 60),
      ok: graded === ANSWERS && wrong === 0 && wallMs <= mostMs,
    });
  }
}
report(`${ANSWERS} answers, 10 at once, ${100 * FAULT_RATE} % of requests fail`, rows);

function run(provider, kinds) {
  const random = seededRandom(1);
  const respond = () => {
    const latencyMs = MEDIAN_MS * logNormal(random, 0.3);
    if (kinds.length === 0 || random() >= FAULT_RATE) return { latencyMs };
    return { latencyMs, ...kinds[Math.floor(random() * kinds.length)] };
  };
  const options = { maxConcurrentTasks: 10, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS, random };
  return gradeOverWire(provider, ANSWERS, { respond }, options);
}
