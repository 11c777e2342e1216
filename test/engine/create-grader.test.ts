import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createConcurrencyController,
  createGrader,
  isGradingAborted,
  type GraderCallOptions,
  type GradingEvent,
  type GradingOptions,
  type GradingProvider,
} from 'gradelanes';
import { faultyProvider, manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { outcomes, sampleAnswers } from '../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

const answers = sampleAnswers(3);
const [answer = { question: { prompt: 'Why?' }, answer: 'because' }] = answers;

describe('the functions of a grader', () => {
  test('do what the plain functions do', async () => {
    const grader = createGrader({ ...plain, provider: mockProvider() });
    const used = [
      await grader.gradeAnswersWithFallback(answers),
      await grader.gradeAnswersConcurrently(answers),
      await grader.gradeAnswersInBatch(answers),
      await grader.gradeAnswersSequentially(answers),
    ].map(({ metrics }) => metrics.processingModeUsed);
    expect(used).toEqual(['parallel', 'parallel', 'batch', 'sequential']);
    expect(await grader.gradeAnswer(answer)).toMatchObject({ status: 'graded', index: 0 });
  });

  test('obey the name of the function before a mode among the defaults', async () => {
    const grader = createGrader({ ...plain, provider: mockProvider(), mode: 'batch' });
    expect((await grader.gradeAnswersSequentially(answers)).metrics.processingModeUsed).toBe('sequential');
    expect((await grader.gradeAnswersWithFallback(answers)).metrics.processingModeUsed).toBe('batch');
    expect((await grader.gradeAnswersWithFallback(answers, { mode: 'parallel' })).metrics.processingModeUsed).toBe(
      'parallel',
    );
  });

  test('take the options of a call before the defaults, and undefined as no option', async () => {
    const [ours, theirs] = [mockProvider(1, { name: 'ours' }), mockProvider(1, { name: 'theirs' })];
    const grader = createGrader({ ...plain, provider: ours, context: 'the card' });
    await grader.gradeAnswer(answer, { provider: theirs, context: undefined });
    expect([ours.calls.length, theirs.calls.length]).toEqual([0, 1]);
    expect(theirs.calls[0]?.items[0]?.context).toBe('the card');
  });
});

describe('listeners of a grader and of a call', () => {
  test('both run', async () => {
    const told: string[] = [];
    const listeners = (who: string): Partial<GradingOptions> => ({
      onEvent: ({ type }) => void told.push(`${who} ${type}`),
      onProgress: ({ completed }) => void told.push(`${who} progress ${completed}`),
      onResult: ({ index }) => void told.push(`${who} result ${index}`),
    });
    const grader = createGrader({ ...plain, provider: mockProvider(), ...listeners('grader') });
    await grader.gradeAnswer(answer, listeners('call'));
    for (const news of ['run-started', 'answer-graded', 'run-ended', 'progress 1', 'result 0']) {
      expect(told.filter((each) => each.endsWith(` ${news}`)).toSorted()).toEqual([`call ${news}`, `grader ${news}`]);
    }
  });

  test('both run when the first one throws or rejects', async () => {
    const [onEvent, onProgress, onResult] = [vi.fn<(event: GradingEvent) => void>(), vi.fn(), vi.fn()];
    const boom = (): never => {
      throw new Error('listener');
    };
    const grader = createGrader({
      ...plain,
      provider: mockProvider(),
      onEvent: boom,
      onProgress: boom,
      onResult: async () => boom(),
    });
    const result = await grader.gradeAnswer(answer, { onEvent, onProgress, onResult });
    expect(result.status).toBe('graded');
    for (const listener of [onEvent, onProgress, onResult]) expect(listener).toHaveBeenCalled();
  });

  test('are both waited for where they store results', async () => {
    const wait = (ms: number) => () => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
    const grader = createGrader({ ...plain, provider: mockProvider(), clock, onResult: wait(300) });
    await clock.runUntil(grader.gradeAnswer(answer, { onResult: wait(200) }));
    expect(clock.now()).toBe(300);
  });
});

describe('the slots of a grader', () => {
  test('are shared by all its runs', async () => {
    const provider = mockProvider(1, { delayMs: 10, clock });
    const grader = createGrader({ ...plain, provider, clock, maxConcurrentTasks: 3 });
    const others = sampleAnswers(6, (index) => ({ answer: `other ${index}` }));
    const running = Promise.all([
      grader.gradeAnswersWithFallback(sampleAnswers(6)),
      grader.gradeAnswersWithFallback(others),
    ]);
    const [first, second] = await clock.runUntil(running);
    expect(provider.peakInFlight).toBe(3);
    expect(provider.calls).toHaveLength(12);
    expect([...outcomes(first), ...outcomes(second)]).toEqual(Array.from({ length: 12 }, () => 1));
    expect(grader.controller.snapshot()).toMatchObject({ running: 0, waiting: 0, limit: 3 });
  });

  test('are those of the controller it is given', () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 20 });
    expect(createGrader({ provider: mockProvider(), controller }).controller).toBe(controller);
  });

  test('are five by default', () => {
    expect(createGrader({ provider: mockProvider() }).controller.snapshot().limit).toBe(5);
  });
});

describe('misuse', () => {
  test.each([
    [{ provider: {} }, 'provider'],
    [{ provider: mockProvider(), maxConcurrentTasks: 0 }, 'maxConcurrentTasks'],
    [{ provider: mockProvider(), retry: { attempts: 3 } }, 'retry.attempts'],
    [undefined, 'options'],
  ])('of createGrader is thrown: %#', (options, field) => {
    expect(() => createGrader(options as unknown as GradingOptions)).toThrow(
      expect.objectContaining({ name: 'GradingOptionsError', field }),
    );
  });

  test.each<[string, object, string]>([
    ['an unknown option', { modus: 'batch' }, 'modus'],
    ['a wrong limit', { maxConcurrentTasks: 11 }, 'maxConcurrentTasks'],
    ['a signal of the wrong type', { signal: 'x' }, 'signal'],
    ['a listener of the wrong type', { onEvent: 'x' }, 'onEvent'],
    ['a progress listener of the wrong type', { onProgress: 7 }, 'onProgress'],
    ['a result listener of the wrong type', { onResult: {} }, 'onResult'],
  ])('of a call is a rejection that names %s', async (_, options, field) => {
    const listener = (): void => {};
    const grader = createGrader({
      ...plain,
      provider: mockProvider(),
      onEvent: listener,
      onProgress: listener,
      onResult: listener,
    });
    await expect(grader.gradeAnswer(answer, options as GraderCallOptions)).rejects.toMatchObject({
      name: 'GradingOptionsError',
      field,
    });
  });
});

describe('close', () => {
  test('waits for the runs and then takes no more', async () => {
    const grader = createGrader({ ...plain, provider: mockProvider(1, { delayMs: 40, clock }), clock });
    const running = grader.gradeAnswersWithFallback(answers);
    await clock.runUntil(grader.close());
    expect(clock.now()).toBe(40);
    expect(outcomes(await running)).toEqual([1, 1, 1]);
    expect(clock.pendingTimers).toBe(0);
    await expect(grader.gradeAnswer(answer)).rejects.toMatchObject({ name: 'GradingOptionsError', field: 'grader' });
  });

  test('ends at once when nothing runs', async () => {
    const grader = createGrader({ ...plain, provider: mockProvider(), clock });
    await grader.gradeAnswer(answer);
    await grader.close();
    await grader.close();
    expect([clock.now(), clock.pendingTimers]).toEqual([0, 0]);
  });

  test('aborts what is left after the grace, with the partial report', async () => {
    const provider = mockProvider(1, { delayMs: 100, clock });
    const grader = createGrader({ ...plain, provider, clock });
    const outcome = grader.gradeAnswersSequentially(answers).catch((error: unknown) => error);
    await clock.runUntil(grader.close({ graceMs: 150 }));
    const error = await outcome;
    expect(isGradingAborted(error) && outcomes(error.report)).toEqual([1, 'aborted', 'aborted']);
    expect(error).toMatchObject({ cause: expect.objectContaining({ name: 'AbortError' }) });
    expect(clock.now()).toBe(150);
  });

  test('gives runs half a minute by default', async () => {
    const grader = createGrader({ ...plain, provider: faultyProvider(mockProvider(), ['hang'], { clock }), clock });
    const outcome = grader.gradeAnswer(answer).catch((error: unknown) => error);
    await clock.runUntil(grader.close());
    expect(await outcome).toSatisfy(isGradingAborted);
    expect(clock.now()).toBe(30_000);
  });

  test('ends though a provider ignores the abort', async () => {
    const provider = faultyProvider(mockProvider(), ['ignores_abort'], { clock });
    const grader = createGrader({ ...plain, provider, clock, abortGraceMs: 200 });
    const outcome = grader.gradeAnswer(answer).catch((error: unknown) => error);
    await clock.runUntil(grader.close({ graceMs: 100 }));
    expect(clock.now()).toBe(300);
    expect(await outcome).toSatisfy(isGradingAborted);
  });

  test('a signal of a call still aborts it, with its own reason', async () => {
    const abort = new AbortController();
    const grader = createGrader({ ...plain, provider: mockProvider(1, { delayMs: 100, clock }), clock });
    const outcome = grader.gradeAnswer(answer, { signal: abort.signal }).catch((error: unknown) => error);
    await clock.advance(10);
    abort.abort('left');
    expect(await clock.runUntil(outcome)).toMatchObject({ name: 'AbortError', cause: 'left' });
    expect(await clock.runUntil(grader.gradeAnswer(answer))).toMatchObject({ status: 'graded' });
  });
});

describe('closing', () => {
  test.each([Infinity, 2 ** 31, Number.MAX_VALUE])('with a grace of %d waits for all there is', async (graceMs) => {
    const provider: GradingProvider = {
      grade: async (items) => {
        await new Promise<void>((resolve) => void clock.setTimeout(resolve, 40_000));
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const grader = createGrader({ provider, clock });
    const running = grader.gradeAnswersWithFallback(sampleAnswers(2));
    await clock.runUntil(Promise.all([running, grader.close({ graceMs })]));
    expect((await running).metrics.gradedCount).toBe(2);
  });

  test('takes null for the default', async () => {
    await expect(createGrader({ provider: mockProvider() }).close(null as never)).resolves.toBeUndefined();
  });

  test.each([Number.NaN, -1, '5'])('refuses a grace of %s', async (graceMs) => {
    const closing = createGrader({ provider: mockProvider() }).close({ graceMs: graceMs as number });
    await expect(closing).rejects.toMatchObject({ name: 'GradingOptionsError', field: 'graceMs' });
  });

  test('lets a stream that was made before make no call after', async () => {
    const provider = mockProvider();
    const grader = createGrader({ provider });
    const stream = grader.gradeAnswersStream(sampleAnswers(2));
    await grader.close();
    const results = stream[Symbol.asyncIterator]();
    await expect(results.next()).rejects.toMatchObject({ name: 'AbortError' });
    expect(provider.calls).toHaveLength(0);
  });
});
