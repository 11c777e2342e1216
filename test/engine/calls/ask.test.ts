import { beforeEach, describe, expect, test } from 'vitest';
import {
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  ProviderError,
  type FailureCode,
  type GradingItem,
  type GradingProvider,
  type SingleModeOptions,
  type Verdict,
} from 'gradelanes';
import {
  eventLog,
  expectEveryAnswerOnce,
  manualClock,
  mockLLM,
  mockProvider,
  seededRandom,
  type ManualClock,
  type MockProvider,
} from 'gradelanes/testing';
import { outcomes, positionOf, sampleAnswers } from '../../sample-answers.js';

/** No rule decides, nothing is repeated on its way, chance is fixed. */
const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;
const fault = (code: FailureCode): ProviderError => new ProviderError(code, `injected: ${code}`);
const chunksOf = (provider: MockProvider): number[][] => provider.calls.map(({ items }) => items.map(positionOf));

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

type Mode = typeof gradeAnswersConcurrently;

async function run(
  grade: Mode,
  count: number,
  provider: SingleModeOptions['provider'],
  options: Partial<SingleModeOptions> = {},
) {
  const answers = sampleAnswers(count);
  const report = await clock.runUntil(grade(answers, { ...plain, provider, clock, ...options }));
  expectEveryAnswerOnce(report, answers);
  return report;
}

/** A provider in plain JavaScript, whose verdicts no type has checked. */
function untyped(verdictOf: (item: GradingItem, calls: number) => object): GradingProvider & { calls: number } {
  const provider = {
    calls: 0,
    grade: async (items: readonly GradingItem[]) => {
      provider.calls += 1;
      // A loop without end is worse than a failed test.
      if (provider.calls > 50) throw new ProviderError('invalid_request', 'asked too often');
      return items.map((item) => ({ id: item.id, ...verdictOf(item, provider.calls) }) as Verdict);
    },
  };
  return provider;
}

describe('asking again', () => {
  test('happens once, says what was wrong, and a good second reply counts', async () => {
    const provider = mockProvider([{ malformed: 'it was not JSON' }, 0.4]);
    const report = await run(gradeAnswersConcurrently, 1, provider);
    expect(outcomes(report)).toEqual([0.4]);
    expect(provider.calls.map(({ correction }) => correction)).toEqual([undefined, 'it was not JSON']);
    expect(provider.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(report.results[0]).toMatchObject({ attempts: 2, mode: 'parallel' });
    expect(report.metrics).toMatchObject({ requests: 2, retries: 1, processingModeUsed: 'parallel', fallbacks: [] });
  });

  test.each([
    ['a score out of range', { score: 1.01 }, 'the score was out of range'],
    ['a negative score', { score: -0.01 }, 'the score was out of range'],
    ['NaN', { score: Number.NaN }, 'the score was not a number'],
    ['a score in words', { score: 'high' }, 'the score was not a number'],
    ['a score as text', { score: '0.5' }, 'the score was not a number'],
    ['null', { score: null }, 'the score was not a number'],
    ['no score at all', {}, 'the score was not a number'],
  ])('ends after two replies with %s in a typed failure, not in a score', async (_, verdict, reason) => {
    const corrections: (string | undefined)[] = [];
    const provider: GradingProvider = {
      grade: async (items, { correction }) => {
        corrections.push(correction);
        return items.map(({ id }) => ({ id, ...verdict }) as Verdict);
      },
    };
    const report = await run(gradeAnswersConcurrently, 1, provider);
    expect(report.results[0]).toMatchObject({
      status: 'failed',
      attempts: 2,
      error: { code: 'malformed', scope: 'item', retryable: false, message: expect.stringContaining(reason) },
    });
    expect(corrections).toEqual([undefined, reason]);
  });

  test('happens with and without retry, and is no part of its attempts', async () => {
    for (const retry of [false, { maxAttempts: 1 }, { maxAttempts: 5, baseDelayMs: 0 }] as const) {
      const provider = mockProvider({ malformed: 'no JSON' });
      const report = await run(gradeAnswersConcurrently, 1, provider, { retry });
      expect(outcomes(report)).toEqual(['malformed']);
      expect(provider.calls).toHaveLength(2);
    }
  });

  test('asks a malformed answer again once even if the provider gives no reason', async () => {
    const provider = untyped(() => ({ malformed: undefined }));
    const report = await run(gradeAnswersConcurrently, 1, provider);
    expect(outcomes(report)).toEqual(['malformed']);
    expect(provider.calls).toBe(2);
  });

  test.each([{ malformed: '' }, new ProviderError('malformed', ''), new ProviderError('truncated', '')])(
    'happens once also where the reason is empty: %o',
    async (reply) => {
      const provider = mockProvider(reply);
      await run(gradeAnswersConcurrently, 1, provider);
      expect(provider.calls.map(({ correction }) => typeof correction)).toEqual(['undefined', 'string']);
      expect(provider.calls[1]?.correction).not.toBe('');
    },
  );

  test('happens where verdicts cannot even be read', async () => {
    let calls = 0;
    const provider: GradingProvider = {
      grade: async (items) => {
        calls += 1;
        return items.map(({ id }) => ({
          id,
          get score(): number {
            throw new Error('a getter that throws');
          },
        }));
      },
    };
    expect(outcomes(await run(gradeAnswersConcurrently, 2, provider))).toEqual(['malformed', 'malformed']);
    expect(calls).toBe(4);
  });

  test('counts the tokens of both calls, also of one that failed', async () => {
    const provider: GradingProvider = {
      grade: async (items, call) => {
        call.report({ usage: { inputTokens: 100 * call.attempt, outputTokens: 10 } });
        if (call.attempt === 1) throw fault('malformed');
        return items.map(({ id }) => ({ id, score: 1 }));
      },
    };
    const report = await run(gradeAnswersConcurrently, 1, provider);
    expect(report.metrics.usage).toEqual({ inputTokens: 300, outputTokens: 20 });
    expect(report.results[0]?.usage).toEqual({ inputTokens: 300, outputTokens: 20 });
  });

  test('happens once per provider', async () => {
    const first = mockProvider({ malformed: 'no JSON' }, { name: 'first' });
    const second = mockProvider([{ malformed: 'no JSON' }, 1], { name: 'second' });
    const report = await run(gradeAnswersConcurrently, 1, [first, second]);
    expect(outcomes(report)).toEqual([1]);
    expect([first.calls.length, second.calls.length]).toEqual([2, 2]);
  });

  test('survives a fault on its way: the re-ask itself is repeated with the same correction', async () => {
    const provider = mockProvider([{ malformed: 'no JSON' }, fault('network'), 1]);
    const report = await run(gradeAnswersConcurrently, 1, provider, { retry: { maxAttempts: 2, baseDelayMs: 0 } });
    expect(outcomes(report)).toEqual([1]);
    expect(provider.calls.map(({ correction }) => correction)).toEqual([undefined, 'no JSON', 'no JSON']);
  });

  test.each(['truncated', 'malformed'] as const)('happens when the call itself ends %s', async (code) => {
    const provider = mockProvider([fault(code), 1]);
    const report = await run(gradeAnswersConcurrently, 1, provider);
    expect(outcomes(report)).toEqual([1]);
    expect(provider.calls[1]?.correction).toBe(`injected: ${code}`);
  });

  test('happens when the provider returns no list', async () => {
    const provider: GradingProvider = { grade: async () => undefined as unknown as readonly Verdict[] };
    expect(outcomes(await run(gradeAnswersConcurrently, 1, provider))).toEqual(['malformed']);
  });

  test('uses new keys, so that a reply to the first call cannot pass for one to the second', async () => {
    const provider = mockProvider({ malformed: 'no JSON' });
    await run(gradeAnswersConcurrently, 1, provider, { random: seededRandom(1) });
    const [first, second] = provider.calls.map(({ items }) => items[0]?.id);
    expect(first).not.toBe(second);
  });

  test('tells a model what was wrong without a word of the learner or of its reply', async () => {
    const model = mockLLM(['I give 5 for floating', 1]);
    await run(gradeAnswersConcurrently, 1, model);
    const [first, second] = model.calls.map(({ request }) => request.prompt.split('\n\n'));
    expect(first).toHaveLength(1);
    expect(second?.[1]).toBe(
      'Your last reply was rejected: "it was not JSON". Reply again, only with the JSON that was asked for.',
    );
  });
});

describe('a call with several answers', () => {
  const missing = (positions: readonly number[]): GradingProvider['grade'] => {
    return async (items, { attempt }) =>
      items
        .filter((item) => attempt > 1 || !positions.includes(positionOf(item)))
        .map((item) => ({ id: item.id, score: positionOf(item) / 10 }));
  };

  test('asks again, alone, only the answers without a verdict', async () => {
    const provider = mockProvider();
    const seen: number[][] = [];
    const grade = missing([1, 3]);
    provider.grade = async (items, call) => {
      seen.push(items.map(positionOf));
      return grade(items, call);
    };
    const report = await run(gradeAnswersInBatch, 5, provider);
    expect(outcomes(report)).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
    expect(seen).toEqual([[0, 1, 2, 3, 4], [1], [3]]);
  });

  test('asks again what came twice, and ignores what nobody asked for', async () => {
    const seen: number[][] = [];
    const provider: GradingProvider = {
      grade: async (items, { attempt }) => {
        seen.push(items.map(positionOf));
        const verdicts = items.map((item) => ({ id: item.id, score: positionOf(item) / 10 }));
        const [first] = verdicts;
        return attempt > 1 || first === undefined
          ? verdicts
          : [...verdicts, { ...first, score: 1 }, { id: 'somebody else', score: 1 }];
      },
    };
    const report = await run(gradeAnswersInBatch, 3, provider);
    expect(outcomes(report)).toEqual([0, 0.1, 0.2]);
    expect(seen).toEqual([[0, 1, 2], [0]]);
  });

  test('takes the verdicts in any order', async () => {
    const provider: GradingProvider = {
      grade: async (items) => items.map((item) => ({ id: item.id, score: positionOf(item) / 10 })).toReversed(),
    };
    expect(outcomes(await run(gradeAnswersInBatch, 4, provider))).toEqual([0, 0.1, 0.2, 0.3]);
  });

  test('keeps grades with their answers when a provider reorders the items it was given', async () => {
    const provider: GradingProvider = {
      grade: async (items) => {
        (items as GradingItem[]).reverse();
        return items.map((item) => ({ id: item.id, score: positionOf(item) / 10 }));
      },
    };
    expect(outcomes(await run(gradeAnswersInBatch, 4, provider))).toEqual([0, 0.1, 0.2, 0.3]);
  });

  test('keeps grades with their answers when a provider empties the items it was given', async () => {
    const provider: GradingProvider = {
      grade: async (items) => (items as GradingItem[]).splice(0).map((item) => ({ id: item.id, score: 1 })),
    };
    expect(outcomes(await run(gradeAnswersInBatch, 3, provider))).toEqual([1, 1, 1]);
  });

  test.each(['truncated', 'malformed', 'too_large', 'refused', 'invalid_request'] as const)(
    'is split into single ones when it ends %s, inside its mode',
    async (code) => {
      const provider = mockProvider((item, { attempt }) => (attempt === 1 ? fault(code) : positionOf(item) / 10));
      const report = await run(gradeAnswersInBatch, 3, provider);
      expect(outcomes(report)).toEqual([0, 0.1, 0.2]);
      expect(chunksOf(provider)).toEqual([[0, 1, 2], [0], [1], [2]]);
      expect(report.metrics).toMatchObject({ processingModeUsed: 'batch', fallbacks: [], requests: 4 });
    },
  );

  test('that is split tells each answer what was wrong only if its reply was', async () => {
    for (const [code, correction] of [
      ['malformed', 'injected: malformed'],
      ['too_large', undefined],
    ] as const) {
      const provider = mockProvider((_, { attempt }) => (attempt === 1 ? fault(code) : 1));
      await run(gradeAnswersInBatch, 2, provider);
      expect(provider.calls.slice(1).map((call) => call.correction)).toEqual([correction, correction]);
    }
  });

  test('that is split after a malformed reply leaves no further re-ask', async () => {
    const provider = mockProvider(fault('malformed'));
    const report = await run(gradeAnswersInBatch, 2, provider);
    expect(outcomes(report)).toEqual(['malformed', 'malformed']);
    expect(chunksOf(provider)).toEqual([[0, 1], [0], [1]]);
  });

  test('that was too large leaves each answer its own re-ask', async () => {
    const provider = mockProvider((_, { attempt }) => {
      if (attempt === 1) return fault('too_large');
      return attempt === 2 ? { malformed: 'no JSON' } : 1;
    });
    const report = await run(gradeAnswersInBatch, 2, provider);
    expect(outcomes(report)).toEqual([1, 1]);
    expect(provider.calls).toHaveLength(5);
  });

  test('is split however many there are, and nothing is ever reported as aborted that was not', async () => {
    const provider = mockProvider((_, { attempt }) => (attempt === 1 ? fault('too_large') : 1));
    const report = await run(gradeAnswersInBatch, 60, provider, { batchSize: 2 });
    expect(new Set(outcomes(report))).not.toContain('aborted');
    expect(report.metrics.gradedCount).toBe(60);
  });

  test.each(['network', 'server', 'timeout', 'unknown'] as const)(
    'that ends %s is split before its provider is given up for its answers',
    async (code) => {
      const provider = mockProvider(fault(code));
      const report = await run(gradeAnswersInBatch, 3, provider);
      expect(outcomes(report)).toEqual([code, code, code]);
      expect(chunksOf(provider)).toEqual([[0, 1, 2], [0], [1], [2]]);
    },
  );

  test('is not split when its provider failed as a whole', async () => {
    const provider = mockProvider(fault('auth'));
    const report = await run(gradeAnswersInBatch, 3, provider);
    expect(outcomes(report)).toEqual(['auth', 'auth', 'auth']);
    expect(provider.calls).toHaveLength(1);
  });

  test('only loses the answer that is refused', async () => {
    const provider = mockProvider((item) => (positionOf(item) === 1 ? { refused: 'not this one' } : 1));
    const report = await run(gradeAnswersInBatch, 3, provider);
    expect(outcomes(report)).toEqual([1, 'refused', 1]);
    expect(report.results[1]).toMatchObject({
      error: { scope: 'item', message: expect.stringContaining('not this one') },
    });
    expect(provider.calls).toHaveLength(1);
  });

  test('writes down a run in which one verdict is missing and one is refused', async () => {
    const log = eventLog({ times: true });
    const provider = mockProvider(
      (item, { attempt }) => {
        if (positionOf(item) === 1 && attempt === 1) return { malformed: 'no JSON' };
        return positionOf(item) === 2 ? { refused: true } : 1;
      },
      { delayMs: 10, clock },
    );
    await run(gradeAnswersInBatch, 3, provider, { onEvent: log.onEvent });
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 3 answers, batch -> batch, mock
           0 ms answer-started 0
           0 ms answer-started 1
           0 ms answer-started 2
           0 ms call-started #1 mock batch [0, 1, 2] attempt 1
          10 ms call-ended #1 ok after 10 ms
          10 ms answer-graded 0: 1/1 by llm
          10 ms call-started #2 mock batch [1] attempt 2
          20 ms call-ended #2 ok after 10 ms
          20 ms answer-graded 1: 1/1 by llm
          20 ms answer-failed 2: refused
          20 ms run-ended batch: 2 graded, 1 failed, 2 calls"
    `);
  });
});

describe('a call that fails on its way', () => {
  const retry = { maxAttempts: 3, baseDelayMs: 100, maxDelayMs: 1_000 } as const;

  test.each(['overloaded', 'timeout', 'network', 'server'] as const)('is repeated after %s', async (code) => {
    const provider = mockProvider([fault(code), fault(code), 1]);
    const report = await run(gradeAnswersConcurrently, 1, provider, { retry });
    expect(outcomes(report)).toEqual([1]);
    expect(report.metrics).toMatchObject({ requests: 3, retries: 2, fallbacks: [] });
  });

  test('is repeated after rate_limited', async () => {
    const provider = mockProvider([fault('rate_limited'), 1]);
    const report = await run(gradeAnswersConcurrently, 1, provider, { retry });
    expect(outcomes(report)).toEqual([1]);
    expect(report.metrics).toMatchObject({ requests: 2, retries: 1, rateLimited: 1 });
  });

  test.each([
    'refused',
    'auth',
    'quota',
    'not_found',
    'invalid_request',
    'unsupported',
    'unknown',
    'too_large',
  ] as const)('is not repeated after %s', async (code) => {
    const provider = mockProvider(fault(code));
    await run(gradeAnswersConcurrently, 1, provider, { retry });
    expect(provider.calls).toHaveLength(1);
  });

  test('is repeated or not as the error itself says', async () => {
    const stubborn = mockProvider(new ProviderError('server', 'no use', { retryable: false }));
    await run(gradeAnswersConcurrently, 1, stubborn, { retry });
    expect(stubborn.calls).toHaveLength(1);
    const hopeful = mockProvider(new ProviderError('unknown', 'try again', { retryable: true }));
    await run(gradeAnswersConcurrently, 1, hopeful, { retry });
    expect(hopeful.calls).toHaveLength(3);
  });

  test('is made maxAttempts times, 3 by default, and once with retry: false', async () => {
    for (const [option, calls] of [
      [undefined, 3],
      [false, 1],
      [{ maxAttempts: 1 }, 1],
      [{ maxAttempts: 4 }, 4],
    ] as const) {
      const provider = mockProvider(fault('network'));
      await run(gradeAnswersConcurrently, 1, provider, { retry: option });
      expect(provider.calls).toHaveLength(calls);
    }
  });

  test('keeps its id over all attempts and counts them', async () => {
    const provider = mockProvider(fault('network'));
    await run(gradeAnswersConcurrently, 1, provider, { retry });
    expect(new Set(provider.calls.map(({ callId }) => callId)).size).toBe(1);
    expect(provider.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(provider.calls.map(({ items }) => items[0]?.id)).size).toBe(1);
  });

  test('waits longer each time, by a share of the bound that chance draws', async () => {
    const provider = mockProvider(fault('network'), { clock });
    await run(gradeAnswersConcurrently, 1, provider, { retry: { ...retry, maxAttempts: 4 }, random: () => 0.5 });
    expect(provider.calls.map(({ startedAt }) => startedAt)).toEqual([0, 50, 150, 350]);
  });

  test('waits for a Retry-After that is longer', async () => {
    const provider = mockProvider([new ProviderError('server', 'later', { retryAfterMs: 5_000 }), 1], { clock });
    await run(gradeAnswersConcurrently, 1, provider, { retry });
    expect(provider.calls[1]?.startedAt).toBeGreaterThanOrEqual(5_000);
    expect(provider.calls[1]?.startedAt).toBeLessThanOrEqual(5_550);
  });

  test('does not wait for a Retry-After beyond what the caller allows, but tells when to come back', async () => {
    const provider = mockProvider(new ProviderError('rate_limited', 'later', { retryAfterMs: 200_000 }), { clock });
    const next = mockProvider(1, { name: 'next', clock });
    const alone = await run(gradeAnswersConcurrently, 1, provider, { retry });
    expect(alone.metrics).toMatchObject({ totalProcessingTimeMs: 0, requests: 1 });
    expect(alone.results[0]).toMatchObject({
      error: { code: 'rate_limited', retryable: true, retryAt: '2026-01-01T00:03:20.000Z' },
    });
    const chained = await run(gradeAnswersConcurrently, 1, [provider, next], { retry });
    expect(outcomes(chained)).toEqual([1]);
    expect(chained.metrics.totalProcessingTimeMs).toBe(0);
  });

  test('does not wait for a Retry-After beyond the deadline either', async () => {
    const provider = mockProvider(new ProviderError('rate_limited', 'later', { retryAfterMs: 2_000 }), { clock });
    const report = await run(gradeAnswersConcurrently, 1, provider, { retry, deadlineMs: 1_000 });
    expect(outcomes(report)).toEqual(['rate_limited']);
    expect(report.metrics.totalProcessingTimeMs).toBe(0);
  });

  test('holds no slot while it waits', async () => {
    const provider = mockProvider(
      (item, { attempt }) => (positionOf(item) === 0 && attempt === 1 ? fault('network') : 1),
      { delayMs: 10, clock },
    );
    const report = await run(gradeAnswersConcurrently, 4, provider, { retry, maxConcurrentTasks: 1 });
    expect(outcomes(report)).toEqual([1, 1, 1, 1]);
    // 0 fails at 10 ms and comes back at 60 ms; the others pass meanwhile.
    expect(chunksOf(provider)).toEqual([[0], [1], [2], [3], [0]]);
    expect(report.metrics.totalProcessingTimeMs).toBe(70);
  });

  test('does not wait out a back-off once the provider has failed as a whole', async () => {
    const provider = mockProvider(
      (item) =>
        positionOf(item) === 0 ? new ProviderError('server', 'later', { retryAfterMs: 100_000 }) : fault('auth'),
      { clock, delayMs: ([item]) => (item !== undefined && positionOf(item) === 0 ? 10 : 20) },
    );
    const report = await run(gradeAnswersConcurrently, 2, provider, { retry });
    expect(report.results[1]).toMatchObject({ error: { code: 'auth' } });
    expect(report.metrics.totalProcessingTimeMs).toBe(20);
  });

  test('tells listeners before it is repeated', async () => {
    const log = eventLog({ times: true });
    const provider = mockProvider([fault('network'), 1], { delayMs: 10, clock });
    await run(gradeAnswersConcurrently, 1, provider, { retry, onEvent: log.onEvent });
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 1 answer, parallel -> parallel, mock
           0 ms answer-started 0
           0 ms call-started #1 mock parallel [0] attempt 1
          10 ms call-ended #1 network after 10 ms
          10 ms call-retried #1 network in 50 ms
          60 ms call-started #1 mock parallel [0] attempt 2
          70 ms call-ended #1 ok after 10 ms
          70 ms answer-graded 0: 1/1 by llm
          70 ms run-ended parallel: 1 graded, 0 failed, 2 calls"
    `);
  });
});

describe('the event of a repeated call', () => {
  const retry = { maxAttempts: 3, baseDelayMs: 100 } as const;

  test('tells after a 429 how long the provider is paused', async () => {
    const log = eventLog({ times: true });
    const provider = mockProvider([new ProviderError('rate_limited', 'slow down', { retryAfterMs: 3_000 }), 1], {
      clock,
    });
    await run(gradeAnswersConcurrently, 1, provider, { retry, onEvent: log.onEvent });
    expect(log.lines.filter((line) => /call-(?:retried|started)/.test(line))).toEqual([
      expect.stringContaining('0 ms call-started #1'),
      expect.stringContaining('call-retried #1 rate_limited in 3030 ms'),
      expect.stringContaining('3030 ms call-started #1 mock parallel [0] attempt 2'),
    ]);
  });

  test('is not sent once the provider is given up', async () => {
    const log = eventLog();
    const delayMs = (_items: readonly GradingItem[], { callId }: { callId: string }): number =>
      callId.endsWith('-1') ? 10 : 20;
    const provider = mockProvider([fault('auth'), fault('network'), fault('network')], { clock, delayMs });
    const report = await run(gradeAnswersConcurrently, 3, provider, { retry, onEvent: log.onEvent });
    expect(outcomes(report)).toEqual(['auth', 'auth', 'auth']);
    expect(provider.calls).toHaveLength(3);
    expect(log.lines.filter((line) => line.startsWith('call-retried'))).toEqual([]);
  });
});

describe('what a provider is handed', () => {
  test('is the material of the question, else of the run', async () => {
    const provider = mockProvider();
    const [plainAnswer, ownContext] = sampleAnswers(2, (index) => ({
      question: { prompt: 'Why?', ...(index === 1 && { context: 'its own' }) },
    }));
    if (plainAnswer === undefined || ownContext === undefined) throw new Error('two answers were made');
    await gradeAnswersWithFallback([plainAnswer, ownContext], { ...plain, provider, context: 'the card' });
    expect(provider.calls[0]?.items.map(({ context }) => context)).toEqual(['the card', 'its own']);
    await gradeAnswersWithFallback([plainAnswer], { ...plain, provider });
    expect(provider.calls[1]?.items[0]).not.toHaveProperty('context');
  });

  test('is the answer as text', async () => {
    const provider = mockProvider();
    const parts = { question: { prompt: 'Name two.' }, answer: ['first', 'second'] };
    await gradeAnswersWithFallback([parts], { ...plain, provider });
    expect(provider.answersSeen).toEqual(['first\nsecond']);
  });
});

describe('the budget for repeated calls', () => {
  test('lets an answer that may not be asked again fail with what it met', async () => {
    const provider = mockProvider(() => new ProviderError('rate_limited', 'no', { retryAfterMs: 10 }), { clock });
    const report = await run(gradeAnswersConcurrently, 20, provider, { retry: {} });
    expect(outcomes(report)).toEqual(Array.from({ length: 20 }, () => 'rate_limited'));
    expect(provider.calls).toHaveLength(20 + 10);
    const messages = report.results.map((result) => (result.status === 'failed' ? result.error.message : 'graded'));
    expect(messages.toSorted().at(0)).toBe("no; the run's budget for repeated calls is spent");
  });

  test('keeps what an answer met as a cause, when its provider is given up before the next try', async () => {
    const provider = mockProvider(() => fault('server'), { clock });
    const report = await run(gradeAnswersConcurrently, 20, provider, { retry: { maxRetryAfterMs: 1_000 } });
    const asked = report.results.filter(({ attempts }) => attempts > 0);
    expect(asked.length).toBeGreaterThan(0);
    for (const result of asked) {
      expect(result).toMatchObject({
        error: { code: 'server', message: 'mock failed again and again (server)', causes: [{ code: 'server' }] },
      });
    }
  });

  test('is not asked for the first calls of an answer, of which there are three to each provider', async () => {
    const provider = mockProvider((_, call) => {
      const { items } = provider.calls.find(({ callId }) => callId === call.callId) ?? { items: [] };
      return items.length > 1 ? fault('too_large') : fault('unknown');
    });
    const report = await run(gradeAnswersWithFallback, 60, provider);
    expect(report.metrics.gradedCount).toBe(0);
    expect(chunksOf(provider).filter((chunk) => chunk.length > 1)).not.toEqual([]);
    const single = chunksOf(provider).filter((chunk) => chunk.length === 1);
    expect(single.length).toBeGreaterThanOrEqual(60 + 60);
    expect(single.length).toBeLessThanOrEqual(60 + 60 + 10);
  });

  test('lets an answer be turned away again and again while others are let through', async () => {
    const rejection = new ProviderError('rate_limited', 'too many requests', { retryAfterMs: 100 });
    const provider = mockProvider((item, { attempt }) => (positionOf(item) === 0 && attempt <= 8 ? rejection : 1), {
      clock,
      delayMs: ([item]) => (item !== undefined && positionOf(item) === 0 ? 0 : 10),
    });
    const report = await run(gradeAnswersConcurrently, 40, provider, { retry: {}, maxConcurrentTasks: 2 });
    expect(outcomes(report)[0]).toBe(1);
    expect(report.results[0]?.attempts).toBe(9);
  });

  test('does not let one be turned away for ever while nothing is let through', async () => {
    const provider = mockProvider(new ProviderError('rate_limited', 'too many requests', { retryAfterMs: 100 }));
    const report = await run(gradeAnswersConcurrently, 1, provider, { retry: {} });
    expect(outcomes(report)).toEqual(['rate_limited']);
    expect(provider.calls).toHaveLength(5);
  });
});
