import { test } from 'vitest';
import { createConcurrencyController, gradeAnswersConcurrently, type GradingProvider } from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import { eventClock } from './event-clock.js';
import { sampleAnswers, positionOf } from '../sample-answers.js';

const SIGMA = Math.log(10) / 2.3263;
const normal = (r: () => number) => Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r());
const dists: Record<string, (r: () => number) => number> = {
  lognormal: (r) => 200 * Math.exp(SIGMA * normal(r)),
  pareto: (r) => 200 * 0.5 ** (1 / 1.699) * (1 - r()) ** (-1 / 1.699),
  straggler: (r) => (r() < 0.03 ? 200 * 8 * (0.75+r()*.5) : 200 * Math.exp(0.3 * normal(r))),
};
const q = (v: number[], p: number) => v.toSorted((a, b) => a - b)[Math.ceil(p * v.length) - 1] ?? 0;

async function one(seed: number, n: number, hedge: boolean, dist: (r: () => number) => number) {
  const clock = eventClock();
  const random = seededRandom(seed * 7919 + n);
  const second = seededRandom(seed * 104729 + n);
  const controller = createConcurrencyController({ maxConcurrentTasks: 5, clock, random: () => 0.5 });
  const first = new Map<string, number>();
  let calls = 0;
  const provider: GradingProvider = {
    grade: (items, { signal }) => new Promise((resolve, reject) => {
      calls++;
      const a = items[0]?.answer ?? '';
      const ms = first.has(a) ? dist(second) : dist(random);
      first.set(a, ms);
      const h = clock.setTimeout(() => resolve(items.map(({ id }) => ({ id, score: 1 }))), ms);
      signal.addEventListener('abort', () => { clock.clearTimeout(h); reject(signal.reason as Error); }, { once: true });
    }),
  };
  const opts = { provider, clock, random: Math.random, controller, localGrading: false };
  await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(50, (i) => ({ answer: `warm ${i}` })), opts));
  calls = 0;
  const answers = sampleAnswers(n); 
  for (const a of answers) void positionOf(a as {answer: string});
  const { metrics } = await clock.runUntil(gradeAnswersConcurrently(answers, { ...opts, hedge }));
  return { ms: metrics.totalProcessingTimeMs, calls };
}

test('ratios', async () => {
  const SEEDS = 400;
  for (const [name, dist] of Object.entries(dists)) {
    for (const n of [10, 30]) {
      const plain: number[] = []; const hedged: number[] = []; let calls = 0;
      for (let seed = 1; seed <= SEEDS; seed++) {
        plain.push((await one(seed, n, false, dist)).ms);
        const h = await one(seed, n, true, dist);
        hedged.push(h.ms); calls += h.calls;
      }
      const mean = (v: number[]) => v.reduce((a, b) => a + b, 0) / v.length;
      console.log(name, n, 'p95', q(plain, .95).toFixed(0), q(hedged, .95).toFixed(0), 'ratio', (q(hedged, .95) / q(plain, .95)).toFixed(3), 'mean', (mean(hedged)/mean(plain)).toFixed(3), 'extra', (calls / SEEDS / n - 1).toFixed(4));
    }
  }
}, 600_000);
