import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import {
  gradeAnswersWithFallback,
  isGradingAborted,
  type GradingEvent,
  type GradingReport,
  type GradingResult,
} from 'gradelanes';
import { manualClock, type ManualClock } from 'gradelanes/testing';
import { expectSound } from './expect-sound.js';
import { markOf, randomRun, type RandomRun } from './random-run.js';
import { mostRepeatedCalls, repeatedCalls } from './repeated-calls.js';
import { watchCalls } from './watch-calls.js';

const SEEDS = 1_000;

/** What came of a run, and what was told of it meanwhile. */
interface Outcome {
  readonly report: GradingReport;
  readonly isAborted: boolean;
  readonly events: readonly GradingEvent[];
  readonly told: readonly GradingResult[];
  readonly listenersLeft: number;
  readonly drawn: RandomRun;
}

test(`every answer once, whatever goes wrong, over ${SEEDS} seeds`, { timeout: 60_000 }, async () => {
  const replayed = process.env['SEED'];
  const seeds = replayed === undefined ? Array.from({ length: SEEDS }, (_, index) => index + 1) : [Number(replayed)];
  for (const seed of seeds) {
    try {
      await checkSeed(seed);
    } catch (error) {
      throw new Error(`seed ${seed} breaks a promise; run this file with SEED=${seed} to see it again`, {
        cause: error,
      });
    }
  }
});

async function checkSeed(seed: number): Promise<void> {
  const clock = manualClock();
  const watch = watchCalls();
  const drawn = randomRun(seed, clock, watch);
  const runs = [grade(drawn, clock), ...(drawn.isShared ? [grade({ ...drawn, abortAtMs: undefined }, clock)] : [])];
  const outcomes = await clock.runUntil(Promise.all(runs));
  const callsAtEnd = watch.calls;
  const leaked = outcomes.reduce((sum, { report }) => sum + report.metrics.leaked, 0);
  for (const outcome of outcomes) {
    const ofOthers = leaked - outcome.report.metrics.leaked;
    const seen = { inFlight: watch.inFlight - ofOthers, peakInFlight: watch.peakInFlight - ofOthers };
    expectSound(outcome.report, drawn.answers, { limit: drawn.limit, seen });
    expectHonest(outcome);
  }
  const requests = outcomes.reduce((sum, { report }) => sum + report.metrics.requests, 0);
  expect(requests, 'calls that were told').toBe(watch.calls);
  const { controller } = drawn.options;
  if (controller !== undefined) expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0, providers: [] });
  await clock.runAll();
  expect(watch.calls, 'calls after the end').toBe(callsAtEnd);
}

async function grade(drawn: RandomRun, clock: ManualClock): Promise<Outcome> {
  const { answers, options, abortAtMs } = drawn;
  const abort = new AbortController();
  const events: GradingEvent[] = [];
  const told: GradingResult[] = [];
  const timer = abortAtMs === undefined ? undefined : clock.setTimeout(() => abort.abort(), abortAtMs);
  const running = gradeAnswersWithFallback(answers, {
    ...options,
    signal: abort.signal,
    onEvent: (event) => events.push(event),
    onResult: (result) => void told.push(result),
  });
  const settled = await running.catch((error: unknown) => error as Error);
  clock.clearTimeout(timer);
  const listenersLeft = getEventListeners(abort.signal, 'abort').length;
  const common = { drawn, events, told, listenersLeft };
  if (!(settled instanceof Error)) return { ...common, report: settled, isAborted: false };
  if (!isGradingAborted(settled)) throw settled;
  return { ...common, report: settled.report, isAborted: true };
}

/** What must hold beside what holds of every run. */
function expectHonest({ drawn, report, isAborted, events, told, listenersLeft }: Outcome): void {
  const { answers, options, abortAtMs = Infinity } = drawn;
  const { metrics, results } = report;
  for (const [index, answer] of answers.entries()) {
    const result = results[index];
    if (result?.status === 'graded') expect(result.scaledScore, `mark of answer ${index}`).toBe(markOf(answer));
  }
  expect(repeatedCalls(events), 'repeated calls').toBeLessThanOrEqual(mostRepeatedCalls(metrics.gradedCount));
  expect(told.map(({ index }) => index).toSorted((first, second) => first - second)).toEqual([...answers.keys()]);
  const count = (type: GradingEvent['type']): number => events.filter((event) => event.type === type).length;
  expect([count('call-started'), count('call-ended')]).toEqual([metrics.requests, metrics.requests]);
  expect(count('answer-graded') + count('answer-failed')).toBe(answers.length);
  expect(listenersLeft, 'listeners left').toBe(0);
  const { deadlineMs = Infinity, abortGraceMs = 0 } = options;
  const latestMs = Math.min(deadlineMs, abortAtMs) + abortGraceMs + 1;
  expect(metrics.totalProcessingTimeMs).toBeLessThanOrEqual(latestMs);
  expect(isAborted).toBe(metrics.totalProcessingTimeMs >= abortAtMs);
}
