import { beforeEach, describe, expect, test } from 'vitest';
import {
  createConcurrencyController,
  DEFAULT_MAX_CONCURRENT_TASKS,
  gradeAnswersConcurrently,
  isGradingAborted,
  ProviderError,
  type ConcurrencyControllerOptions,
  type SingleModeOptions,
} from 'gradelanes';
import { manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { outcomes, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

/** Grades so many answers, 10 ms each, and tells how many ran at once and how long it took. */
async function measure(count: number, options: Omit<SingleModeOptions, 'provider'> = {}) {
  const provider = mockProvider(1, { delayMs: 10, clock });
  const running = gradeAnswersConcurrently(sampleAnswers(count), { ...plain, provider, clock, ...options });
  const { metrics } = await clock.runUntil(running);
  expect(metrics.concurrentExecutionCount).toBe(provider.peakInFlight);
  return { peak: provider.peakInFlight, ms: metrics.totalProcessingTimeMs };
}

describe('the limit of a run', () => {
  test('is five by default', async () => {
    expect(DEFAULT_MAX_CONCURRENT_TASKS).toBe(5);
    expect(await measure(12)).toEqual({ peak: 5, ms: 30 });
  });

  test.each([1, 2, 7, 10])('is maxConcurrentTasks: %i', async (maxConcurrentTasks) => {
    expect(await measure(30, { maxConcurrentTasks })).toEqual({
      peak: maxConcurrentTasks,
      ms: Math.ceil(30 / maxConcurrentTasks) * 10,
    });
  });

  test('is that of its controller, which may be any', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 25 });
    expect(await measure(50, { controller })).toEqual({ peak: 25, ms: 20 });
  });

  test.each([
    [10, 3, 3],
    [2, 20, 2],
  ])('is the smaller one of maxConcurrentTasks %i and a controller of %i', async (maxConcurrentTasks, slots, peak) => {
    const controller = createConcurrencyController({ maxConcurrentTasks: slots });
    expect(await measure(12, { controller, maxConcurrentTasks })).toMatchObject({ peak });
  });

  test('is never more than what the provider takes at once', async () => {
    const provider = mockProvider(1, { delayMs: 10, clock, capabilities: { maxConcurrency: 2 } });
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(6), { ...plain, provider, clock }));
    expect(provider.peakInFlight).toBe(2);
  });

  test('does not bind a local provider to slots that others hold', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const release = Promise.withResolvers<void>();
    const busy = controller.run(() => release.promise);
    const provider = mockProvider(1, { capabilities: { local: true } });
    const report = await gradeAnswersConcurrently(sampleAnswers(3), { ...plain, provider, controller });
    expect(outcomes(report)).toEqual([1, 1, 1]);
    release.resolve();
    await busy;
  });
});

describe('a controller', () => {
  test('limits all its runs together', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 4 });
    const provider = mockProvider(1, { delayMs: 10, clock });
    const start = (learner: string) => {
      const answers = sampleAnswers(6, (index) => ({ answer: `${learner} says ${index}` }));
      return gradeAnswersConcurrently(answers, { ...plain, provider, clock, controller });
    };
    await clock.runUntil(Promise.all([start('Ada'), start('Bob'), start('Cem')]));
    expect(provider.peakInFlight).toBe(4);
    expect(clock.now()).toBe(50);
  });

  test('raises and lowers its limit while runs use it, and never stops a running call', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const provider = mockProvider(1, { delayMs: 10, clock });
    const running = gradeAnswersConcurrently(sampleAnswers(13), { ...plain, provider, clock, controller });
    await clock.advance(15);
    controller.setMaxConcurrentTasks(6);
    await clock.advance(0);
    expect(controller.snapshot()).toMatchObject({ running: 6, limit: 6 });
    controller.setMaxConcurrentTasks(2);
    expect(controller.snapshot()).toMatchObject({ running: 6, limit: 2 });
    await clock.advance(10);
    expect(controller.snapshot().running).toBe(2);
    expect(outcomes(await clock.runUntil(running))).toEqual(Array.from({ length: 13 }, () => 1));
    expect(provider.calls.filter(({ signal }) => signal.aborted)).toEqual([]);
  });

  test('tells what runs, what waits, and for which provider', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 2 });
    const provider = mockProvider(1, { name: 'slow', delayMs: 10, clock });
    const running = gradeAnswersConcurrently(sampleAnswers(9), { ...plain, provider, clock, controller });
    await clock.advance(5);
    const { running: now, waiting, limit, providers } = controller.snapshot();
    expect([now, limit]).toEqual([2, 2]);
    // The run takes answers only as it can send them.
    expect(waiting).toBeLessThanOrEqual(2);
    expect(providers).toMatchObject([{ name: 'slow', running: 2 }]);
    await clock.runUntil(running);
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    expect(controller.snapshot().providers.every((each) => each.running === 0)).toBe(true);
  });

  test('an aborted run leaves nothing waiting', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const provider = mockProvider(1, { delayMs: 100, clock });
    const abort = new AbortController();
    const options = { ...plain, provider, clock, controller };
    const staying = gradeAnswersConcurrently(
      sampleAnswers(1, () => ({ answer: 'another' })),
      options,
    );
    const leaving = gradeAnswersConcurrently(sampleAnswers(3), { ...options, signal: abort.signal });
    const outcome = leaving.catch((error: unknown) => error);
    await clock.advance(50);
    abort.abort();
    expect(await outcome).toSatisfy(isGradingAborted);
    expect(controller.snapshot()).toMatchObject({ running: 1, waiting: 0 });
    await clock.runUntil(staying);
  });

  test('runs tasks of the caller in its slots', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const order: string[] = [];
    const task = (name: string) => async () => {
      order.push(`${name} starts`);
      await Promise.resolve();
      order.push(`${name} ends`);
      return name;
    };
    expect(await Promise.all([controller.run(task('a')), controller.run(task('b'), 'other model')])).toEqual([
      'a',
      'b',
    ]);
    expect(order).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
  });

  test('frees the slot of a task that throws or rejects', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const atOnce = (): Promise<never> => {
      throw new Error('at once');
    };
    await expect(controller.run(atOnce)).rejects.toThrow('at once');
    await expect(controller.run(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
    expect(await controller.run(async () => 'next')).toBe('next');
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });

  test('of a run that fails is free again', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 2 });
    const provider = mockProvider(new ProviderError('server', 'down'));
    await gradeAnswersConcurrently(sampleAnswers(4), { ...plain, provider, controller });
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });
});

describe('an adaptive limit', () => {
  /** Grades so many answers in so many runs: how many were in flight at most, and what the limit was from time to time. */
  async function grow(options: Partial<SingleModeOptions>, runCount = 1, answerCount = 200) {
    const provider = mockProvider(1, { delayMs: 10, clock });
    const runs = Array.from({ length: runCount }, (_, run) =>
      gradeAnswersConcurrently(
        sampleAnswers(answerCount, (index) => ({ answer: `${run} ${index}` })),
        { ...plain, provider, clock, ...options },
      ),
    );
    const [report] = await clock.runUntil(Promise.all(runs));
    const limits = report?.metrics.limitHistory.map(({ from, to }) => `${from} to ${to}`);
    return { peak: provider.peakInFlight, limits };
  }

  test.each<[string, Partial<SingleModeOptions>, number, string[]]>([
    ['alone', { adaptive: true }, 10, ['5 to 10']],
    ['with bounds', { adaptive: { min: 1, start: 3, max: 9 } }, 9, ['3 to 6', '6 to 9']],
    ['with a higher bound', { adaptive: { max: 20 } }, 20, ['5 to 10', '10 to 20']],
    ['with as many tasks', { adaptive: true, maxConcurrentTasks: 10 }, 10, ['5 to 10']],
    ['with fewer tasks', { adaptive: true, maxConcurrentTasks: 7 }, 7, ['5 to 7']],
    ['with fewer tasks than it starts with', { adaptive: true, maxConcurrentTasks: 3 }, 3, []],
    ['with bounds beyond the tasks', { adaptive: { min: 4, start: 6, max: 8 }, maxConcurrentTasks: 2 }, 2, []],
  ])('%s: a run has as many calls in flight as its history tells', async (_, options, peak, limits) => {
    expect(await grow(options)).toEqual({ peak, limits });
  });

  test.each<[ConcurrencyControllerOptions, number, string[]]>([
    [{ adaptive: true }, 10, ['5 to 10']],
    [{ adaptive: true, maxConcurrentTasks: 50 }, 10, ['5 to 10']],
    [{ adaptive: { max: 30 }, maxConcurrentTasks: 50 }, 30, ['5 to 10', '10 to 20', '20 to 30']],
    [{ adaptive: { max: 100 }, maxConcurrentTasks: 5 }, 5, []],
    [{ adaptive: { max: 100 }, maxConcurrentTasks: 8 }, 8, ['5 to 8']],
  ])('%o: all runs of a controller have as many in flight as their history tells', async (shape, peak, limits) => {
    const controller = createConcurrencyController(shape);
    expect(await grow({ controller }, 40, 20)).toEqual({ peak, limits });
  });

  test('follows the slots: up to its own most, and down at once', async () => {
    const controller = createConcurrencyController({ adaptive: true, maxConcurrentTasks: 6 });
    expect(await grow({ controller })).toEqual({ peak: 6, limits: ['5 to 6'] });
    controller.setMaxConcurrentTasks(50);
    const provider = mockProvider(1, { delayMs: 10, clock });
    const options = { ...plain, provider, clock, controller };
    await clock.runUntil(gradeAnswersConcurrently(sampleAnswers(200), options));
    expect(provider.peakInFlight).toBe(10);
  });

  test('tells how many slots there are', () => {
    const limitOf = (options: ConcurrencyControllerOptions): number =>
      createConcurrencyController(options).snapshot().limit;
    expect(limitOf({})).toBe(5);
    expect(limitOf({ adaptive: false })).toBe(5);
    expect(limitOf({ adaptive: true })).toBe(10);
    expect(limitOf({ adaptive: { start: 2, max: 3 } })).toBe(3);
    expect(limitOf({ adaptive: { max: 30 }, maxConcurrentTasks: 4 })).toBe(4);
  });
});

describe('a shared limiter', () => {
  test('is asked before every call, with the provider and about so many tokens', async () => {
    const asked: { provider: string; tokens: number; callsBefore: number }[] = [];
    const provider = mockProvider([new ProviderError('server', 'down'), 1, 1], { name: 'mine' });
    const limiter = {
      acquire: async (request: { provider: string; tokens: number }) => {
        asked.push({ ...request, callsBefore: provider.calls.length });
      },
    };
    const controller = createConcurrencyController({ maxConcurrentTasks: 1, limiter });
    await gradeAnswersConcurrently(sampleAnswers(2), { ...plain, retry: { baseDelayMs: 0 }, provider, controller });
    expect(asked.map(({ provider: name }) => name)).toEqual(['mine', 'mine', 'mine']);
    expect(asked.every(({ tokens }) => tokens > 100 && tokens < 200)).toBe(true);
    expect(asked[0]?.callsBefore).toBe(0);
  });

  test('hears of the material and the instructions, before usage has told', async () => {
    const asked: number[] = [];
    const limiter = {
      acquire: async ({ tokens }: { tokens: number }) => {
        asked.push(tokens);
      },
    };
    const controller = createConcurrencyController({ maxConcurrentTasks: 1, limiter });
    const provider: SingleModeOptions['provider'] = {
      grade: async (items, { report }) => {
        report({ usage: { inputTokens: 3_900, outputTokens: 100 } });
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const texts = { context: 'x'.repeat(4_000), instructions: 'y'.repeat(2_000) };
    await gradeAnswersConcurrently(sampleAnswers(3), { ...plain, ...texts, provider, controller });
    expect(asked[0]).toBeGreaterThan(1_600);
    expect(asked[0]).toBeLessThan(1_700);
    expect(asked.slice(1)).toEqual([4_000, 4_000]);
  });

  test('that rejects limits nothing', async () => {
    const limiter = { acquire: () => Promise.reject(new Error('its store is down')) };
    const controller = createConcurrencyController({ limiter });
    const report = await gradeAnswersConcurrently(sampleAnswers(3), { ...plain, provider: mockProvider(), controller });
    expect(outcomes(report)).toEqual([1, 1, 1]);
  });
});

describe('misuse', () => {
  test.each([0, -1, 1.5, Number.NaN, Infinity, '5', null])('%s tasks are refused', (maxConcurrentTasks) => {
    const expected = expect.objectContaining({ name: 'GradingOptionsError', field: 'maxConcurrentTasks' });
    const options = { maxConcurrentTasks } as ConcurrencyControllerOptions;
    expect(() => createConcurrencyController(options)).toThrow(expected);
    expect(() => createConcurrencyController().setMaxConcurrentTasks(maxConcurrentTasks as number)).toThrow(expected);
  });

  test('unknown options and no object are refused', () => {
    expect(() => createConcurrencyController({ max: 3 } as ConcurrencyControllerOptions)).toThrow(
      expect.objectContaining({ field: 'max' }),
    );
    expect(() => createConcurrencyController(7 as ConcurrencyControllerOptions)).toThrow(
      expect.objectContaining({ name: 'GradingOptionsError' }),
    );
  });

  test.each([{ limit: 3 }, { ...createConcurrencyController() }])(
    'a controller of another make is refused: %o',
    async (other) => {
      const controller = other as unknown as NonNullable<SingleModeOptions['controller']>;
      const running = gradeAnswersConcurrently([], { provider: mockProvider(), controller });
      await expect(running).rejects.toMatchObject({ name: 'GradingOptionsError', field: 'controller' });
    },
  );

  test.each<[string, object]>([
    ['adaptive', { adaptive: { min: 4, start: 3 } }],
    ['adaptive', { adaptive: { start: 9, max: 8 } }],
    ['adaptive', { adaptive: 'yes' }],
    ['adaptive.start', { adaptive: { start: 0 } }],
    ['limits', { limits: 'none' }],
    ['limits.burst', { limits: { burst: 0 } }],
    ['limiter', { limiter: {} }],
    ['clock', { clock: {} }],
    ['random', { random: 7 }],
  ])('%s is refused by name: %o', (field, options) => {
    expect(() => createConcurrencyController(options)).toThrow(
      expect.objectContaining({ name: 'GradingOptionsError', field }),
    );
  });
});
