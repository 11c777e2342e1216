import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createConcurrencyController,
  createGrader,
  gradeAnswersWithFallback,
  isGradingAborted,
  ProviderError,
  type AnswerToGrade,
  type GradingOptions,
} from 'gradelanes';
import { faultyProvider, manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { sampleAnswers } from './sample-answers.js';

type RunOptions = Pick<GradingOptions, 'provider'> & Partial<GradingOptions>;

type Start = (answers: readonly AnswerToGrade[], options: GradingOptions) => Promise<unknown>;

/** One run of every kind: what it is asked with, and when it is aborted. */
interface Kind {
  name: string;
  options: (clock: ManualClock) => RunOptions;
  answers?: readonly AnswerToGrade[];
  abortAtMs?: number;
}

const slow = (clock: ManualClock, script: Parameters<typeof mockProvider>[0] = 1) =>
  mockProvider(script, { delayMs: 40, clock });
const down = (code: 'network' | 'auth' | 'server' = 'network') => new ProviderError(code, `injected: ${code}`);

const kinds: readonly Kind[] = [
  { name: 'parallel', options: (clock) => ({ provider: slow(clock) }) },
  { name: 'batch', options: (clock) => ({ provider: slow(clock), mode: 'batch' }) },
  { name: 'sequential', options: (clock) => ({ provider: slow(clock), mode: 'sequential' }) },
  { name: 'empty', options: (clock) => ({ provider: slow(clock), deadlineMs: 100 }), answers: [] },
  {
    name: 'decided by rule',
    options: (clock) => ({ provider: slow(clock), localGrading: true }),
    answers: sampleAnswers(3, () => ({ answer: '' })),
  },
  {
    name: 'retried',
    options: (clock) => ({ provider: slow(clock, [down(), down(), 1, 1, 1, 1, 1]), retry: { maxAttempts: 3 } }),
  },
  { name: 'down for good', options: (clock) => ({ provider: slow(clock, down()), retry: { maxAttempts: 2 } }) },
  { name: 'a wrong key', options: (clock) => ({ provider: slow(clock, down('auth')) }) },
  { name: 'a next provider', options: (clock) => ({ provider: [slow(clock, down('auth')), slow(clock)] }) },
  {
    name: 'rate limited',
    options: (clock) => ({
      provider: slow(clock, [new ProviderError('rate_limited', 'slow down', { retryAfterMs: 500 }), 1, 1, 1, 1, 1]),
    }),
  },
  { name: 'malformed', options: (clock) => ({ provider: slow(clock, { malformed: 'no JSON' }) }) },
  { name: 'refused', options: (clock) => ({ provider: slow(clock, { refused: true }) }) },
  {
    name: 'a timeout',
    options: (clock) => ({
      provider: faultyProvider(slow(clock), ['hang', 'ok', 'hang'], { clock }),
      attemptTimeoutMs: 80,
    }),
  },
  {
    name: 'a leaked call',
    options: (clock) => ({ provider: faultyProvider(slow(clock), ['ignores_abort'], { clock }), attemptTimeoutMs: 80 }),
  },
  { name: 'a deadline', options: (clock) => ({ provider: slow(clock), mode: 'sequential', deadlineMs: 60 }) },
  {
    name: 'a deadline in a back-off',
    options: (clock) => ({
      provider: slow(clock, down()),
      retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 },
      deadlineMs: 60,
    }),
  },
  {
    name: 'a deadline with a stand-in',
    options: (clock) => ({
      provider: [slow(clock), mockProvider(1, { capabilities: { local: true } })],
      mode: 'sequential',
      deadlineMs: 60,
    }),
  },
  { name: 'an abort at once', options: (clock) => ({ provider: slow(clock), deadlineMs: 1_000 }), abortAtMs: 0 },
  { name: 'an abort of running calls', options: (clock) => ({ provider: slow(clock) }), abortAtMs: 20 },
  { name: 'an abort in a batch', options: (clock) => ({ provider: slow(clock), mode: 'batch' }), abortAtMs: 20 },
  {
    name: 'an abort in a back-off',
    options: (clock) => ({ provider: slow(clock, down()), retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 } }),
    abortAtMs: 60,
  },
  {
    name: 'an abort in a pause',
    options: (clock) => ({
      provider: slow(clock, new ProviderError('rate_limited', 'slow down', { retryAfterMs: 5_000 })),
    }),
    abortAtMs: 100,
  },
  {
    name: 'an abort that is ignored',
    options: (clock) => ({ provider: faultyProvider(slow(clock), ['ignores_abort'], { clock }) }),
    abortAtMs: 20,
  },
  {
    name: 'an abort while waiting for slots',
    options: (clock) => ({ provider: slow(clock), maxConcurrentTasks: 1 }),
    abortAtMs: 20,
  },
  {
    name: 'an onResult that takes its time',
    options: (clock) => ({
      provider: slow(clock),
      onResult: () => new Promise((resolve) => void clock.setTimeout(resolve, 100)),
    }),
  },
];

/** A signal that counts who listens. */
function watchedSignal(): { abort: AbortController; added: () => number; listeners: () => number } {
  const abort = new AbortController();
  const { signal } = abort;
  let added = 0;
  let removed = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  vi.spyOn(signal, 'addEventListener').mockImplementation((...parameters: Parameters<typeof add>) => {
    added += 1;
    add(...parameters);
  });
  vi.spyOn(signal, 'removeEventListener').mockImplementation((...parameters: Parameters<typeof remove>) => {
    removed += 1;
    remove(...parameters);
  });
  return { abort, added: () => added, listeners: () => added - removed };
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs it, and lets whatever it leaves behind come to light. */
async function run(kind: Kind, clock: ManualClock, start: Start, abort: AbortController): Promise<void> {
  const { answers = sampleAnswers(5), abortAtMs } = kind;
  const options = {
    localGrading: false,
    random: () => 0.5,
    abortGraceMs: 200,
    clock,
    signal: abort.signal,
    ...kind.options(clock),
  };
  if (abortAtMs !== undefined) clock.setTimeout(() => abort.abort(), abortAtMs);
  const outcome = start(answers, options).catch((error: unknown) => {
    if (!isGradingAborted(error)) throw error;
  });
  await clock.runUntil(outcome);
}

describe.each(kinds)('after a run: $name', (kind) => {
  test('no timer is pending', async () => {
    const clock = manualClock();
    await run(kind, clock, gradeAnswersWithFallback, new AbortController());
    expect(clock.pendingTimers).toBe(0);
  });

  test('no listener is left on the caller’s signal, and there was at most one', async () => {
    const clock = manualClock();
    const { abort, added, listeners } = watchedSignal();
    await run(kind, clock, gradeAnswersWithFallback, abort);
    expect(listeners()).toBe(0);
    expect(added()).toBeLessThanOrEqual(1);
  });

  test('a shared controller is idle', async () => {
    const clock = manualClock();
    const controller = createConcurrencyController({ maxConcurrentTasks: 2, clock, random: () => 0.5 });
    const start: Start = (answers, options) => gradeAnswersWithFallback(answers, { ...options, controller });
    await run(kind, clock, start, new AbortController());
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('a grader closes at once', async () => {
    const clock = manualClock();
    const grader = createGrader({ provider: mockProvider(), clock });
    const start: Start = (answers, options) => grader.gradeAnswersWithFallback(answers, options);
    await run(kind, clock, start, new AbortController());
    const before = clock.now();
    await clock.runUntil(grader.close());
    expect([clock.now() - before, clock.pendingTimers]).toEqual([0, 0]);
  });
});

test('on the real clock no timer is active after a run, though all its limits were far off', async () => {
  const active = (): string[] => process.getActiveResourcesInfo().filter((name) => name === 'Timeout');
  const before = active().length;
  const limits = { attemptTimeoutMs: 60_000, deadlineMs: 60_000, abortGraceMs: 60_000 };
  const retry = { baseDelayMs: 1, maxDelayMs: 1 };
  const provider = mockProvider([down(), 1, 1, 1], { delayMs: 1 });
  await gradeAnswersWithFallback(sampleAnswers(3), { provider, localGrading: false, retry, ...limits });
  expect(active().length).toBeLessThanOrEqual(before);
});

test('no timer is left whenever the abort comes', async () => {
  for (let turns = 0; turns < 60; turns += 1) {
    const clock = manualClock();
    const abort = new AbortController();
    let left = turns;
    const abortLater = (): void => {
      if (left-- === 0) abort.abort();
      else queueMicrotask(abortLater);
    };
    const provider = mockProvider(() => {
      queueMicrotask(abortLater);
      return 1;
    });
    const running = gradeAnswersWithFallback(sampleAnswers(1), {
      provider,
      clock,
      localGrading: false,
      signal: abort.signal,
    });
    await running.catch((error: unknown) => {
      if (!isGradingAborted(error)) throw error;
    });
    expect(clock.pendingTimers, `aborted ${turns} microtasks after the verdict`).toBe(0);
  }
});

/** Rejections that nobody handled while the work was done. */
async function unhandledDuring(work: () => Promise<unknown>): Promise<unknown[]> {
  const others = process.listeners('unhandledRejection');
  const heard: unknown[] = [];
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => heard.push(reason));
  await work();
  // Node tells of them after the microtasks of a turn.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
  return heard;
}

describe('no unhandled rejection', () => {
  // What TypeScript allows for a listener that returns nothing, though it is rarely meant.
  const reject: () => void = () => Promise.reject(new Error('an async listener'));

  test('the watch itself hears one', async () => {
    expect(await unhandledDuring(async () => void Promise.reject(new Error('heard')))).toHaveLength(1);
  });

  test.each(kinds)('after a run: $name', async (kind) => {
    const heard = await unhandledDuring(async () => {
      const clock = manualClock();
      await run(kind, clock, gradeAnswersWithFallback, new AbortController());
      await clock.runAll();
    });
    expect(heard).toEqual([]);
  });

  test('when listeners are async and reject', async () => {
    const heard = await unhandledDuring(() =>
      gradeAnswersWithFallback(sampleAnswers(3), {
        provider: mockProvider([1, new ProviderError('refused', 'no'), 1]),
        localGrading: false,
        onEvent: reject,
        onProgress: reject,
        onResult: reject,
      }),
    );
    expect(heard).toEqual([]);
  });

  test('when async listeners of a grader and of a call reject', async () => {
    const listeners = { onEvent: reject, onProgress: reject, onResult: reject };
    const grader = createGrader({ provider: mockProvider(), localGrading: false, ...listeners });
    expect(await unhandledDuring(() => grader.gradeAnswersWithFallback(sampleAnswers(3), listeners))).toEqual([]);
  });

  test('when an async logger rejects', async () => {
    const logger = { debug: reject, info: reject, warn: reject, error: reject };
    const options = {
      provider: mockProvider(),
      localGrading: false,
      logger,
      onProgress: () => {
        throw new Error('a listener');
      },
    };
    expect(await unhandledDuring(() => gradeAnswersWithFallback(sampleAnswers(3), options))).toEqual([]);
  });

  test('when nobody waits for a run that rejects but the caller handles it late', async () => {
    const heard = await unhandledDuring(async () => {
      const running = gradeAnswersWithFallback(sampleAnswers(1), {
        provider: mockProvider(),
        signal: AbortSignal.abort(),
      });
      await running.catch(() => {});
    });
    expect(heard).toEqual([]);
  });
});

test('a long-lived signal of the caller serves many runs without a warning', async () => {
  const { abort, listeners } = watchedSignal();
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const runs = Array.from({ length: 50 }, (_, index) =>
    gradeAnswersWithFallback(
      sampleAnswers(1, () => ({ answer: `answer of run ${index}` })),
      { provider: mockProvider(), localGrading: false, signal: abort.signal },
    ),
  );
  await Promise.all(runs);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
  expect(listeners()).toBe(0);
});
