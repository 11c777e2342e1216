import { expect, test } from 'vitest';
import { gradeAnswersWithFallback, type GradingProvider, type ParallelProcessingMetrics } from 'gradelanes';
import { faultyProvider, mockProvider, seededRandom, type FaultName } from 'gradelanes/testing';
import { delay } from '../../src/testing/time/waiting.js';
import { sampleAnswers } from '../sample-answers.js';
import { eventClock, type EventClock } from './event-clock.js';
import { markOf } from './random-run.js';
import { logNormal } from './statistics.js';

const SEEDS = 50;
const ANSWERS = 300;
const MEDIAN_MS = 200;
const ATTEMPT_TIMEOUT_MS = 2_000;

const faults: readonly FaultName[] = ['server', 'overloaded', 'network', 'network', 'malformed', 'out_of_range'];
const stalls: readonly FaultName[] = ['hang', 'hang'];

/** Grades 300 answers, ten at once; calls fail as often as said, each after its usual time. */
async function grade(seed: number, kinds: readonly FaultName[]): Promise<ParallelProcessingMetrics> {
  const clock = eventClock();
  const provider = failing(clock, seed, kinds);
  const answers = sampleAnswers(ANSWERS, (index) => ({ answer: `answer ${index}` }));
  const { results, metrics } = await clock.runUntil(
    gradeAnswersWithFallback(answers, {
      provider,
      clock,
      random: seededRandom(seed),
      localGrading: false,
      maxConcurrentTasks: 10,
      attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
    }),
  );
  const marks = results.map((result) => (result.status === 'graded' ? result.scaledScore : result.error.code));
  expect(marks, `seed ${seed}`).toEqual(answers.map(markOf));
  return metrics;
}

function failing(clock: EventClock, seed: number, kinds: readonly FaultName[]): GradingProvider {
  const random = seededRandom(seed);
  const rate = kinds.length === 0 ? 0 : 0.2;
  const faulty = faultyProvider(mockProvider(markOf), { seed, rate, faults: kinds }, { clock });
  return {
    grade: async (items, call) => {
      await delay(MEDIAN_MS * logNormal(random, 0.3), call.signal, clock);
      return faulty.grade(items, call);
    },
  };
}

test.each([
  ['fails', faults, 0],
  ['fails or stalls', [...faults, ...stalls], 2 * ATTEMPT_TIMEOUT_MS],
])(`no answer is lost where every fifth call %s, over ${SEEDS} seeds, and few runs are late`, async (...row) => {
  const [, kinds, extraMs] = row;
  const clean = await grade(0, []);
  let late = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { totalProcessingTimeMs, requests } = await grade(seed, kinds);
    expect(requests).toBeLessThanOrEqual(1.5 * ANSWERS + 10);
    if (totalProcessingTimeMs > 2 * clean.totalProcessingTimeMs + extraMs) late++;
  }
  // Where one of the last answers to start stalls twice, only a second copy would be in time.
  expect(late).toBeLessThanOrEqual(extraMs === 0 ? 0 : 0.1 * SEEDS);
});
