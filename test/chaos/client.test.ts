import { getEventListeners } from 'node:events';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createConcurrencyController,
  createGrader,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersSequentially,
  gradeAnswersStream,
  gradeAnswersWithFallback,
  isGradingAborted,
  ProviderError,
  type AnswerToGrade,
  type Clock,
  type GradingAbortedError,
  type GradingEvent,
  type GradingOptions,
  type GradingProvider,
  type GradingReport,
  type GradingResult,
  type Verdict,
} from 'gradelanes';
import { faultyProvider, manualClock, mockProvider, seededRandom, type ManualClock } from 'gradelanes/testing';
import { outcomes, question, sampleAnswers } from '../sample-answers.js';
import { useMockServers } from '../tools/mock-servers.js';
import { eventClock } from './event-clock.js';
import { expectSound } from './expect-sound.js';
import { sdks } from './vendors.js';
import { watchCalls, type CallWatch } from './watch-calls.js';

const LIMIT = 3;
const CALL_MS = 100;

const startServer = useMockServers();

let clock: ManualClock;
let watch: CallWatch;
beforeEach(() => {
  clock = manualClock();
  watch = watchCalls();
});

type GradeAnswers = typeof gradeAnswersWithFallback;
type Options = Partial<GradingOptions> & Pick<GradingOptions, 'provider'>;

const modes: readonly (readonly [name: string, gradeAnswers: GradeAnswers])[] = [
  ['parallel', gradeAnswersConcurrently],
  ['batch', gradeAnswersInBatch],
  ['sequential', gradeAnswersSequentially],
  ['fallback', gradeAnswersWithFallback],
];

/** A provider that takes its time, watched from outside. */
function slowProvider(name: string = 'slow'): GradingProvider {
  return watch.watch(mockProvider(1, { name, delayMs: CALL_MS, clock }));
}

function start(
  answers: readonly AnswerToGrade[],
  options: Options,
  gradeAnswers: GradeAnswers = gradeAnswersWithFallback,
): Promise<GradingReport> {
  return gradeAnswers(answers, withDefaults(options));
}

function withDefaults(options: Options): Options {
  const limited = options.controller === undefined ? { maxConcurrentTasks: LIMIT } : {};
  return { clock, random: seededRandom(1), localGrading: false, guards: false, ...limited, ...options };
}

/** Resolves so much later, on the clock of the test. */
function afterMs(delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimeout(resolve, delayMs);
  });
}

/** Grades and checks what holds whatever happens. */
async function grade(
  answers: readonly AnswerToGrade[],
  options: Options,
  gradeAnswers?: GradeAnswers,
): Promise<GradingReport> {
  const report = await clock.runUntil(start(answers, options, gradeAnswers));
  expectSound(report, answers, { limit: LIMIT, seen: watch });
  expect(clock.pendingTimers, 'timers left').toBe(0);
  return report;
}

/** Aborts a run at a time; checks what holds whatever happens, and that nothing is left over. */
async function gradeAborted(
  answers: readonly AnswerToGrade[],
  options: Options,
  { atMs, reason, gradeAnswers }: { atMs: number; reason?: unknown; gradeAnswers?: GradeAnswers },
): Promise<GradingAbortedError> {
  const abort = new AbortController();
  const running = start(answers, { ...options, signal: abort.signal }, gradeAnswers);
  const outcome = running.catch((error: unknown) => error);
  let callsAtAbort = 0;
  clock.setTimeout(() => {
    callsAtAbort = watch.calls;
    abort.abort(reason);
  }, atMs);
  const error = await clock.runUntil(outcome);
  if (!isGradingAborted(error)) throw new Error('the run was not aborted', { cause: error });
  expectSound(error.report, answers, { limit: LIMIT, seen: watch });
  expect(getEventListeners(abort.signal, 'abort'), 'listeners left').toEqual([]);
  expect(clock.pendingTimers, 'timers left').toBe(0);
  await clock.advance(3_600_000);
  expect(watch.calls, 'calls after the abort').toBe(callsAtAbort);
  return error;
}

describe('47 an abort before the start', () => {
  test.each(modes)('47 makes no call in mode %s', async (_, gradeAnswers) => {
    const signal = AbortSignal.abort(new Error('gone'));
    const answers = sampleAnswers(5);
    const error: unknown = await start(answers, { provider: slowProvider(), signal }, gradeAnswers).catch(
      (thrown: unknown) => thrown,
    );
    if (!isGradingAborted(error)) throw error;
    expect(outcomes(error.report)).toEqual(answers.map(() => 'aborted'));
    expect(watch.calls).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('48 an abort with calls waiting and running', () => {
  test.each(modes)('48 starts nothing more, ends what runs and leaves nothing over, in mode %s', async (...row) => {
    const [, gradeAnswers] = row;
    const { report } = await gradeAborted(sampleAnswers(40), { provider: slowProvider() }, { atMs: 150, gradeAnswers });
    expect(report.metrics.leaked).toBe(0);
    expect(report.metrics.gradedCount).toBeGreaterThan(0);
    expect(new Set(outcomes(report))).toEqual(new Set([1, 'aborted']));
    expect(report.metrics.totalProcessingTimeMs).toBe(150);
  });
});

describe.each(sdks)('48 an abort of calls over HTTP, with $name', ({ provider }) => {
  test('48 closes their connections and sends no other request', async () => {
    const abort = new AbortController();
    const server = await startServer({ latencyMs: ({ index }) => (index < 5 ? 0 : 60_000) });
    const answers = sampleAnswers(40);
    // A connection takes as long as it takes: the abort is to meet calls that have arrived.
    const onProgress = async ({ completed }: { completed: number }): Promise<void> => {
      if (completed !== 5) return;
      await vi.waitUntil(() => server.requests.length === 5 + LIMIT, { timeout: 10_000, interval: 2 });
      abort.abort();
    };
    const options = { provider: provider(server.url), maxConcurrentTasks: LIMIT, signal: abort.signal, onProgress };
    const error: unknown = await gradeAnswersWithFallback(answers, options).catch((thrown: unknown) => thrown);
    if (!isGradingAborted(error)) throw new Error('the run was not aborted', { cause: error });
    await expect.poll(() => server.inFlight, { interval: 2 }).toBe(0);
    expectSound(error.report, answers, { limit: LIMIT, seen: server });
    expect(error.report.metrics).toMatchObject({ gradedCount: 5, requests: 5 + LIMIT, leaked: 0 });
    expect(server.requests).toHaveLength(5 + LIMIT);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
});

describe('49 an abort while nothing runs', () => {
  test('49 in a back-off is immediate', async () => {
    const provider = faultyProvider(slowProvider(), ['server', 'server', 'server'], { clock });
    const retry = { baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const { report } = await gradeAborted(sampleAnswers(3), { provider, retry }, { atMs: 500 });
    expect(report.metrics).toMatchObject({ totalProcessingTimeMs: 500, requests: 3 });
    expect(report.results[0]).toMatchObject({ error: { code: 'aborted', causes: [{ code: 'server' }] } });
  });

  test('49 in a pause is immediate', async () => {
    const limited = { fault: 'rate_limited', retryAfterMs: 60_000 } as const;
    const provider = faultyProvider(slowProvider(), [limited, limited, limited], { clock });
    const { report } = await gradeAborted(sampleAnswers(20), { provider }, { atMs: 500 });
    expect(report.metrics).toMatchObject({ totalProcessingTimeMs: 500, pausedMs: 500, gradedCount: 0 });
  });

  test('49 while others hold all slots is immediate', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1, clock });
    const release = Promise.withResolvers<void>();
    const busy = controller.run(() => release.promise);
    const { report } = await gradeAborted(sampleAnswers(20), { provider: slowProvider(), controller }, { atMs: 500 });
    expect(report.metrics).toMatchObject({ totalProcessingTimeMs: 500, requests: 0 });
    expect(controller.snapshot()).toMatchObject({ running: 1, waiting: 0 });
    release.resolve();
    await busy;
  });
});

describe('50 the reason of an abort', () => {
  test.each([
    ['an error', new Error('the learner left')],
    ['a text', 'left'],
    ['null', null],
    ['an object', { why: 'left' }],
  ])('50 is kept where it is %s', async (_, reason) => {
    const error = await gradeAborted(sampleAnswers(5), { provider: slowProvider() }, { atMs: 150, reason });
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(error.cause).toBe(reason);
  });

  test('50 is kept through a grader, and by default is that of the platform', async () => {
    const grader = createGrader({ provider: slowProvider(), clock, localGrading: false });
    const outcomesOf = async (reason?: unknown): Promise<unknown> => {
      const abort = new AbortController();
      const running = grader.gradeAnswersConcurrently(sampleAnswers(9), { signal: abort.signal });
      clock.setTimeout(() => abort.abort(reason), 150);
      return clock.runUntil(running.catch((error: unknown) => (error as Error).cause));
    };
    const reason = new Error('the learner left');
    expect(await outcomesOf(reason)).toBe(reason);
    expect(await outcomesOf()).toMatchObject({ name: 'AbortError' });
  });
});

describe('51 a provider that ignores its signal', () => {
  test('51 is left behind after the grace: the run settles, and the call is counted', async () => {
    const provider = watch.watch(
      faultyProvider(mockProvider(1, { delayMs: CALL_MS, clock }), ['ok', 'ignores_abort'], { clock }),
    );
    const { report } = await gradeAborted(sampleAnswers(20), { provider, abortGraceMs: 300 }, { atMs: 450 });
    expect(report.metrics).toMatchObject({ leaked: 1, totalProcessingTimeMs: 750 });
    expect(watch.inFlight).toBe(1);
  });

  test('51 does not hold up the answers after it when its attempt is over', async () => {
    const ignoring = { fault: 'ignores_abort', delayMs: 60_000 } as const;
    const provider = watch.watch(
      faultyProvider(mockProvider(1, { delayMs: CALL_MS, clock }), [ignoring, ignoring], { clock }),
    );
    const controller = createConcurrencyController({ maxConcurrentTasks: LIMIT, clock });
    const options = { provider, controller, attemptTimeoutMs: 1_000, abortGraceMs: 300 };
    const running = start(sampleAnswers(60), options);
    const report = await clock.runUntil(running);
    expectSound(report, sampleAnswers(60), { limit: LIMIT, seen: watch });
    expect(new Set(outcomes(report))).toEqual(new Set([1]));
    expect(report.metrics).toMatchObject({ leaked: 2, requests: 62 });
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    await clock.runAll();
    expect(outcomes(report), 'what came too late changes nothing').toEqual(outcomes(await running));
  });
});

describe('52 a provider that breaks the rules', () => {
  const raise = (thrown: unknown) => (): never => {
    throw thrown;
  };
  const misdeeds: readonly (readonly [name: string, grade: (...given: never[]) => unknown, code: string])[] = [
    ['throws at once', raise(new Error('boom')), 'unknown'],
    ['throws null', raise(null), 'unknown'],
    ['throws a text', raise('boom'), 'unknown'],
    ['rejects with nothing', async () => Promise.reject(undefined as unknown as Error), 'unknown'],
    ['throws an error that cannot be read', raise(unreadable()), 'unknown'],
    ['returns nothing', () => undefined, 'malformed'],
    ['returns a text', () => 'full marks', 'malformed'],
    ['returns at once what cannot be read', () => unreadable(), 'unknown'],
    ['returns a list of nothing', () => [null, undefined, 7], 'malformed'],
    ['returns something that cannot be read', async () => [unreadable()], 'malformed'],
  ];

  test.each(misdeeds)('52 one that %s gives typed failures, and the next provider grades', async (...row) => {
    const [, misbehave, code] = row;
    const provider = watch.watch({ name: 'bad', grade: misbehave as GradingProvider['grade'] });
    const alone = await grade(sampleAnswers(5), { provider });
    expect(new Set(outcomes(alone))).toEqual(new Set([code]));
    expect(JSON.stringify(alone.results), 'nobody aborted the run').not.toContain('"aborted"');
    const chain = await grade(sampleAnswers(5), { provider: [provider, slowProvider()] });
    expect(outcomes(chain)).toEqual([1, 1, 1, 1, 1]);
  });

  test('52 one that returns its verdicts without a promise is taken at its word', async () => {
    const verdicts = (items: readonly { id: string }[]): readonly Verdict[] =>
      items.map(({ id }) => ({ id, score: 1 }));
    const provider = watch.watch({ grade: verdicts as unknown as GradingProvider['grade'] });
    expect(outcomes(await grade(sampleAnswers(3), { provider }))).toEqual([1, 1, 1]);
  });
});

describe('53 a provider that settles twice or never', () => {
  test('53 the first settlement counts', async () => {
    const plan = Array.from({ length: 9 }, () => 'settles_twice' as const);
    const provider = watch.watch(faultyProvider(mockProvider(0.5, { delayMs: CALL_MS, clock }), plan));
    expect(new Set(outcomes(await grade(sampleAnswers(9), { provider })))).toEqual(new Set([0.5]));
  });

  test('53 a call that never settles ends with its attempt, and is tried again', async () => {
    const provider = watch.watch(faultyProvider(mockProvider(1, { delayMs: CALL_MS, clock }), ['hang', 'ok', 'hang']));
    const report = await grade(sampleAnswers(9), { provider, attemptTimeoutMs: 5_000 });
    expect(new Set(outcomes(report))).toEqual(new Set([1]));
    expect(report.metrics).toMatchObject({ requests: 11, retries: 2, leaked: 0 });
    expect(report.results[0]).toMatchObject({ attempts: 2, durationMs: 5_100 });
  });
});

describe('54 listeners that misbehave', () => {
  const boom = (): never => {
    throw new Error('boom');
  };
  const listeners: readonly (readonly [name: string, options: Partial<GradingOptions>])[] = [
    ['onProgress throws', { onProgress: boom }],
    ['onEvent throws', { onEvent: boom }],
    ['onResult throws', { onResult: boom }],
    ['onResult rejects', { onResult: async () => Promise.reject(new Error('boom')) }],
    ['onEvent rejects', { onEvent: async () => Promise.reject(new Error('boom')) }],
    ['the logger throws', { logger: { debug: boom, info: boom, warn: boom, error: boom } }],
  ];

  test.each(listeners)('54 the run goes on as if nothing were wrong where %s', async (_, options) => {
    const report = await grade(sampleAnswers(10), { provider: slowProvider(), ...options });
    expect(new Set(outcomes(report))).toEqual(new Set([1]));
    expect(report.metrics).toMatchObject({ requests: 10, totalProcessingTimeMs: 400 });
  });

  test('54 an onProgress that is slow delays neither a call nor the end of the run', async () => {
    const told: number[] = [];
    // As long as a person would notice.
    const onProgress = async ({ completed }: { completed: number }): Promise<void> => {
      await afterMs(10_000);
      told.push(completed);
    };
    const report = await clock.runUntil(start(sampleAnswers(10), { provider: slowProvider(), onProgress }));
    expect(report.metrics.totalProcessingTimeMs).toBe(400);
    expect(clock.now()).toBe(400);
    expect(told).toEqual([]);
    await clock.runAll();
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

describe('55 input that throws', () => {
  function throwingAt(property: 'question' | 'answer' | 'id', reads: number): readonly AnswerToGrade[] {
    const answers = sampleAnswers(6);
    const [, , third] = answers;
    if (third === undefined) throw new Error('six answers were made');
    const value = third[property];
    let count = 0;
    const get = (): unknown => {
      count += 1;
      if (count >= reads) throw new Error('the learner wrote: secret');
      return value;
    };
    Object.defineProperty(third, property, { get, enumerable: true });
    return answers;
  }

  test.each(['question', 'answer', 'id'] as const)(
    '55 a getter of %s is misuse with its place, before any call',
    async (property) => {
      const error: unknown = await start(throwingAt(property, 1), { provider: slowProvider() }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ name: 'GradingOptionsError', field: 'answers[2]' });
      expect(String(error)).not.toContain('secret');
      expect(watch.calls).toBe(0);
    },
  );

  test('55 a getter that throws when it is read again changes nothing: each is read once', async () => {
    const answers = throwingAt('answer', 2);
    const report = await clock.runUntil(start(answers, { provider: slowProvider() }));
    expect(outcomes(report)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('55 answers that change while the run goes on are graded as they were', async () => {
    const answers = sampleAnswers(6);
    const provider = mockProvider(1, { delayMs: CALL_MS, clock });
    const running = start(answers, { provider: watch.watch(provider) });
    clock.setTimeout(() => {
      for (const answer of answers) answer.answer = 'something else';
    }, 50);
    await clock.runUntil(running);
    expect(provider.answersSeen).toEqual(sampleAnswers(6).map(({ answer }) => answer));
  });

  test('55 an array that throws is misuse, before any call', async () => {
    const answers = sampleAnswers(4);
    Object.defineProperty(answers, 2, {
      get: () => {
        throw new Error('not there');
      },
    });
    await expect(start(answers, { provider: slowProvider() })).rejects.toMatchObject({
      name: 'GradingOptionsError',
      field: 'answers',
    });
    expect(watch.calls).toBe(0);
  });
});

test('56 an early abort of a huge array takes no more answers than were sent', async () => {
  const abort = new AbortController();
  const started: number[] = [];
  const provider = watch.watch({
    grade: async (items) => {
      if (watch.calls === 7) abort.abort();
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  });
  const onEvent = (event: GradingEvent): void => {
    if (event.type === 'answer-started') started.push(event.index);
  };
  const answers = sampleAnswers(20_000);
  const error: unknown = await start(answers, { provider, onEvent, signal: abort.signal }).catch(
    (thrown: unknown) => thrown,
  );
  if (!isGradingAborted(error)) throw error;
  expectSound(error.report, answers, { limit: LIMIT, seen: watch });
  expect(watch.calls).toBe(7);
  expect(started.length).toBeLessThanOrEqual(watch.calls + LIMIT);
});

describe('57 an onResult that is slow', () => {
  /** While so many of its promises are open, no further answer is taken. */
  const MOST_OPEN = 10;

  test('57 delays no call and holds no slot while few of its promises are open, then no further answer is taken', async () => {
    const seen: number[] = [];
    const ahead: number[] = [];
    const onResult = async ({ index }: GradingResult): Promise<void> => {
      ahead.push(watch.calls - seen.length);
      await afterMs(5_000);
      seen.push(index);
    };
    const controller = createConcurrencyController({ maxConcurrentTasks: LIMIT, clock });
    const answers = sampleAnswers(100);
    const running = start(answers, { provider: slowProvider(), controller, onResult });
    await clock.advance(3 * CALL_MS - 1);
    expect(watch.calls).toBe(9);
    await clock.advance(4_000);
    expect(watch.calls).toBeGreaterThanOrEqual(MOST_OPEN);
    expect(watch.calls).toBeLessThanOrEqual(MOST_OPEN + LIMIT);
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    const report = await clock.runUntil(running);
    expect(Math.max(...ahead)).toBeLessThanOrEqual(MOST_OPEN + LIMIT);
    expectSound(report, answers, { limit: LIMIT, seen: watch });
    expect(report.metrics.gradedCount).toBe(100);
    expect(seen.toSorted((first, second) => first - second)).toEqual(answers.map((_, index) => index));
  });

  test('57 that never ends holds an aborted run no longer than the grace', async () => {
    const onResult = async (): Promise<void> => new Promise(() => {});
    const options = { provider: slowProvider(), onResult, abortGraceMs: 300 };
    const { report } = await gradeAborted(sampleAnswers(9), options, { atMs: 150 });
    expect(report.metrics.gradedCount).toBe(3);
    expect(clock.now() - 3_600_000).toBe(450);
  });
});

describe('a stream', () => {
  /** A source that counts what is read of it, and how often it is closed. */
  function countedSource(count: number, fails = false) {
    const seen = { reads: 0, closed: 0 };
    async function* answersOf(): AsyncGenerator<AnswerToGrade> {
      try {
        for (let index = 0; index < count; index++) {
          seen.reads += 1;
          yield { question, answer: `answer ${index}` };
        }
        if (fails) throw new Error('the cursor is gone');
      } finally {
        seen.closed += 1;
      }
    }
    return { answers: answersOf(), seen };
  }

  /** What a stream holds at most, by its documentation. */
  const MOST_HELD = 5 * LIMIT;

  test('55 whose source throws midway gives the results of what was read, then its error, and closes it once', async () => {
    const { answers, seen } = countedSource(7, true);
    const stream = gradeAnswersStream(answers, withDefaults({ provider: slowProvider() }));
    const results: GradingResult[] = [];
    const reading = (async () => {
      for await (const result of stream) results.push(result);
    })().catch((error: unknown) => error);
    expect(await clock.runUntil(reading)).toMatchObject({ message: 'the cursor is gone' });
    expect(results.map(({ index, status }) => [index, status])).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((index) => [index, 'graded']),
    );
    expect(await stream.metrics).toMatchObject({ gradedCount: 7, failedCount: 0, requests: 7, leaked: 0 });
    expect(seen).toEqual({ reads: 7, closed: 1 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('56 over a source without end reads no more than it may hold, and closes it when the reader leaves', async () => {
    const { answers, seen } = countedSource(Infinity);
    const stream = gradeAnswersStream(answers, withDefaults({ provider: slowProvider() }));
    let results = 0;
    const reading = (async () => {
      for await (const _ of stream) if (++results === 7) break;
    })();
    await clock.runUntil(reading);
    expect(seen.reads).toBeLessThanOrEqual(7 + MOST_HELD);
    expect(seen.closed).toBe(1);
    expect(watch.inFlight).toBe(0);
    expect(clock.pendingTimers).toBe(0);
    const { reads } = seen;
    await clock.advance(60_000);
    expect(seen.reads).toBe(reads);
    expect(await stream.metrics).toMatchObject({ leaked: 0 });
  });

  test.each(['input', 'completed'] as const)(
    '57 whose reader is slow, in order %s, is never further ahead of it than it may hold, and grades everything',
    async (emit) => {
      const { answers, seen } = countedSource(60);
      const stream = gradeAnswersStream(answers, { ...withDefaults({ provider: slowProvider() }), emit });
      const indices: number[] = [];
      const ahead: number[] = [];
      const reading = (async () => {
        for await (const { index } of stream) {
          indices.push(index);
          await afterMs(5_000);
          ahead.push(seen.reads - indices.length);
        }
      })();
      await clock.runUntil(reading);
      expect(Math.max(...ahead)).toBeLessThanOrEqual(MOST_HELD);
      // As far ahead as it may be: a reader that is slow now and then waits for nothing.
      expect(Math.max(...ahead)).toBeGreaterThanOrEqual(LIMIT);
      expect(indices.toSorted((first, second) => first - second)).toEqual(
        Array.from({ length: 60 }, (_, index) => index),
      );
      expect(await stream.metrics).toMatchObject({ gradedCount: 60, requests: 60, leaked: 0 });
      expect(seen).toEqual({ reads: 60, closed: 1 });
    },
  );
});

test('58 a limit that is lowered to 1 drains, stops no running call, and can be raised again', async () => {
  const controller = createConcurrencyController({ maxConcurrentTasks: 10, clock });
  const provider = faultyProvider(slowProvider(), ['ok', 'server', 'ok', 'network'], { clock });
  const answers = sampleAnswers(40);
  const running = start(answers, { provider, controller });
  await clock.advance(CALL_MS / 2);
  controller.setMaxConcurrentTasks(1);
  expect(watch.inFlight).toBe(10);
  await clock.advance(CALL_MS);
  expect(watch.inFlight).toBe(1);
  const slowly = watch.calls;
  await clock.advance(5 * CALL_MS);
  expect(watch.calls).toBe(slowly + 5);
  controller.setMaxConcurrentTasks(6);
  await clock.advance(0);
  expect(watch.inFlight).toBe(6);
  const report = await clock.runUntil(running);
  expectSound(report, answers, { limit: 10, seen: watch });
  expect(report.metrics).toMatchObject({ gradedCount: 40, requests: 42, leaked: 0 });
});

describe('59 two runs on one controller, one of them aborted', () => {
  async function abortOneOfTwo(leaving: readonly AnswerToGrade[], staying: readonly AnswerToGrade[]) {
    const controller = createConcurrencyController({ maxConcurrentTasks: LIMIT, clock });
    const options = { provider: slowProvider(), controller };
    const abort = new AbortController();
    const left = start(leaving, { ...options, signal: abort.signal }).catch((error: unknown) => error);
    const stayed = start(staying, options);
    clock.setTimeout(() => abort.abort(), 1.5 * CALL_MS);
    const error = await clock.runUntil(left);
    const report = await clock.runUntil(stayed);
    if (!isGradingAborted(error)) throw new Error('the run was not aborted', { cause: error });
    expectSound(error.report, leaving, { limit: LIMIT, seen: watch });
    expectSound(report, staying, { limit: LIMIT, seen: watch });
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    expect(clock.pendingTimers).toBe(0);
    return report;
  }

  test('59 leaves the other untouched', async () => {
    const others = sampleAnswers(20, (index) => ({ answer: `another ${index}` }));
    const report = await abortOneOfTwo(sampleAnswers(20), others);
    expect(report.metrics).toMatchObject({ gradedCount: 20, requests: 20, retries: 0, coalescedCount: 0 });
  });

  test('59 leaves the other untouched where it waited for the same answers', async () => {
    const report = await abortOneOfTwo(sampleAnswers(20), sampleAnswers(20));
    expect(report.metrics.gradedCount).toBe(20);
    expect(report.metrics.requests + report.metrics.coalescedCount).toBe(20);
  });
});

describe('60 a deadline and a pause', () => {
  const limited = (retryAfterMs: number) => ({ fault: 'rate_limited', retryAfterMs }) as const;
  const always = (retryAfterMs: number) => Array.from({ length: 200 }, () => limited(retryAfterMs));

  test('60 a pause that ends after the deadline is not waited for, and says when to come back', async () => {
    const provider = watch.watch(faultyProvider(mockProvider(1), always(30_000), { clock }));
    const report = await grade(sampleAnswers(20), { provider, deadlineMs: 10_000 });
    expect(new Set(outcomes(report))).toEqual(new Set(['rate_limited']));
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(100);
    for (const result of report.results) {
      const retryAt = result.status === 'failed' ? Date.parse(result.error.retryAt ?? '') : 0;
      expect(retryAt - clock.date()).toBeGreaterThanOrEqual(29_900);
    }
  });

  test('60 pauses that end before it are waited for until it passes, not longer', async () => {
    const provider = watch.watch(faultyProvider(mockProvider(1), always(900), { clock }));
    const report = await grade(sampleAnswers(3), { provider, deadlineMs: 2_500, retry: { maxAttempts: 10 } });
    expect(report.metrics.gradedCount).toBe(0);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(2_550);
    expect(watch.calls).toBeGreaterThan(LIMIT);
  });

  test('60 what is graded before it is kept', async () => {
    const plan = [...Array.from({ length: 6 }, () => 'ok' as const), ...always(4_000)];
    const provider = watch.watch(faultyProvider(mockProvider(1, { delayMs: CALL_MS, clock }), plan, { clock }));
    const report = await grade(sampleAnswers(20), { provider, deadlineMs: 3_000 });
    expect(report.metrics.gradedCount).toBe(6);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(3_050);
  });

  test('60 a deadline that passes while calls run ends them, and settles at once', async () => {
    const report = await grade(sampleAnswers(20), { provider: slowProvider(), deadlineMs: 250 });
    expect(report.metrics).toMatchObject({ gradedCount: 6, totalProcessingTimeMs: 250, leaked: 0 });
    expect(new Set(outcomes(report))).toEqual(new Set([1, 'deadline_exceeded']));
  });
});

test('61 a wall clock that steps back an hour stalls nothing', async () => {
  const stepping: Clock = {
    now: () => clock.now(),
    date: () => clock.date() - (clock.now() > 1_000 ? 3_600_000 : 0),
    setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    clearTimeout: (handle) => clock.clearTimeout(handle),
  };
  const plan = { seed: 1, faults: ['rate_limited', 'overloaded', 'network'], rate: 0.3 } as const;
  const run = async (given: Clock) => {
    const provider = faultyProvider(slowProvider(), plan, { clock });
    const before = clock.now();
    const report = await grade(sampleAnswers(40), { provider, clock: given, deadlineMs: 600_000 });
    return { outcomes: outcomes(report), tookMs: clock.now() - before };
  };
  expect(await run(stepping)).toEqual(await run(clock));
});

describe('62 a process that is stopped for a minute', () => {
  test.each([50, 950, 2_050])('62 at %i ms does nothing twice, and grades everything', async (atMs) => {
    const late = eventClock();
    const provider = watch.watch(
      faultyProvider(mockProvider(1, { delayMs: CALL_MS, clock: late }), ['server', 'ok', 'rate_limited'], {
        clock: late,
      }),
    );
    const results: number[] = [];
    late.setTimeout(() => late.suspend(60_000), atMs);
    const answers = sampleAnswers(60);
    const onResult = ({ index }: GradingResult): void => void results.push(index);
    const report = await late.runUntil(start(answers, { provider, clock: late, onResult, hedge: true }));
    expectSound(report, answers, { limit: LIMIT, seen: watch });
    expect(new Set(outcomes(report))).toEqual(new Set([1]));
    expect(results.toSorted((first, second) => first - second)).toEqual(answers.map((_, index) => index));
    expect(report.metrics.requests).toBe(watch.calls);
    expect(watch.calls).toBeLessThanOrEqual(60 + 2 + LIMIT + report.metrics.hedges.sent);
    expect(late.pendingTimers).toBe(0);
  });

  test('62 past its deadline settles what is left, once', async () => {
    const late = eventClock();
    const provider = watch.watch(mockProvider(1, { delayMs: CALL_MS, clock: late }));
    late.setTimeout(() => late.suspend(60_000), 250);
    const answers = sampleAnswers(60);
    const report = await late.runUntil(start(answers, { provider, clock: late, deadlineMs: 10_000 }));
    expectSound(report, answers, { limit: LIMIT, seen: watch });
    expect(new Set(outcomes(report))).toEqual(new Set([1, 'deadline_exceeded']));
    expect(report.metrics.gradedCount).toBeLessThanOrEqual(3 * LIMIT);
  });
});

describe('63 how many answers there are', () => {
  test('63 none makes no call', async () => {
    expect((await grade([], { provider: slowProvider() })).metrics).toMatchObject({ requests: 0, gradedCount: 0 });
    expect(watch.calls).toBe(0);
  });

  test('63 one makes one call', async () => {
    expect((await grade(sampleAnswers(1), { provider: slowProvider() })).metrics).toMatchObject({ requests: 1 });
    expect(watch.calls).toBe(1);
  });

  test('63 a hundred thousand under one signal take time in proportion', { timeout: 180_000 }, async () => {
    const provider: GradingProvider = { grade: async (items) => items.map(({ id }) => ({ id, score: 1 })) };
    const cpuUsPerAnswer = async (count: number): Promise<number> => {
      const { signal } = new AbortController();
      const answers = sampleAnswers(count);
      const before = process.cpuUsage();
      const { metrics } = await gradeAnswersConcurrently(answers, { provider, signal, localGrading: false });
      const { user, system } = process.cpuUsage(before);
      expect(metrics).toMatchObject({ gradedCount: count, requests: count });
      expect(getEventListeners(signal, 'abort')).toEqual([]);
      return (user + system) / count;
    };
    // Whatever grows with the square would be ten times as slow; the first run also warms the machine up.
    const few = await cpuUsPerAnswer(10_000);
    expect((await cpuUsPerAnswer(100_000)) / few).toBeLessThan(3);
  });
});

describe('64 a limit that is none', () => {
  test.each([0, 11, -1, 1.5, Number.NaN, Infinity, '5', null, true, {}])(
    '64 %s is misuse, before any call',
    async (value) => {
      const maxConcurrentTasks = value as number;
      const expected = { name: 'GradingOptionsError', field: 'maxConcurrentTasks' };
      for (const [, gradeAnswers] of modes) {
        await expect(
          gradeAnswers(sampleAnswers(3), { provider: slowProvider(), maxConcurrentTasks }),
        ).rejects.toMatchObject(expected);
      }
      expect(() => createGrader({ provider: slowProvider(), maxConcurrentTasks })).toThrow(
        expect.objectContaining(expected),
      );
      expect(watch.calls).toBe(0);
    },
  );
});

test('65 a fallback provider that fails too: what went wrong with each is told', async () => {
  const failing = (name: string, code: 'server' | 'overloaded' | 'quota'): GradingProvider =>
    watch.watch(mockProvider(new ProviderError(code, `${name} is down`), { name }));
  const providers = [failing('first', 'server'), failing('second', 'quota'), failing('third', 'overloaded')] as const;
  const report = await grade(sampleAnswers(4), { provider: providers });
  for (const result of report.results) {
    if (result.status !== 'failed') throw new Error('no provider can grade');
    const told = [result.error, ...(result.error.causes ?? [])].map(({ provider, code }) => `${provider}: ${code}`);
    // The first may also say that its circuit was open.
    expect(told).toEqual(expect.arrayContaining(['first: server', 'second: quota', 'third: overloaded']));
    expect(told.every((each) => /^(?:first|second|third):/.test(each))).toBe(true);
  }
  const steps = report.metrics.fallbacks.filter(({ kind }) => kind === 'provider');
  expect(steps.map(({ from, to }) => `${from} -> ${to}`)).toEqual(['first -> second', 'second -> third']);
});

describe('66 a first copy that ends after the second has won', () => {
  /** Warms a controller up, then grades answers of which the first is late by what `endLate` does. */
  async function gradeWithLateCopy(endLate: GradingProvider['grade']) {
    const controller = createConcurrencyController({ maxConcurrentTasks: LIMIT, clock });
    const quick = mockProvider(1, { delayMs: CALL_MS, clock });
    const provider = watch.watch({
      grade: async (items, call) => {
        const isLate = items.some((item) => item.answer === 'late') && call.attempt === 1;
        return isLate ? endLate(items, call) : quick.grade(items, call);
      },
    });
    const options = { provider, controller, abortGraceMs: 500 };
    await grade(sampleAnswers(30), options, gradeAnswersConcurrently);
    const late = await clock.runUntil(start([{ question, answer: 'late' }], { ...options, hedge: true }));
    await clock.runAll();
    const after = await grade(sampleAnswers(30), options, gradeAnswersConcurrently);
    expect(after.metrics, 'each slot was returned once').toMatchObject({
      concurrentExecutionCount: LIMIT,
      totalProcessingTimeMs: 10 * CALL_MS,
    });
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
    return late;
  }

  test.each([
    ['with another verdict', async (items: readonly { id: string }[]) => items.map(({ id }) => ({ id, score: 0 }))],
    ['with an error', async () => Promise.reject(new ProviderError('server', 'too late'))],
  ] as const)('66 %s changes nothing', async (_, end) => {
    const report = await gradeWithLateCopy(async (items) => {
      await afterMs(400);
      return end(items);
    });
    expect(outcomes(report)).toEqual([1]);
    expect(report.results[0]).toMatchObject({ attempts: 2 });
    expect(report.metrics).toMatchObject({ requests: 2, hedges: { sent: 1, won: 1 }, leaked: 0 });
  });

  test('66 only after the grace is left behind, once', async () => {
    const report = await gradeWithLateCopy(async (items) => {
      await afterMs(2_000);
      return items.map(({ id }) => ({ id, score: 0 }));
    });
    expect(outcomes(report)).toEqual([1]);
    expect(report.metrics).toMatchObject({ requests: 2, hedges: { sent: 1, won: 1 }, leaked: 1 });
  });

  test('66 with an error before the second has won is not tried a third time', async () => {
    const report = await gradeWithLateCopy(async () => {
      await afterMs(150);
      throw new ProviderError('server', 'late and broken');
    });
    expect(outcomes(report)).toEqual([1]);
    expect(report.metrics).toMatchObject({ requests: 2, hedges: { sent: 1, won: 1 }, leaked: 0 });
  });
});

/** An object that throws at every touch. */
function unreadable(): object {
  return new Proxy(
    {},
    {
      get: () => {
        throw new Error('do not touch');
      },
      has: () => {
        throw new Error('do not touch');
      },
    },
  );
}
