import { beforeEach, describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  createGrader,
  gradeAnswersConcurrently,
  gradeAnswersStream,
  gradeAnswersWithFallback,
  promptGrader,
  ProviderError,
  type GradingProvider,
  type GradingReport,
  type GradingResult,
  type LimiterRequest,
  type Provider,
} from 'gradelanes';
import { createSharedLimiter } from 'gradelanes/limiter';
import { manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, guards: false, random: () => 0.5 } as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

interface WatchedProvider extends GradingProvider {
  readonly startedAt: number[];
  peak: number;
}

/** A provider that takes 100 ms, and counts its calls. */
function watched(options: Partial<Omit<GradingProvider, 'grade'>> = {}, running = { count: 0 }): WatchedProvider {
  const provider: WatchedProvider = {
    ...options,
    startedAt: [],
    peak: 0,
    grade: async (items) => {
      provider.startedAt.push(clock.now());
      provider.peak = Math.max(provider.peak, ++running.count);
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 100));
      running.count--;
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  return provider;
}

/** Answers 429 to everything. */
function rejecting(retryAfterMs: number | undefined, options: Partial<GradingProvider> = {}): WatchedProvider {
  const provider: WatchedProvider = {
    name: 'rejecting',
    ...options,
    startedAt: [],
    peak: 0,
    grade: async () => {
      provider.startedAt.push(clock.now());
      throw new ProviderError('rate_limited', 'no', { retryAfterMs });
    },
  };
  return provider;
}

const providersOf = ({ results }: Pick<GradingReport, 'results'>): unknown[] => [
  ...new Set(results.map((result) => (result.status === 'graded' ? result.provider : result.error.code))),
];

async function collect(stream: AsyncIterable<GradingResult>): Promise<GradingResult[]> {
  const results: GradingResult[] = [];
  for await (const result of stream) results.push(result);
  return results;
}

describe('a provider that answers 429 to everything', () => {
  test.each([1_000, 5_000, 20_000, 60_000, 170_000, undefined])(
    'is left for the next one, Retry-After %s [rate-limited-provider-is-left]',
    async (retryAfterMs) => {
      const [a, b] = [rejecting(retryAfterMs), watched({ name: 'healthy' })];
      const report = await clock.runUntil(
        gradeAnswersWithFallback(sampleAnswers(300), { ...plain, clock, provider: [a, b] }),
      );
      expect(providersOf(report)).toEqual(['healthy']);
      expect(b.startedAt[0]).toBeLessThanOrEqual(35_000);
      expect(a.startedAt.length).toBeLessThanOrEqual(30);
    },
  );

  test('is waited for where there is no other', async () => {
    const provider: GradingProvider = {
      grade: async (items) => {
        if (clock.now() < 100_000) throw new ProviderError('rate_limited', 'no', { retryAfterMs: 50_000 });
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const report = await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(30), { ...plain, clock, provider }));
    expect(report.metrics.gradedCount).toBe(30);
  });

  test('is asked again by the next run once its pause is over', async () => {
    const [a, b] = [rejecting(1_000), watched({ name: 'healthy' })];
    const grader = createGrader({ ...plain, clock, provider: [a, b] });
    await clock.runUntil(grader.gradeAnswersWithFallback(sampleAnswers(20)));
    const before = a.startedAt.length;
    await clock.advance(2_000);
    await clock.runUntil(grader.gradeAnswersWithFallback(sampleAnswers(20)));
    expect(a.startedAt.length).toBeGreaterThan(before);
    expect(a.startedAt.length).toBeLessThan(before + 5);
  });
});

describe('doors of providers', () => {
  test('are apart for two keys of one vendor and model [second-key-helps]', async () => {
    const shared = { fingerprint: 'vendor and model' };
    const [a, b] = [rejecting(200_000, shared), watched({ ...shared, name: 'second key' })];
    const report = await clock.runUntil(
      gradeAnswersWithFallback(sampleAnswers(30), { ...plain, clock, provider: [a, b] }),
    );
    expect(providersOf(report)).toEqual(['second key']);
    expect(b.startedAt[0]).toBeLessThan(1_000);
  });

  test('are one where limitKey says so', async () => {
    const shared = { limitKey: 'one account' };
    const grader = createGrader({ ...plain, clock, provider: rejecting(20_000, shared), retry: false });
    await clock.runUntil(grader.gradeAnswersConcurrently(sampleAnswers(1)));
    const other = watched(shared);
    await clock.runUntil(grader.gradeAnswersConcurrently(sampleAnswers(2), { provider: other }));
    expect(other.startedAt[0]).toBeGreaterThanOrEqual(20_000);
  });

  test('are one for a model and the prompt grader made of it', async () => {
    const llm = {
      capabilities: { maxConcurrency: 1 },
      running: 0,
      peak: 0,
      async generate() {
        llm.peak = Math.max(llm.peak, ++llm.running);
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 10));
        llm.running--;
        return '{"results":[{"levels":[5]}]}';
      },
    };
    const grader = createGrader({ ...plain, clock, provider: llm });
    await clock.runUntil(
      Promise.all([
        grader.gradeAnswersConcurrently(sampleAnswers(5)),
        grader.gradeAnswersConcurrently(sampleAnswers(5), { provider: promptGrader(llm), instructions: 'Be strict.' }),
      ]),
    );
    expect(llm.peak).toBe(1);
  });
});

describe('the most calls that a provider takes at once [provider-max-concurrency]', () => {
  test.each([false, true])('hold over all runs of a controller (local: %s)', async (local) => {
    const provider = watched({ capabilities: { maxConcurrency: 1, local } });
    const grader = createGrader({ ...plain, clock, provider, maxConcurrentTasks: 10 });
    const runs = Array.from({ length: 10 }, (_, run) =>
      grader.gradeAnswersConcurrently(sampleAnswers(3, (index) => ({ answer: `${run} ${index}` }))),
    );
    const reports = await clock.runUntil(Promise.all(runs));
    expect(reports.map(({ metrics }) => metrics.gradedCount)).toEqual(Array(10).fill(3));
    expect(provider.peak).toBe(1);
  });

  test('hold for a provider that is its own judge', async () => {
    const provider = watched({ capabilities: { maxConcurrency: 1 } });
    const samples = { count: 2, judges: [provider], nearPassingScore: 1 };
    const { metrics } = await clock.runUntil(
      gradeAnswersConcurrently(sampleAnswers(6), { ...plain, clock, provider, samples }),
    );
    expect([provider.peak, metrics.requests]).toEqual([1, 12]);
  });
});

describe('maxConcurrentTasks', () => {
  test('holds over all providers of a stream [stream-keeps-its-own-limit]', async () => {
    const running = { count: 0 };
    const refusing = (share: number): Provider => {
      const inner = watched({}, running);
      return {
        grade: async (items, call) => {
          const verdicts = await inner.grade(items, call);
          if (Number(items[0]?.answer.length) % share === 0) throw new ProviderError('refused', 'no');
          return verdicts;
        },
      };
    };
    const last = watched({}, running);
    const controller = createConcurrencyController({ maxConcurrentTasks: 50, clock });
    let peak = 0;
    const counting = (provider: Provider): Provider => {
      if (!('grade' in provider)) return provider;
      return {
        grade: (items, call) => {
          peak = Math.max(peak, running.count + 1);
          return provider.grade(items, call);
        },
      };
    };
    const answers = sampleAnswers(80, (index) => ({ answer: 'x'.repeat(index + 1) }));
    const stream = gradeAnswersStream(answers, {
      ...plain,
      clock,
      controller,
      maxConcurrentTasks: 2,
      provider: [counting(refusing(2)), counting(refusing(3)), counting(refusing(5)), counting(last)],
    });
    const results = await clock.runUntil(collect(stream));
    expect(results.every(({ status }) => status === 'graded')).toBe(true);
    expect([peak, (await stream.metrics).concurrentExecutionCount]).toEqual([2, 2]);
  });

  test('keeps no place for calls that wait for a paused provider', async () => {
    const [a, b] = [rejecting(20_000), watched({ name: 'healthy' })];
    const controller = createConcurrencyController({ maxConcurrentTasks: 50, clock });
    await clock.runUntil(
      gradeAnswersConcurrently(sampleAnswers(1), { ...plain, clock, controller, provider: a, retry: false }),
    );
    const refusing: GradingProvider = { ...watched(), name: 'refusing' };
    const stream = gradeAnswersStream(sampleAnswers(10), {
      ...plain,
      clock,
      controller,
      maxConcurrentTasks: 1,
      provider: [refusing, a, b],
    });
    const results = await clock.runUntil(collect(stream));
    expect(providersOf({ results })).toEqual(['refusing']);
  });
});

describe('a shared limiter [hung-limiter-is-got-over]', () => {
  test.each<[string, () => Promise<void>, number]>([
    ['that hangs costs a second', () => new Promise(() => {}), 1_100],
    ['that rejects costs nothing', () => Promise.reject(new Error('down')), 100],
    [
      'that throws costs nothing',
      () => {
        throw new Error('no connection');
      },
      100,
    ],
  ])('%s', async (_, acquire, tookMs) => {
    const controller = createConcurrencyController({ clock, limiter: { acquire }, adaptive: { max: 3, start: 3 } });
    const provider = watched();
    const run = (): Promise<GradingReport> =>
      clock.runUntil(gradeAnswersConcurrently(sampleAnswers(3), { ...plain, clock, controller, provider }));
    const first = await run();
    expect([first.metrics.gradedCount, first.metrics.totalProcessingTimeMs]).toEqual([3, tookMs]);
    const again = await run();
    expect([again.metrics.gradedCount, again.metrics.totalProcessingTimeMs]).toEqual([3, 100]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('that says how long it lets a call wait is waited for', async () => {
    const acquire = async ({ waiting }: LimiterRequest): Promise<void> => {
      for (let wait = 0; wait < 3; wait++) {
        waiting?.(10_000);
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 10_000));
      }
    };
    const controller = createConcurrencyController({ clock, limiter: { acquire } });
    const provider = watched();
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(1), { ...plain, clock, controller, provider }));
    expect(provider.startedAt).toEqual([30_000]);
  });

  test('over the windows of a store says how long it lets a call wait', async () => {
    let asked = 0;
    const tooEarly = Object.assign(new Error('too early'), { consumedPoints: 9, msBeforeNext: 5_000 });
    const store = {
      consume: () => (++asked === 1 ? Promise.reject(tooEarly) : Promise.resolve()),
      block: async () => {},
    };
    const limiter = await createSharedLimiter({ store: () => store, requestsPerMinute: 60, clock });
    const controller = createConcurrencyController({ clock, limiter });
    const provider = watched();
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(1), { ...plain, clock, controller, provider }));
    expect([asked, provider.startedAt]).toEqual([2, [5_001]]);
  });

  test('that hangs does not keep a run that is aborted or out of time', async () => {
    const acquire = (): Promise<void> => new Promise(() => {});
    const controller = createConcurrencyController({ clock, limiter: { acquire } });
    const options = { ...plain, clock, controller, provider: watched(), deadlineMs: 300 };
    const { metrics } = await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(3), options));
    expect([metrics.failedCount, metrics.totalProcessingTimeMs]).toEqual([3, 300]);
  });
});

describe('long waits', () => {
  test('fit a timer, and are looked at again after it [long-waits-fit-a-timer]', async () => {
    const delays: number[] = [];
    const spying = {
      ...clock,
      now: () => clock.now(),
      date: () => clock.date(),
      clearTimeout: (handle: unknown) => clock.clearTimeout(handle),
      setTimeout: (callback: () => void, delayMs: number) => {
        delays.push(delayMs);
        return clock.setTimeout(callback, delayMs);
      },
    };
    const provider = watched();
    const limits = { requestsPerMinute: 0.00001, burst: 1 };
    const abort = new AbortController();
    const running = gradeAnswersConcurrently(sampleAnswers(2), {
      ...plain,
      clock: spying,
      provider,
      limits,
      signal: abort.signal,
    }).catch(() => undefined);
    await clock.advance(3_000_000_000);
    expect(provider.startedAt).toHaveLength(1);
    expect(Math.max(...delays)).toBe(2 ** 31 - 1);
    expect(delays.length).toBeLessThan(10);
    await clock.advance(3_100_000_000);
    await running;
    expect(provider.startedAt).toHaveLength(2);
  });

  test('for a local provider end with the deadline [local-provider-and-deadline]', async () => {
    const provider = rejecting(1_000_000_000, { capabilities: { local: true } });
    const options = { ...plain, clock, provider, deadlineMs: 25_000, retry: { maxRetryAfterMs: 2_000_000_000 } };
    const { metrics } = await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(3), options));
    expect(metrics.failedCount).toBe(3);
    expect(metrics.totalProcessingTimeMs).toBeLessThanOrEqual(25_000);
  });
});

test('a provider alone with mock verdicts keeps its door when it is used by many runs', async () => {
  const provider = mockProvider(1, { delayMs: 10, clock });
  const controller = createConcurrencyController({ maxConcurrentTasks: 3, clock });
  await clock.runUntil(
    Promise.all(
      Array.from({ length: 4 }, (_, run) =>
        gradeAnswersConcurrently(
          sampleAnswers(3, (index) => ({ answer: `${run} ${index}` })),
          { ...plain, clock, controller, provider },
        ),
      ),
    ),
  );
  expect(provider.peakInFlight).toBe(3);
});
