import { describe, expect, test } from 'vitest';
import { createConcurrencyController, gradeAnswersConcurrently, type GradingReport } from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import { positionOf, sampleAnswers } from '../sample-answers.js';
import { eventClock } from './event-clock.js';
import { logNormal, mean, quantile } from './statistics.js';
import { timedProvider } from './timed-provider.js';

const SEEDS = 2_000;
const SLOTS = 5;
const WARM_CALLS = 50;
const MEDIAN_MS = 200;
/** Gives a p99 of 2 s: ten times the median, at 2.326 standard deviations. */
const SIGMA = Math.log(10) / 2.326;

/** One run on a controller that has seen so many calls. First copies take the same time with and without hedging. */
async function grade(
  seed: number,
  answerCount: number,
  { hedge, warmCalls = WARM_CALLS }: { hedge: boolean; warmCalls?: number },
): Promise<GradingReport> {
  const clock = eventClock();
  const controller = createConcurrencyController({ maxConcurrentTasks: SLOTS, clock });
  const random = seededRandom(seed);
  const durationsMs = Array.from({ length: answerCount }, () => MEDIAN_MS * logNormal(random, SIGMA));
  const provider = timedProvider(clock, (item, { attempt }) => {
    const firstMs = attempt === 1 && item !== undefined ? durationsMs[positionOf(item)] : undefined;
    return firstMs ?? MEDIAN_MS * logNormal(random, SIGMA);
  });
  const options = { provider, clock, controller, random: () => 0.5, localGrading: false, guards: false };
  const earlier = sampleAnswers(warmCalls, (index) => ({ answer: `of an earlier run ${index}` }));
  await clock.runUntil(gradeAnswersConcurrently(earlier, options));
  const answers = sampleAnswers(answerCount);
  const report = await clock.runUntil(gradeAnswersConcurrently(answers, { ...options, hedge }));
  return report;
}

/** The same for every seed. */
async function gradeEach(answerCount: number, setting: { hedge: boolean; warmCalls?: number }) {
  const runs: GradingReport['metrics'][] = [];
  for (let seed = 1; seed <= SEEDS; seed++) runs.push((await grade(seed, answerCount, setting)).metrics);
  expect(runs.filter(({ gradedCount }) => gradedCount !== answerCount)).toEqual([]);
  return {
    makespansMs: runs.map(({ totalProcessingTimeMs }) => totalProcessingTimeMs),
    callsPerAnswer: mean(runs.map(({ requests }) => requests)) / answerCount,
  };
}

describe(`hedging, over ${SEEDS} seeds of calls with median 200 ms and p99 2 s on ${SLOTS} slots`, () => {
  test.each([
    [10, 0.7],
    [30, 0.8],
  ])('brings the p95 makespan of %i answers to %f of what it was, for at most 5 percent more calls', async (...row) => {
    const [answerCount, atMost] = row;
    const plain = await gradeEach(answerCount, { hedge: false, warmCalls: 0 });
    const hedged = await gradeEach(answerCount, { hedge: true });
    expect(quantile(hedged.makespansMs, 0.95) / quantile(plain.makespansMs, 0.95)).toBeLessThanOrEqual(atMost);
    expect(hedged.callsPerAnswer).toBeLessThanOrEqual(1.05);
  });

  test('without a history sends no second copy, and loses nothing', async () => {
    const plain = await gradeEach(10, { hedge: false, warmCalls: 0 });
    const hedged = await gradeEach(10, { hedge: true, warmCalls: 0 });
    expect(hedged).toEqual(plain);
    expect(hedged.callsPerAnswer).toBe(1);
  });
});
