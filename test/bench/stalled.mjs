// Dead connections, simulated on an event clock: 300 answers, 10 at once, with `hedge: 'stalled'` (the default) and
// without. Where nothing hangs it costs at most 0.5 % more calls, over log-normal latencies of sigma 0.3 to 1.0 and thinking
// models of 2 to 40 s. Where one call in fifty hangs, runs end within twice the trigger of the same run without hangs.
import { gradeAnswersConcurrently } from 'gradelanes';
import { manualClock, seededRandom } from 'gradelanes/testing';

const ANSWERS = 300;
const SLOTS = 10;
const SEEDS = Number(process.argv[2] ?? 20);
const HUNG = 0.02;

const logNormal = (sigma) => (random) => {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return 1_000 * Math.exp(sigma * normal);
};
const latencies = {
  'sigma 0.3': logNormal(0.3),
  'sigma 0.6': logNormal(0.6),
  'sigma 1.0': logNormal(1),
  'thinking, 2 to 40 s evenly': (random) => 2_000 + 38_000 * random(),
  'thinking, 2 to 40 s by size': (random) => 2_000 * 20 ** random(),
};

const rows = [];
for (const [name, latencyMs] of Object.entries(latencies)) {
  const sums = { calm: 0, calmHedges: 0, hung: 0, unhedged: 0, triggerMs: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    const calm = await run(seed, latencyMs, 0, 'stalled');
    sums.calm += calm.totalProcessingTimeMs;
    sums.calmHedges += calm.hedges.sent;
    sums.triggerMs += Math.max(5_000, 3 * calm.latencyMs.p99);
    sums.hung += (await run(seed, latencyMs, HUNG, 'stalled')).totalProcessingTimeMs;
    sums.unhedged += (await run(seed, latencyMs, HUNG, false)).totalProcessingTimeMs;
  }
  const seconds = (sum) => (sum / SEEDS / 1_000).toFixed(1);
  const moreCalls = sums.calmHedges / (SEEDS * ANSWERS);
  const isInTime = sums.hung <= sums.calm + 2 * Math.min(sums.triggerMs, SEEDS * 60_000);
  rows.push({
    latencies: name,
    'calm s': seconds(sums.calm),
    'more calls %': (100 * moreCalls).toFixed(2),
    'trigger s': seconds(sums.triggerMs),
    'hung s': seconds(sums.hung),
    'hung, no hedge s': seconds(sums.unhedged),
    ok: moreCalls <= 0.005 && isInTime,
  });
}
console.table(rows);
if (rows.some(({ ok }) => !ok)) process.exitCode = 1;

async function run(seed, latencyMs, hungShare, hedge) {
  const clock = manualClock();
  const random = seededRandom(seed);
  const provider = {
    grade: (items, { signal }) => {
      const ms = latencyMs(random);
      const isHung = random() < hungShare;
      return new Promise((resolve, reject) => {
        const timer = isHung
          ? undefined
          : clock.setTimeout(() => resolve(items.map(({ id }) => ({ id, score: 1 }))), ms);
        signal.addEventListener('abort', () => {
          clock.clearTimeout(timer);
          reject(new Error('aborted'));
        });
      });
    },
  };
  const answers = Array.from({ length: ANSWERS }, (_, index) => ({
    question: { prompt: 'Why does ice float?' },
    answer: `answer ${index}`,
  }));
  const options = { provider, clock, random, hedge, maxConcurrentTasks: SLOTS, localGrading: false, guards: false };
  const { metrics } = await clock.runUntil(gradeAnswersConcurrently(answers, options));
  if (metrics.gradedCount !== ANSWERS) throw new Error(`${metrics.gradedCount} graded with seed ${seed}`);
  return metrics;
}
