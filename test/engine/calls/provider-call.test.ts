import { beforeEach, describe, expect, test } from 'vitest';
import {
  gradeAnswersConcurrently,
  gradeAnswersWithFallback,
  ProviderError,
  type CallContext,
  type GradingEvent,
  type GradingOptions,
  type GradingProvider,
  type Verdict,
} from 'gradelanes';
import { expectEveryAnswerOnce, faultyProvider, manualClock, mockProvider, type ManualClock } from 'gradelanes/testing';
import { outcomes, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

async function run(count: number, provider: GradingOptions['provider'], options: Partial<GradingOptions> = {}) {
  const answers = sampleAnswers(count);
  const report = await clock.runUntil(gradeAnswersConcurrently(answers, { ...plain, provider, clock, ...options }));
  expectEveryAnswerOnce(report, answers);
  return report;
}

describe('an attempt that takes too long', () => {
  test('ends as a timeout and leaves the others alone', async () => {
    const provider = faultyProvider(mockProvider(), ['ok', 'ok', 'hang'], { clock });
    const report = await run(5, provider, { attemptTimeoutMs: 80 });
    expect(outcomes(report)).toEqual([1, 1, 'timeout', 1, 1]);
    expect(report.results[2]).toMatchObject({
      durationMs: 80,
      error: { code: 'timeout', retryable: true, message: 'no reply within 80 ms' },
    });
    expect(report.metrics).toMatchObject({ leaked: 0, totalProcessingTimeMs: 80 });
    expect(clock.pendingTimers).toBe(0);
  });

  test('is measured from its real start, not from when it began to wait for a slot', async () => {
    const provider = mockProvider(1, { delayMs: 60, clock });
    const report = await run(5, provider, { attemptTimeoutMs: 100, maxConcurrentTasks: 1 });
    expect(outcomes(report)).toEqual([1, 1, 1, 1, 1]);
  });

  test('is told by its signal that it timed out', async () => {
    const reasons: unknown[] = [];
    const provider: GradingProvider = {
      grade: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(new Error('stopped'));
          });
        }),
    };
    const report = await run(1, provider, { attemptTimeoutMs: 50 });
    expect(outcomes(report)).toEqual(['timeout']);
    expect(reasons).toEqual([expect.objectContaining({ name: 'TimeoutError' })]);
  });

  test('has a minute by default', async () => {
    const report = await run(1, faultyProvider(mockProvider(), ['hang'], { clock }));
    expect(report.results[0]?.durationMs).toBe(60_000);
  });

  test('is repeated with a fresh signal', async () => {
    const inner = mockProvider();
    const provider = faultyProvider(inner, ['hang'], { clock });
    const report = await run(1, provider, { attemptTimeoutMs: 50, retry: { maxAttempts: 2 } });
    expect(outcomes(report)).toEqual([1]);
    expect(inner.calls[0]?.signal.aborted).toBe(false);
  });

  test('ends by its own error where that comes first', async () => {
    const provider = faultyProvider(mockProvider(), ['server'], { clock });
    const report = await run(1, provider, { attemptTimeoutMs: 50 });
    expect(outcomes(report)).toEqual(['server']);
  });
});

describe('a provider that ignores its signal', () => {
  test('is left behind after the grace, its slot freed and the call counted as leaked', async () => {
    const inner = mockProvider(1, { delayMs: 10, clock });
    const provider = faultyProvider(inner, ['ignores_abort'], { clock });
    const report = await run(3, provider, { attemptTimeoutMs: 100, abortGraceMs: 500, maxConcurrentTasks: 1 });
    expect(outcomes(report)).toEqual(['timeout', 1, 1]);
    expect(report.results[0]?.durationMs).toBe(600);
    expect(report.metrics).toMatchObject({ leaked: 1, totalProcessingTimeMs: 620, requests: 3 });
  });

  test('is waited for within the grace, and its slot stays taken until then', async () => {
    const provider = faultyProvider(mockProvider(), [{ fault: 'ignores_abort', delayMs: 300 }], { clock });
    const report = await run(2, provider, { attemptTimeoutMs: 100, abortGraceMs: 500, maxConcurrentTasks: 1 });
    expect(report.metrics).toMatchObject({ leaked: 0, totalProcessingTimeMs: 300 });
  });

  test('changes nothing when it settles later, well or badly', async () => {
    for (const late of [0.1, new ProviderError('server', 'too late')]) {
      const inner = mockProvider([1, late], { repeatLast: true });
      const provider = faultyProvider(inner, ['ok', { fault: 'ignores_abort', delayMs: 9_000 }], { clock });
      const report = await run(2, provider, { attemptTimeoutMs: 100, abortGraceMs: 100 });
      const before = JSON.stringify(report);
      await clock.runAll();
      expect(JSON.stringify(report)).toBe(before);
      expect(outcomes(report)).toEqual([1, 'timeout']);
    }
  });

  test('never gets a retry that would exceed the limit by more than what leaked', async () => {
    const inner = mockProvider(1, { delayMs: 10, clock });
    const provider = faultyProvider(inner, ['ignores_abort', 'ignores_abort'], { clock });
    const report = await run(6, provider, { attemptTimeoutMs: 50, abortGraceMs: 50, maxConcurrentTasks: 2 });
    expect(report.metrics.leaked).toBe(2);
    expect(inner.peakInFlight).toBeLessThanOrEqual(2 + report.metrics.leaked);
    expect(report.metrics.concurrentExecutionCount).toBe(2);
  });
});

describe('a provider that misbehaves', () => {
  const thrown = (value: unknown) => (): never => {
    throw value;
  };

  test.each<[string, () => Promise<readonly Verdict[]>, string]>([
    ['throws at once', thrown(new Error('at once')), 'unknown'],
    ['throws a ProviderError at once', thrown(new ProviderError('refused', 'no')), 'refused'],
    ['throws null', async () => thrown(null)(), 'unknown'],
    ['throws a text', async () => thrown('a text')(), 'unknown'],
    ['throws undefined', async () => thrown(undefined)(), 'unknown'],
    ['returns no promise', (() => []) as unknown as () => Promise<readonly Verdict[]>, 'malformed'],
    ['returns null', async () => null as unknown as readonly Verdict[], 'malformed'],
    ['returns a text', async () => 'graded' as unknown as readonly Verdict[], 'malformed'],
    ['returns verdicts that are none', async () => [null, 7, 'x', []] as unknown as readonly Verdict[], 'malformed'],
  ])('and %s gives a typed failure', async (_, grade, code) => {
    const report = await run(1, { grade });
    expect(outcomes(report)).toEqual([code]);
  });

  test('and settles twice is heard once', async () => {
    const report = await run(1, faultyProvider(mockProvider(0.5), ['settles_twice'], { clock }));
    expect(outcomes(report)).toEqual([0.5]);
  });

  test('and throws a foreign error keeps its message out of the report, but the event holds the error', async () => {
    const foreign = new TypeError('body was: secret answer');
    const events: GradingEvent[] = [];
    const report = await run(1, mockProvider(foreign), { onEvent: (event) => void events.push(event) });
    expect(JSON.stringify(report)).not.toContain('secret');
    expect(report.results[0]).toMatchObject({ error: { message: expect.stringContaining('TypeError') } });
    const ended = events.find((event) => event.type === 'call-ended');
    expect(ended?.type === 'call-ended' && ended.error?.cause).toBe(foreign);
  });

  test('and throws the ProviderError of another copy of this package is understood', async () => {
    const foreign = Object.assign(new Error('no quota'), {
      code: 'quota',
      retryable: false,
      scope: 'provider',
      [Symbol.for('gradelanes.ProviderError')]: true,
    });
    expect(outcomes(await run(1, mockProvider(foreign)))).toEqual(['quota']);
  });
});

describe('what a provider reports of a call', () => {
  test('is the model, the request and the tokens, in results and events', async () => {
    const provider: GradingProvider = {
      name: 'reporting',
      grade: async (items, call) => {
        call.report({ requestId: 'req_1' });
        call.report({ model: 'model-7', usage: { inputTokens: 10, outputTokens: 4, cacheReadTokens: 6 } });
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const events: GradingEvent[] = [];
    const report = await run(1, provider, { onEvent: (event) => void events.push(event) });
    const usage = { inputTokens: 10, outputTokens: 4, cacheReadTokens: 6 };
    expect(report.results[0]).toMatchObject({ provider: 'reporting', model: 'model-7', requestId: 'req_1', usage });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'call-ended', outcome: 'ok', model: 'model-7', requestId: 'req_1', usage }),
    );
  });

  test('is not lost when a later report leaves it out or undefined', async () => {
    const provider: GradingProvider = {
      grade: async (items, call) => {
        call.report({ requestId: 'req_1', model: 'model-7', usage: { inputTokens: 10, outputTokens: 4 } });
        call.report({ requestId: undefined, model: undefined, usage: undefined });
        call.report({});
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const usage = { inputTokens: 10, outputTokens: 4 };
    expect((await run(1, provider)).results[0]).toMatchObject({ model: 'model-7', requestId: 'req_1', usage });
  });

  test('counts for calls that then throw', async () => {
    const provider: GradingProvider = {
      grade: async (_, call) => {
        call.report({ usage: { inputTokens: 10, outputTokens: 0 }, requestId: 'req_9' });
        throw new ProviderError('server', 'down');
      },
    };
    const report = await run(1, provider);
    expect(report.metrics.usage).toEqual({ inputTokens: 10, outputTokens: 0 });
    expect(report.results[0]).toMatchObject({ status: 'failed', usage: { inputTokens: 10, outputTokens: 0 } });
  });

  test.each([
    { inputTokens: Number.NaN, outputTokens: 1 },
    { inputTokens: 1, outputTokens: -1 },
    { inputTokens: '7', outputTokens: 1 },
    { outputTokens: 1 },
  ])('is not counted where it is no count: %o', async (usage) => {
    const provider: GradingProvider = {
      grade: async (items, call) => {
        call.report({ usage: usage as never });
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const report = await run(1, provider);
    expect(report.metrics.usage).toBeUndefined();
    expect(report.results[0]).not.toHaveProperty('usage');
  });

  test('changes nothing once the call is over', async () => {
    let late: CallContext | undefined;
    const provider: GradingProvider = {
      grade: async (items, call) => {
        late = call;
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const report = await run(1, provider);
    late?.report({ usage: { inputTokens: 5, outputTokens: 5 }, model: 'late' });
    expect(report.metrics.usage).toBeUndefined();
    expect(report.results[0]).not.toHaveProperty('model');
  });
});

test('a batch call shares its tokens evenly and the shares sum to the whole', async () => {
  const provider: GradingProvider = {
    grade: async (items, call) => {
      call.report({ usage: { inputTokens: 100, outputTokens: 7 } });
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  const report = await gradeAnswersWithFallback(sampleAnswers(3), { ...plain, provider, mode: 'batch' });
  expect(report.results[0]?.usage).toEqual({ inputTokens: 100 / 3, outputTokens: 7 / 3 });
  const sum = report.results.reduce((total, { usage }) => total + (usage?.inputTokens ?? 0), 0);
  expect(sum).toBeCloseTo(100, 9);
  expect(report.metrics.usage).toEqual({ inputTokens: 100, outputTokens: 7 });
});
