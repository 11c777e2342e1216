import { describe, expect, test } from 'vitest';
import { gradeAnswersConcurrently, type AnswerToGrade, type GradingOptions } from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import { orderAnswers } from '../../src/engine/intake/order-answers.js';
import { question } from '../sample-answers.js';
import { eventClock } from './event-clock.js';
import { mean, normal } from './statistics.js';
import { timedProvider } from './timed-provider.js';

const SEEDS = 2_000;
const CALLS = 30;
const SLOTS = 5;
const SIGMA = 0.8;
const MEDIAN_MS = 1_000;
const MEDIAN_CHARACTERS = 2_000;

type Order = NonNullable<GradingOptions['order']>;

/** Answers, and how long the call for each of them takes. */
interface Workload {
  readonly answers: readonly AnswerToGrade[];
  readonly durationsMs: readonly number[];
}

/** Lengths of answers and durations of calls, both log-normal, with this rank correlation. */
function workload(seed: number, rankCorrelation: number): Workload {
  const random = seededRandom(seed);
  // Of two normal variables with correlation r, the ranks have 6 / pi * asin(r / 2) (Pearson 1907).
  const correlation = 2 * Math.sin((Math.PI / 6) * rankCorrelation);
  const draws = Array.from({ length: CALLS }, () => {
    const [estimate, rest] = [normal(random), normal(random)];
    return { estimate, duration: correlation * estimate + Math.sqrt(1 - correlation ** 2) * rest };
  });
  return {
    answers: draws.map(({ estimate }, index) => ({
      question,
      answer: `${index} `.padEnd(Math.round(MEDIAN_CHARACTERS * Math.exp(SIGMA * estimate)), 'x'),
    })),
    durationsMs: draws.map(({ duration }) => MEDIAN_MS * Math.exp(SIGMA * duration)),
  };
}

/** What the engine does, without the engine: the next answer goes to the slot that is free first. */
function schedule({ answers, durationsMs }: Workload, order: Order) {
  const freeAtMs = Array.from({ length: SLOTS }, () => 0);
  const endsMs = orderAnswers(answers, order).map((index) => {
    const slot = freeAtMs.indexOf(Math.min(...freeAtMs));
    return (freeAtMs[slot] = (freeAtMs[slot] ?? 0) + (durationsMs[index] ?? 0));
  });
  return { makespanMs: Math.max(...endsMs), firstResultMs: Math.min(...endsMs) };
}

/** The means over all seeds. */
function scheduleEach(rankCorrelation: number, order: Order) {
  const runs = Array.from({ length: SEEDS }, (_, seed) => schedule(workload(seed + 1, rankCorrelation), order));
  return {
    makespanMs: mean(runs.map(({ makespanMs }) => makespanMs)),
    firstResultMs: mean(runs.map(({ firstResultMs }) => firstResultMs)),
  };
}

describe(`order 'firstThenLongest', over ${SEEDS} seeds of ${CALLS} calls on ${SLOTS} slots`, () => {
  test('takes at least 8 percent less than input order, with the first result no later, at rank correlation 0.6', () => {
    const [input, ordered] = [scheduleEach(0.6, 'input'), scheduleEach(0.6, 'firstThenLongest')];
    expect(ordered.makespanMs / input.makespanMs).toBeLessThanOrEqual(0.92);
    expect(ordered.firstResultMs / input.firstResultMs).toBeLessThanOrEqual(1);
  });

  test('takes at most 1 percent more where lengths tell nothing', () => {
    const [input, ordered] = [scheduleEach(0, 'input'), scheduleEach(0, 'firstThenLongest')];
    expect(ordered.makespanMs / input.makespanMs).toBeLessThanOrEqual(1.01);
  });
});

test.each(['input', 'shortest', 'longest', 'firstThenLongest'] as const)(
  'the engine takes as long as the schedule says with order %s',
  async (order) => {
    const work = workload(1, 0.6);
    const clock = eventClock();
    const provider = timedProvider(clock, (item) => work.durationsMs[Number.parseInt(item?.answer ?? '', 10)] ?? 0);
    const options = { provider, clock, order, maxConcurrentTasks: SLOTS, localGrading: false, random: () => 0.5 };
    const { metrics } = await clock.runUntil(gradeAnswersConcurrently(work.answers, options));
    const expected = schedule(work, order);
    expect(metrics.totalProcessingTimeMs).toBeCloseTo(expected.makespanMs, 6);
    expect(metrics.timeToFirstResultMs).toBeCloseTo(expected.firstResultMs, 6);
  },
);
