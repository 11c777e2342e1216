import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createConcurrencyController,
  gradeAnswer,
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  isGradingAborted,
  ProviderError,
  type AnswerToGrade,
  type GradingAbortedError,
  type GradingItem,
  type GradingOptions,
  type GradingReport,
  type GradingResult,
} from 'gradelanes';
import {
  eventLog,
  expectEveryAnswerOnce,
  faultyProvider,
  manualClock,
  mockProvider,
  type ManualClock,
} from 'gradelanes/testing';
import { outcomes, positionOf, question, sampleAnswers } from '../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

/** Starts a run and aborts it at a time; returns what it rejects with. */
async function aborted(
  answers: readonly AnswerToGrade[],
  options: GradingOptions,
  abortAtMs: number,
  reason: unknown = new Error('the learner left'),
): Promise<GradingAbortedError> {
  const abort = new AbortController();
  const running = gradeAnswersWithFallback(answers, { ...plain, clock, ...options, signal: abort.signal });
  const outcome = running.then(
    () => new Error('the run was not aborted'),
    (error: unknown) => error,
  );
  clock.setTimeout(() => abort.abort(reason), abortAtMs);
  const error = await clock.runUntil(outcome);
  if (!isGradingAborted(error)) throw error;
  expectEveryAnswerOnce(error.report, answers);
  expect(error).toMatchObject({ name: 'AbortError', cause: reason });
  return error;
}

describe('a report', () => {
  test('holds every answer once, in input order, whatever finishes first', async () => {
    const provider = mockProvider((item) => positionOf(item) / 10, {
      clock,
      delayMs: ([item]) => (item === undefined ? 0 : 100 - 10 * positionOf(item)),
    });
    const answers = sampleAnswers(8);
    const report = await clock.runUntil(gradeAnswersWithFallback(answers, { ...plain, provider, clock }));
    expectEveryAnswerOnce(report, answers);
    expect(outcomes(report)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]);
    expect(report.results.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('is empty for no answers', async () => {
    const provider = mockProvider();
    const report = await gradeAnswersWithFallback([], { provider });
    expectEveryAnswerOnce(report, []);
    expect(report.results).toEqual([]);
    expect(report.metrics).toMatchObject({ requests: 0, gradedCount: 0, failedCount: 0, queueMs: undefined });
  });

  test('echoes the ids of questions and answers, and nothing of the learner', async () => {
    const answer = { question: { id: 'q1', prompt: 'Why?' }, answer: 'because', id: 'a1', learnerId: 'ada' };
    const options = { ...plain, provider: mockProvider([1, new ProviderError('refused', 'no')]) };
    const graded = await gradeAnswer(answer, options);
    const failed = await gradeAnswer(answer, options);
    expect(graded).toMatchObject({ status: 'graded', questionId: 'q1', answerId: 'a1' });
    expect(failed).toMatchObject({ status: 'failed', questionId: 'q1', answerId: 'a1' });
    expect(JSON.stringify([graded, failed])).not.toContain('ada');
  });

  test('has no score where an answer failed', async () => {
    const result = await gradeAnswer(
      { question, answer: 'x' },
      { ...plain, provider: mockProvider(new ProviderError('auth', 'wrong key')) },
    );
    expect(Object.keys(result).toSorted()).toEqual([
      'attempts',
      'durationMs',
      'error',
      'index',
      'mode',
      'queuedMs',
      'status',
    ]);
  });

  test('grades the answers it was given though the caller empties the array meanwhile', async () => {
    const buffer = sampleAnswers(4);
    const running = gradeAnswersWithFallback(buffer, { ...plain, provider: mockProvider() });
    buffer.length = 0;
    expect(outcomes(await running)).toEqual([1, 1, 1, 1]);
  });

  test('grades the answers it was given though the caller adds some meanwhile', async () => {
    const buffer = sampleAnswers(3);
    const provider = mockProvider(() => {
      if (buffer.length < 10) buffer.push(...sampleAnswers(1));
      return 1;
    });
    const { results } = await gradeAnswersWithFallback(buffer, { ...plain, provider });
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test('takes the same answer object twice', async () => {
    const [answer] = sampleAnswers(1);
    if (answer === undefined) throw new Error('one answer was made');
    expect(
      outcomes(await gradeAnswersWithFallback([answer, answer, answer], { ...plain, provider: mockProvider() })),
    ).toEqual([1, 1, 1]);
  });
});

describe('misuse', () => {
  test.each([
    ['no options', undefined, 'options'],
    ['null', null, 'options'],
    ['no provider', {}, 'provider'],
    ['a provider that is none', { provider: {} }, 'provider'],
    ['an empty list of providers', { provider: [] }, 'provider'],
    ['11 tasks', { provider: mockProvider(), maxConcurrentTasks: 11 }, 'maxConcurrentTasks'],
  ])('rejects for %s, naming the field, before any call', async (_, options, field) => {
    const running = gradeAnswersWithFallback(sampleAnswers(1), options as GradingOptions);
    await expect(running).rejects.toMatchObject({ name: 'GradingOptionsError', field });
  });

  test('rejects for answers that are no array', async () => {
    for (const answers of [undefined, null, 'x', { length: 2 }, new Set()]) {
      const running = gradeAnswersWithFallback(answers as unknown as AnswerToGrade[], { provider: mockProvider() });
      await expect(running).rejects.toMatchObject({ name: 'GradingOptionsError', field: 'answers' });
    }
  });

  test('is found in the last answer before the first is sent', async () => {
    const provider = mockProvider();
    const answers = [...sampleAnswers(2), { question: { prompt: '' }, answer: 'x' }];
    const events = eventLog();
    const running = gradeAnswersWithFallback(answers, { ...plain, provider, onEvent: events.onEvent });
    await expect(running).rejects.toMatchObject({ field: 'answers[2].question.prompt' });
    expect(provider.calls).toHaveLength(0);
    expect(events.lines).toEqual([]);
  });

  test('comes before an abort', async () => {
    const running = gradeAnswersWithFallback([], { signal: AbortSignal.abort() } as unknown as GradingOptions);
    await expect(running).rejects.toMatchObject({ name: 'GradingOptionsError' });
  });
});

describe('an abort', () => {
  test('before the start makes no call and leaves every answer aborted', async () => {
    const provider = mockProvider();
    const reason = new Error('gone before it began');
    const running = gradeAnswersWithFallback(sampleAnswers(3), {
      ...plain,
      provider,
      signal: AbortSignal.abort(reason),
    });
    const error: unknown = await running.catch((thrown: unknown) => thrown);
    expect(isGradingAborted(error) && outcomes(error.report)).toEqual(['aborted', 'aborted', 'aborted']);
    expect(error).toMatchObject({ name: 'AbortError', cause: reason });
    expect(provider.calls).toHaveLength(0);
  });

  test('carries what was graded, ends what runs, and starts nothing more', async () => {
    const provider = mockProvider(1, { delayMs: 40, clock });
    const { report } = await aborted(sampleAnswers(5), { provider, maxConcurrentTasks: 2 }, 60);
    expect(outcomes(report)).toEqual([1, 1, 'aborted', 'aborted', 'aborted']);
    expect(report.results.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 0]);
    expect(provider.calls.map(({ signal }) => signal.aborted)).toEqual([false, false, true, true]);
    expect(report.metrics).toMatchObject({ gradedCount: 2, failedCount: 3, leaked: 0, totalProcessingTimeMs: 60 });
    expect(clock.now()).toBe(60);
    await clock.runAll();
    expect(provider.calls).toHaveLength(4);
  });

  test('ends calls before answers, and answers before the run', async () => {
    const log = eventLog({ times: true });
    const delayMs = ([item]: readonly GradingItem[]): number => (item?.answer === 'answer 0' ? 40 : 100);
    await aborted(sampleAnswers(3), { provider: mockProvider(1, { delayMs, clock }), onEvent: log.onEvent }, 60);
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 3 answers, auto -> parallel, mock
           0 ms answer-started 0
           0 ms call-started #1 mock parallel [0] attempt 1
           0 ms answer-started 1
           0 ms call-started #2 mock parallel [1] attempt 1
           0 ms answer-started 2
           0 ms call-started #3 mock parallel [2] attempt 1
          40 ms call-ended #1 ok after 40 ms
          40 ms answer-graded 0: 1/1 by llm
          60 ms call-ended #2 aborted after 60 ms
          60 ms call-ended #3 aborted after 60 ms
          60 ms answer-failed 1: aborted
          60 ms answer-failed 2: aborted
          60 ms run-ended parallel: 1 graded, 2 failed, 3 calls"
    `);
  });

  test('takes no further answer', async () => {
    const log = eventLog();
    const provider = mockProvider(1, { delayMs: 40, clock });
    await aborted(sampleAnswers(9), { provider, maxConcurrentTasks: 2, onEvent: log.onEvent }, 20);
    // Two are under way, and one is ready to follow.
    expect(log.lines.filter((line) => line.startsWith('answer-started')).length).toBeLessThanOrEqual(3);
  });

  test('while everything waits for a slot of a shared controller is immediate', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 1 });
    const release = Promise.withResolvers<void>();
    const busy = controller.run(() => release.promise);
    const provider = mockProvider(1, { clock });
    const { report } = await aborted(sampleAnswers(3), { provider, controller }, 50);
    expect(outcomes(report)).toEqual(['aborted', 'aborted', 'aborted']);
    expect(clock.now()).toBe(50);
    release.resolve();
    await busy;
    await clock.advance(1);
    expect(provider.calls).toHaveLength(0);
  });

  test('in a back-off is immediate and keeps what went wrong before as a cause', async () => {
    const provider = mockProvider(new ProviderError('network', 'connection reset'), { clock });
    const retry = { maxAttempts: 3, baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const { report } = await aborted(sampleAnswers(1), { provider, retry }, 10);
    expect(report.results[0]).toMatchObject({ error: { code: 'aborted', causes: [{ code: 'network' }] } });
    expect([clock.now(), provider.calls.length, clock.pendingTimers]).toEqual([10, 1, 0]);
  });

  test('in a batch ends all its answers', async () => {
    const provider = mockProvider(1, { delayMs: 40, clock });
    const { report } = await aborted(
      sampleAnswers(8),
      { provider, mode: 'batch', batchSize: 4, maxConcurrentTasks: 1 },
      50,
    );
    expect(outcomes(report)).toEqual([1, 1, 1, 1, 'aborted', 'aborted', 'aborted', 'aborted']);
  });

  test('in sequential mode leaves the rest unsent', async () => {
    const provider = mockProvider(1, { delayMs: 40, clock });
    const { report } = await aborted(sampleAnswers(4), { provider, mode: 'sequential' }, 60);
    expect(outcomes(report)).toEqual([1, 'aborted', 'aborted', 'aborted']);
    expect(provider.calls).toHaveLength(2);
  });

  test('between two modes of the chain takes no further one', async () => {
    const provider = mockProvider((_, { attempt }) => (attempt === 1 ? new ProviderError('network', 'reset') : 1), {
      delayMs: 40,
      clock,
    });
    const { report } = await aborted(sampleAnswers(3), { provider }, 50);
    expect(outcomes(report)).toEqual(['aborted', 'aborted', 'aborted']);
    expect(report.results[0]).toMatchObject({ mode: 'batch', error: { causes: [{ code: 'network' }] } });
    expect(provider.calls).toHaveLength(4);
  });

  test('waits for calls that ignore it no longer than the grace, and counts them as leaked', async () => {
    const provider = faultyProvider(mockProvider(), ['ignores_abort', 'ignores_abort'], { clock });
    const { report } = await aborted(sampleAnswers(2), { provider, mode: 'parallel', abortGraceMs: 300 }, 50);
    expect(outcomes(report)).toEqual(['aborted', 'aborted']);
    expect(report.metrics.leaked).toBe(2);
    expect(clock.now()).toBe(350);
  });

  test('waits a second by default', async () => {
    const provider = faultyProvider(mockProvider(), ['ignores_abort'], { clock });
    await aborted(sampleAnswers(1), { provider }, 0);
    expect(clock.now()).toBe(1_000);
  });

  test('does not wait longer than the grace for onResult once it is aborted', async () => {
    const abort = new AbortController();
    const outcome = vi.fn<(error: unknown) => void>();
    void gradeAnswersWithFallback(sampleAnswers(1), {
      ...plain,
      clock,
      provider: mockProvider(),
      signal: abort.signal,
      onResult: () => new Promise<void>(() => {}),
    }).catch(outcome);
    await clock.advance(10);
    abort.abort();
    await clock.advance(1_000);
    expect(outcome).toHaveBeenCalledWith(expect.toSatisfy(isGradingAborted));
  });

  test('keeps any reason as the cause', async () => {
    const provider = mockProvider(1, { delayMs: 40, clock });
    for (const reason of ['a text', 0, { code: 7 }]) await aborted(sampleAnswers(1), { provider }, 10, reason);
  });

  test('of one run leaves another on the same controller alone', async () => {
    const controller = createConcurrencyController({ maxConcurrentTasks: 2 });
    const provider = mockProvider(1, { delayMs: 40, clock });
    const others = sampleAnswers(6, (index) => ({ answer: `other ${index}` }));
    const other = gradeAnswersWithFallback(others, { ...plain, provider, clock, controller });
    await aborted(sampleAnswers(6), { provider, controller }, 60);
    const report = await clock.runUntil(other);
    expect(outcomes(report)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(controller.snapshot()).toMatchObject({ running: 0, waiting: 0 });
  });

  test('after the end changes nothing', async () => {
    const abort = new AbortController();
    const options = { ...plain, provider: mockProvider(), signal: abort.signal };
    const report = await gradeAnswersWithFallback(sampleAnswers(3), options);
    abort.abort();
    expect(outcomes(report)).toEqual([1, 1, 1]);
  });

  test('by a listener in the middle of a run is obeyed', async () => {
    const abort = new AbortController();
    const provider = mockProvider(1, { delayMs: 40, clock });
    const running = gradeAnswersWithFallback(sampleAnswers(4), {
      ...plain,
      provider,
      clock,
      mode: 'sequential',
      signal: abort.signal,
      onProgress: ({ completed }) => {
        if (completed === 2) abort.abort();
      },
    });
    const error = await clock.runUntil(running.catch((thrown: unknown) => thrown));
    expect(isGradingAborted(error) && outcomes(error.report)).toEqual([1, 1, 'aborted', 'aborted']);
    expect(provider.calls).toHaveLength(2);
  });
});

describe('a deadline', () => {
  async function until(deadlineMs: number, options: Partial<GradingOptions> = {}): Promise<GradingReport> {
    const answers = sampleAnswers(4);
    const provider = mockProvider(1, { delayMs: 40, clock });
    const running = gradeAnswersWithFallback(answers, {
      ...plain,
      provider,
      clock,
      deadlineMs,
      maxConcurrentTasks: 1,
      ...options,
    });
    const report = await clock.runUntil(running);
    expectEveryAnswerOnce(report, answers);
    return report;
  }

  test('that passes gives the report with the rest failed', async () => {
    const report = await until(100);
    expect(outcomes(report)).toEqual([1, 1, 'deadline_exceeded', 'deadline_exceeded']);
    expect(report.metrics).toMatchObject({ totalProcessingTimeMs: 100, requests: 3, fallbacks: [] });
    expect(report.results[3]).toMatchObject({ attempts: 0, error: { retryable: true } });
    expect(report.results[3]).not.toHaveProperty('mode');
    expect(clock.pendingTimers).toBe(0);
  });

  test('that does not pass leaves no timer', async () => {
    expect(outcomes(await until(10_000))).toEqual([1, 1, 1, 1]);
    expect([clock.now(), clock.pendingTimers]).toEqual([160, 0]);
  });

  test('ends a back-off', async () => {
    const provider = mockProvider(new ProviderError('network', 'reset'), { clock });
    const retry = { maxAttempts: 3, baseDelayMs: 60_000, maxDelayMs: 60_000 };
    const report = await until(50, { provider, retry });
    expect(report.metrics.totalProcessingTimeMs).toBe(50);
    expect(report.results[0]).toMatchObject({ error: { code: 'deadline_exceeded', causes: [{ code: 'network' }] } });
  });

  test('ends calls that ignore it after the grace', async () => {
    const provider = faultyProvider(mockProvider(), ['ignores_abort'], { clock });
    const report = await until(50, { provider, abortGraceMs: 200 });
    expect(report.metrics).toMatchObject({ totalProcessingTimeMs: 250, leaked: 1, requests: 1 });
  });

  test('that has passed gives way to an abort', async () => {
    const provider = faultyProvider(mockProvider(), ['ignores_abort'], { clock });
    const { report } = await aborted(sampleAnswers(1), { provider, deadlineMs: 50, abortGraceMs: 200 }, 100);
    expect(report.metrics.leaked).toBe(1);
    expect(clock.now()).toBe(250);
  });

  test('sends no call that cannot be over in time, as far as the calls of this run tell', async () => {
    const provider = mockProvider(1, { delayMs: 100, clock });
    const options = { ...plain, provider, clock, deadlineMs: 250, maxConcurrentTasks: 5 };
    const report = await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(15), options));
    expect(report.metrics).toMatchObject({ gradedCount: 10, requests: 10, totalProcessingTimeMs: 200 });
    expect(report.results[14]).toMatchObject({
      error: { code: 'deadline_exceeded', message: 'too little was left of the deadline for another call' },
    });
  });

  test('is not taken for too short because earlier runs were slow', async () => {
    const controller = createConcurrencyController({ clock });
    let delayMs = 30_000;
    const provider = mockProvider(1, { delayMs: () => delayMs, clock });
    const options = { ...plain, provider, clock, controller };
    await clock.runUntil(
      gradeAnswersWithFallback(
        sampleAnswers(10, (index) => ({ answer: `essay ${index}` })),
        options,
      ),
    );
    delayMs = 500;
    const report = await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(10), { ...options, deadlineMs: 3_000 }));
    expect(report.metrics).toMatchObject({ gradedCount: 10, failedCount: 0 });
  });

  test('does not end a local provider', async () => {
    const provider = mockProvider(1, { delayMs: 40, clock, capabilities: { local: true } });
    expect(outcomes(await until(50, { provider }))).toEqual([1, 1, 1, 1]);
  });
});

describe('onResult', () => {
  test('is told every result, and the run waits for what it returns', async () => {
    const stored: GradingResult[] = [];
    const onResult = async (result: GradingResult): Promise<void> => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
      stored.push(result);
    };
    const options = { ...plain, provider: mockProvider(), clock, onResult };
    const report = await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(4), options));
    expect(stored.toSorted((first, second) => first.index - second.index)).toEqual(report.results);
    expect(clock.now()).toBe(500);
  });

  test('is waited for whatever kind of promise it returns', async () => {
    // As in test runners that run tests in a realm of their own.
    const ForeignPromise = runInNewContext('Promise') as PromiseConstructor;
    const onResult = () => new ForeignPromise<void>((resolve) => clock.setTimeout(resolve, 500));
    const options = { ...plain, provider: mockProvider(), clock, onResult };
    await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(1), options));
    expect(clock.now()).toBe(500);
  });

  test('is not waited for before the next call', async () => {
    const provider = mockProvider(1, { delayMs: 40, clock });
    const onResult = () => new Promise<void>((resolve) => clock.setTimeout(resolve, 500));
    const options = { ...plain, provider, clock, onResult, mode: 'sequential' } as const;
    await clock.runUntil(gradeAnswersWithFallback(sampleAnswers(3), options));
    expect(provider.calls.map(({ startedAt }) => startedAt)).toEqual([0, 40, 80]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('disk full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('that %s changes nothing', async (_, onResult) => {
    const report = await gradeAnswersInBatch(sampleAnswers(3), { ...plain, provider: mockProvider(), onResult });
    expect(outcomes(report)).toEqual([1, 1, 1]);
  });
});

describe('onProgress', () => {
  test('counts up to the number of answers, failures apart', async () => {
    const seen: string[] = [];
    const told = new Set<GradingResult>();
    const provider = mockProvider((item) => (positionOf(item) === 1 ? new ProviderError('refused', 'no') : 1));
    const { results } = await gradeAnswersWithFallback(sampleAnswers(3), {
      ...plain,
      provider,
      onProgress: ({ completed, total, graded, failed, result }) => {
        seen.push(`${completed} of ${total}`);
        expect(graded + failed).toBe(completed);
        told.add(result);
      },
    });
    expect(seen).toEqual(['1 of 3', '2 of 3', '3 of 3']);
    expect(told).toEqual(new Set(results));
  });
});
