import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswersWithFallback,
  isGradingAborted,
  type GradingEvent,
  type GradingItem,
  type GradingOptions,
  type GradingProvider,
  type GradingReport,
} from 'gradelanes';
import {
  expectEveryAnswerOnce,
  faultyProvider,
  manualClock,
  mockLLM,
  mockProvider,
  seededRandom,
  type FaultName,
} from 'gradelanes/testing';
import { positionOf, question, sampleAnswers } from './sample-answers.js';

const numRuns = 250;

/** Every fault there is. */
const faults: readonly FaultName[] = [
  'rate_limited',
  'overloaded',
  'timeout',
  'network',
  'server',
  'invalid_request',
  'too_large',
  'hang',
  'ignores_abort',
  'slow',
  'throws_null',
  'settles_twice',
  'truncated',
  'malformed',
  'refused',
  'wrong_id',
  'missing_id',
  'duplicate_id',
  'out_of_range',
];
/** These end the whole provider, so they would hide all others if they were as likely. */
const deadlyFaults: readonly FaultName[] = ['auth', 'quota', 'not_found'];

const mode = fc.constantFrom('auto', 'parallel', 'batch', 'sequential');
const options = fc.record(
  {
    mode,
    maxConcurrentTasks: fc.integer({ min: 1, max: 10 }),
    batchSize: fc.integer({ min: 1, max: 10 }),
    parallelEnabled: fc.boolean(),
    retry: fc.constantFrom<GradingOptions['retry']>(false, { maxAttempts: 2 }, { maxAttempts: 5, baseDelayMs: 0 }),
    deadlineMs: fc.integer({ min: 1, max: 20_000 }),
    attemptTimeoutMs: fc.integer({ min: 20, max: 2_000 }),
    abortGraceMs: fc.integer({ min: 0, max: 500 }),
  },
  { requiredKeys: ['mode'] },
);
const scenario = fc.record({
  count: fc.integer({ min: 0, max: 25 }),
  seed: fc.nat(),
  rate: fc.double({ min: 0, max: 0.9, noNaN: true }),
  isDeadly: fc.boolean(),
  isModel: fc.boolean(),
  hasSecond: fc.boolean(),
  hasLocal: fc.boolean(),
  abortAtMs: fc.option(fc.nat(3_000), { nil: undefined }),
  options,
});

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

/** Answers come to the last mode with no first call and no budget for repeats left. */
const spentBefore: Scenario = {
  count: 20,
  seed: 0,
  rate: 0.848_433_704_301_714_8,
  isDeadly: false,
  isModel: false,
  hasSecond: false,
  hasLocal: false,
  abortAtMs: undefined,
  options: { mode: 'auto' },
};

/** Grades in a world full of faults, aborted or not, and returns the report and all that was told on the way. */
async function live({
  count,
  seed,
  rate,
  isDeadly,
  isModel,
  hasSecond,
  hasLocal,
  abortAtMs,
  options: given,
}: Scenario) {
  const clock = manualClock();
  const plan = {
    seed,
    rate,
    faults: isDeadly ? [...faults, ...deadlyFaults] : faults,
    retryAfterMs: 300,
    delayMs: 900,
  };
  const delayed = { delayMs: 50, clock };
  const inner = isModel
    ? mockLLM(0.6, { name: 'first', ...delayed })
    : mockProvider(0.6, { name: 'first', ...delayed });
  const provider = [
    faultyProvider(inner, plan, { clock }),
    ...(hasSecond
      ? [faultyProvider(mockProvider(0.4, { name: 'second', ...delayed }), { ...plan, seed: seed + 1 }, { clock })]
      : []),
    ...(hasLocal ? [mockProvider(0.2, { name: 'local', capabilities: { local: true } })] : []),
  ] as unknown as GradingOptions['provider'];
  const answers = sampleAnswers(count, (index) => ({ learnerId: `learner ${index % 3}` }));
  const events: GradingEvent[] = [];
  const abort = new AbortController();
  const timer = abortAtMs === undefined ? undefined : clock.setTimeout(() => abort.abort(), abortAtMs);
  const running: Promise<GradingReport> = gradeAnswersWithFallback(answers, {
    ...given,
    provider,
    clock,
    random: seededRandom(seed),
    localGrading: false,
    signal: abort.signal,
    onEvent: (event) => void events.push(event),
  }).catch((error: unknown) => {
    if (isGradingAborted(error)) return error.report;
    throw error;
  });
  const report = await clock.runUntil(running);
  if (timer !== undefined) clock.clearTimeout(timer);
  return { answers, report, events, clock, inner };
}

describe('in any world full of faults', () => {
  test.prop([scenario], { numRuns })(
    'every answer comes back exactly once, and the report agrees with itself',
    async (given) => {
      const { answers, report, clock } = await live(given);
      expectEveryAnswerOnce(report, answers);
      expect(report.metrics.gradedCount + report.metrics.failedCount).toBe(answers.length);
      // A call that was left behind may still hold a timer of its own.
      if (report.metrics.leaked === 0) expect(clock.pendingTimers, 'timers left').toBe(0);
    },
  );

  test.prop([scenario], { numRuns })(
    'calls in flight never exceed the limit by more than what leaked',
    async (given) => {
      const { report, events, inner } = await live(given);
      const limit = given.options.maxConcurrentTasks ?? 5;
      let inFlight = 0;
      let peak = 0;
      for (const event of events) {
        if ('provider' in event && event.provider === 'local') continue;
        if (event.type === 'call-started') peak = Math.max(peak, (inFlight += 1));
        if (event.type === 'call-ended') inFlight -= 1;
      }
      expect(peak).toBeLessThanOrEqual(limit);
      expect(inner.peakInFlight).toBeLessThanOrEqual(limit + report.metrics.leaked);
      expect(inFlight).toBe(0);
    },
  );

  test.prop([scenario], { numRuns })('no answer is sent again once it is graded', async (given) => {
    const { events } = await live(given);
    const settled = new Set<number>();
    for (const event of events) {
      if (event.type === 'answer-graded' || event.type === 'answer-failed') {
        expect(settled, 'settled twice').not.toContain(event.index);
        settled.add(event.index);
      }
      if (event.type === 'call-started') for (const index of event.indices) expect(settled).not.toContain(index);
    }
  });

  test.prop([scenario], { numRuns })(
    'every answer is told to have started at most once, and every call to have ended',
    async (given) => {
      const { report, events } = await live(given);
      const started = events.filter(({ type }) => type === 'call-started');
      expect(started).toHaveLength(report.metrics.requests);
      expect(events.filter(({ type }) => type === 'call-ended')).toHaveLength(report.metrics.requests);
      expect([events.at(0)?.type, events.at(-1)?.type]).toEqual(['run-started', 'run-ended']);
      const attempts = report.results.map(
        ({ index }) => started.filter((event) => event.type === 'call-started' && event.indices.includes(index)).length,
      );
      expect(report.results.map((result) => result.attempts)).toEqual(attempts);
    },
  );

  test.prop([scenario], { numRuns, examples: [[spentBefore]] })(
    'a run that was not aborted has no aborted answer',
    async (given) => {
      const { report } = await live({ ...given, abortAtMs: undefined });
      const codes = report.results.flatMap((result) => (result.status === 'failed' ? [result.error.code] : []));
      expect(codes).not.toContain('aborted');
      if (given.options.deadlineMs === undefined) expect(codes).not.toContain('deadline_exceeded');
    },
  );

  test.prop([scenario], { numRuns })('a healthy local provider at the end leaves no answer ungraded', async (given) => {
    const { report } = await live({ ...given, hasLocal: true, abortAtMs: undefined });
    expect(report.metrics.failedCount).toBe(0);
    for (const result of report.results) {
      if (result.status === 'graded' && result.provider === 'local') {
        expect(result).toMatchObject({ needsReview: true, reviewReasons: ['offline_stand_in'], gradedBy: 'offline' });
      }
    }
  });

  test.prop([scenario], { numRuns })('the same faults give the same report', async (given) => {
    const [first, second] = [await live(given), await live(given)];
    expect(second.report).toEqual(first.report);
  });
});

const company = fc.record({
  seed: fc.nat(),
  rate: fc.double({ min: 0, max: 0.8, noNaN: true }),
  slots: fc.integer({ min: 1, max: 6 }),
  runs: fc.array(
    fc.record({
      startAtMs: fc.nat(400),
      abortAtMs: fc.option(fc.nat(1_500), { nil: undefined }),
      texts: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 8 }),
      options,
    }),
    { minLength: 2, maxLength: 4 },
  ),
});

/** One run's timeouts open the circuit, its next call is dropped for that, and another run closes it at once. */
const closedAgain: typeof company extends fc.Arbitrary<infer Company> ? Company : never = {
  seed: 0,
  rate: 0,
  slots: 1,
  runs: [
    { startAtMs: 1, abortAtMs: undefined, texts: ['a', 'e', 'a', 'a'], options: { mode: 'auto' } },
    { startAtMs: 1, abortAtMs: undefined, texts: ['e', 'c'], options: { mode: 'parallel', retry: false } },
    {
      startAtMs: 0,
      abortAtMs: undefined,
      texts: ['e', 'c', 'd', 'e'],
      options: { mode: 'auto', retry: false, attemptTimeoutMs: 20 },
    },
  ],
};

describe('in the company of other runs with the same answers', () => {
  test.prop([company], { numRuns, examples: [[closedAgain]] })(
    'every run gets its own answers, and the controller is idle in the end',
    async ({ seed, rate, slots, runs }) => {
      const clock = manualClock();
      const random = seededRandom(seed);
      const controller = createConcurrencyController({ maxConcurrentTasks: slots, clock, random });
      const plan = { seed, rate, faults, retryAfterMs: 300, delayMs: 900 };
      const inner = mockProvider(({ answer }) => answer.charCodeAt(0) / 200, { delayMs: 50, clock });
      const provider = faultyProvider(inner, plan, { clock });
      let leaked = 0;
      const attend = async ({ startAtMs, abortAtMs, texts, options: given }: (typeof runs)[number]): Promise<void> => {
        const answers = texts.map((answer) => ({ question, answer }));
        const abort = new AbortController();
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, startAtMs));
        const timer = abortAtMs === undefined ? undefined : clock.setTimeout(() => abort.abort(), abortAtMs);
        const running: Promise<GradingReport> = gradeAnswersWithFallback(answers, {
          ...given,
          provider,
          controller,
          clock,
          random,
          localGrading: false,
          signal: abort.signal,
        }).catch((error: unknown) => {
          if (isGradingAborted(error)) return error.report;
          throw error;
        });
        const report = await running;
        clock.clearTimeout(timer);
        leaked += report.metrics.leaked;
        expectEveryAnswerOnce(report, answers);
        for (const [index, result] of report.results.entries()) {
          const score = (texts[index] ?? '').charCodeAt(0) / 200;
          if (result.status === 'graded') expect(result.scaledScore).toBe(score);
          else if (abortAtMs === undefined) expect(result.error.code).not.toBe('aborted');
        }
      };
      await clock.runUntil(Promise.all(runs.map(attend)));
      expect(inner.peakInFlight).toBeLessThanOrEqual(slots + leaked);
      expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
      if (leaked === 0) expect(clock.pendingTimers, 'timers left').toBe(0);
    },
  );
});

/** A provider whose calls end when the scheduler says so, with the score of their position. */
function scheduledProvider(scheduler: fc.Scheduler): GradingProvider & { peakInFlight: number } {
  let inFlight = 0;
  const provider = {
    peakInFlight: 0,
    grade: async (items: readonly GradingItem[]) => {
      inFlight += 1;
      provider.peakInFlight = Math.max(provider.peakInFlight, inFlight);
      const verdicts = items.map((item) => ({ id: item.id, score: positionOf(item) / 100 }));
      try {
        return await scheduler.schedule(Promise.resolve(verdicts), `answers ${items.map(positionOf).join(', ')}`);
      } finally {
        inFlight -= 1;
      }
    },
  };
  return provider;
}

describe('for any order in which calls end', () => {
  test.prop([fc.scheduler(), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 1, max: 10 }), mode], { numRuns })(
    'every index settles exactly once, in input order',
    async (scheduler, count, limit, given) => {
      const answers = sampleAnswers(count);
      const provider = scheduledProvider(scheduler);
      const settled: number[] = [];
      const running = gradeAnswersWithFallback(answers, {
        provider,
        mode: given,
        maxConcurrentTasks: limit,
        localGrading: false,
        onResult: ({ index }) => void settled.push(index),
      });
      const report = await scheduler.waitFor(running);
      expectEveryAnswerOnce(report, answers);
      expect(report.results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual(
        answers.map((_, index) => index / 100),
      );
      expect(settled.toSorted((first, second) => first - second)).toEqual(answers.map((_, index) => index));
      expect(provider.peakInFlight).toBeLessThanOrEqual(limit);
      expect(report.metrics.concurrentExecutionCount).toBe(provider.peakInFlight);
    },
  );

  test.prop([fc.scheduler(), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 })], { numRuns })(
    'two runs on one controller share its slots and get their own results',
    async (scheduler, count, limit) => {
      const controller = createConcurrencyController({ maxConcurrentTasks: limit });
      const provider = scheduledProvider(scheduler);
      const start = async (answers: ReturnType<typeof sampleAnswers>): Promise<GradingReport> =>
        gradeAnswersWithFallback(answers, { provider, controller, localGrading: false });
      // The second run has some answers of the first: those may share a call.
      const [mine, yours] = [sampleAnswers(count), sampleAnswers(count + 3)];
      const [first, second] = await scheduler.waitFor(Promise.all([start(mine), start(yours)]));
      expectEveryAnswerOnce(first, mine);
      expectEveryAnswerOnce(second, yours);
      expect(second.results.map((result) => result.status === 'graded' && result.scaledScore)).toEqual(
        yours.map((_, index) => index / 100),
      );
      expect(provider.peakInFlight).toBeLessThanOrEqual(limit);
      expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    },
  );

  test.prop([fc.scheduler(), fc.integer({ min: 1, max: 12 }), mode], { numRuns })(
    'an abort at any moment leaves each answer graded or aborted',
    async (scheduler, count, given) => {
      const answers = sampleAnswers(count);
      const abort = new AbortController();
      void scheduler.schedule(Promise.resolve(), 'abort').then(() => abort.abort());
      const running: Promise<GradingReport> = gradeAnswersWithFallback(answers, {
        provider: scheduledProvider(scheduler),
        mode: given,
        localGrading: false,
        abortGraceMs: 0,
        signal: abort.signal,
      }).catch((error: unknown) => {
        if (isGradingAborted(error)) return error.report;
        throw error;
      });
      const report = await scheduler.waitFor(running);
      expectEveryAnswerOnce(report, answers);
      for (const result of report.results) {
        if (result.status === 'graded') expect(result.scaledScore).toBe(result.index / 100);
        else expect(result.error.code).toBe('aborted');
      }
    },
  );
});
