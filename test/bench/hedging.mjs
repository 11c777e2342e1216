// Hedging over HTTP: 100 answers whose calls have a heavy tail, 10 at once, on a controller that knows the provider.
import { createConcurrencyController } from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import { gradeOverWire, logNormal, report, vendors } from './wire.mjs';

const ANSWERS = 100;
const SLOTS = 10;
const WARM_CALLS = 50;
const MEDIAN_MS = 200;
/** A p99 of ten times the median. */
const SIGMA = Math.log(10) / 2.326;
const SEEDS = [1, 2, 3, 4, 5];
const MOST_CALLS = 1.05;

const rows = [];
for (const seed of SEEDS) {
  const [plain, hedged] = await Promise.all([run(seed, false), run(seed, true)]);
  rows.push({
    seed,
    'plain ms': Math.round(plain.wallMs),
    'hedged ms': Math.round(hedged.wallMs),
    ratio: (hedged.wallMs / plain.wallMs).toFixed(2),
    calls: hedged.requests,
    hedges: hedged.metrics.hedges.sent,
    won: hedged.metrics.hedges.won,
    ok: hedged.graded === ANSWERS && hedged.wrong === 0 && hedged.requests <= MOST_CALLS * ANSWERS,
  });
}
const total = (name) => rows.reduce((sum, row) => sum + row[name], 0);
const ratio = total('hedged ms') / total('plain ms');
rows.push({ seed: 'all', ratio: ratio.toFixed(2), ok: ratio < 1 });
report(`${ANSWERS} answers, ${SLOTS} at once, median ${MEDIAN_MS} ms and p99 ${10 * MEDIAN_MS} ms`, rows);

/** The n-th answer's first request takes as long with hedging as without. */
async function run(seed, hedge) {
  const random = seededRandom(seed);
  const firstMs = Array.from({ length: WARM_CALLS + ANSWERS }, () => MEDIAN_MS * logNormal(random, SIGMA));
  const controller = createConcurrencyController({ maxConcurrentTasks: SLOTS });
  const latencyMs = ({ attempt, answers: [text = ''] }) =>
    (attempt === 1 ? firstMs[Number(text.slice('answer '.length))] : undefined) ?? MEDIAN_MS * logNormal(random, SIGMA);
  const named = (url) => ({ ...vendors.openai(url), fingerprint: 'the same provider' });
  const warm = ({ answers: [text = ''] }) => firstMs[ANSWERS + Number(text.slice('answer '.length))] ?? MEDIAN_MS;
  await gradeOverWire(named, WARM_CALLS, { latencyMs: warm }, { controller });
  return gradeOverWire(named, ANSWERS, { latencyMs }, { controller, hedge });
}
