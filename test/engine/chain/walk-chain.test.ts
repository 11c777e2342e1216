import { beforeEach, describe, expect, test } from 'vitest';
import {
  gradeAnswersWithFallback,
  ProviderError,
  type FailureCode,
  type GradingEvent,
  type GradingItem,
  type GradingOptions,
  type ProviderCapabilities,
  type ProviderErrorOptions,
} from 'gradelanes';
import {
  eventLog,
  expectEveryAnswerOnce,
  manualClock,
  mockProvider,
  type ManualClock,
  type MockProvider,
  type VerdictScript,
} from 'gradelanes/testing';
import { outcomes, positionOf, sampleAnswers } from '../../sample-answers.js';

/** No rule decides, nothing is repeated on its way, chance is fixed. */
const plain = { localGrading: false, retry: false, random: () => 0.5 } as const;

const fault = (code: FailureCode, options?: ProviderErrorOptions): ProviderError =>
  new ProviderError(code, `injected: ${code}`, options);
/** Fails the first so many calls that carry one of the answers; grades everything else. */
const failing =
  (positions: readonly number[], code: FailureCode, times = Infinity) =>
  (item: GradingItem, { attempt }: { attempt: number }): Error | number =>
    positions.includes(positionOf(item)) && attempt <= times ? fault(code) : 1;
const chunksOf = (provider: MockProvider): number[][] => provider.calls.map(({ items }) => items.map(positionOf));

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
});

/** A provider whose calls take 10 ms, so that the order of events depends on time alone. */
function scripted(script: VerdictScript, name = 'mock', capabilities: ProviderCapabilities = {}): MockProvider {
  return mockProvider(script, { name, capabilities, delayMs: 10, clock });
}

async function run(count: number, provider: GradingOptions['provider'], options: Partial<GradingOptions> = {}) {
  const log = eventLog({ times: true });
  const answers = sampleAnswers(count);
  const running = gradeAnswersWithFallback(answers, { ...plain, provider, clock, onEvent: log.onEvent, ...options });
  const report = await clock.runUntil(running);
  expectEveryAnswerOnce(report, answers);
  return { report, log };
}

describe('the chain of modes', () => {
  test('sends only what is still ungraded to the next mode', async () => {
    const provider = scripted(failing([1, 3], 'network', 1));
    const { report, log } = await run(4, provider);
    expect(chunksOf(provider)).toEqual([[0], [1], [2], [3], [1, 3]]);
    expect(report.metrics).toMatchObject({ processingModeUsed: 'batch_fallback', requests: 5, retries: 1 });
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 4 answers, auto -> parallel, mock
           0 ms answer-started 0
           0 ms call-started #1 mock parallel [0] attempt 1
           0 ms answer-started 1
           0 ms call-started #2 mock parallel [1] attempt 1
           0 ms answer-started 2
           0 ms call-started #3 mock parallel [2] attempt 1
           0 ms answer-started 3
           0 ms call-started #4 mock parallel [3] attempt 1
          10 ms call-ended #1 ok after 10 ms
          10 ms answer-graded 0: 1/1 by llm
          10 ms call-ended #2 network after 10 ms
          10 ms call-ended #3 ok after 10 ms
          10 ms answer-graded 2: 1/1 by llm
          10 ms call-ended #4 network after 10 ms
          10 ms fallback-taken parallel -> batch: network, 2 answers
          10 ms call-started #5 mock batch [1, 3] attempt 2
          20 ms call-ended #5 ok after 10 ms
          20 ms answer-graded 1: 1/1 by llm
          20 ms answer-graded 3: 1/1 by llm
          20 ms run-ended batch_fallback: 4 graded, 0 failed, 5 calls"
    `);
  });

  test('goes parallel, batch, sequential', async () => {
    const provider = scripted(failing([0, 1], 'server', 2));
    const { report, log } = await run(3, provider);
    expect(chunksOf(provider)).toEqual([[0], [1], [2], [0, 1], [0], [1]]);
    expect(report.metrics.processingModeUsed).toBe('sequential_fallback');
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 3 answers, auto -> parallel, mock
           0 ms answer-started 0
           0 ms call-started #1 mock parallel [0] attempt 1
           0 ms answer-started 1
           0 ms call-started #2 mock parallel [1] attempt 1
           0 ms answer-started 2
           0 ms call-started #3 mock parallel [2] attempt 1
          10 ms call-ended #1 server after 10 ms
          10 ms call-ended #2 server after 10 ms
          10 ms call-ended #3 ok after 10 ms
          10 ms answer-graded 2: 1/1 by llm
          10 ms fallback-taken parallel -> batch: server, 2 answers
          10 ms call-started #4 mock batch [0, 1] attempt 2
          20 ms call-ended #4 server after 10 ms
          20 ms fallback-taken batch -> sequential: server, 2 answers
          20 ms call-started #5 mock sequential [0] attempt 3
          30 ms call-ended #5 ok after 10 ms
          30 ms answer-graded 0: 1/1 by llm
          30 ms call-started #6 mock sequential [1] attempt 3
          40 ms call-ended #6 ok after 10 ms
          40 ms answer-graded 1: 1/1 by llm
          40 ms run-ended sequential_fallback: 3 graded, 0 failed, 6 calls"
    `);
  });

  test('speaks of one answer as of one', async () => {
    const { report } = await run(1, scripted([fault('network'), 1]), { mode: 'parallel' });
    expect(report.metrics.fallbackReason).toBe('1 of 1 answer went from parallel to sequential: injected: network');
  });

  test('says that the budget for repeated calls is spent, and lets each answer have its first call in a later mode', async () => {
    const provider = scripted(fault('rate_limited', { retryAfterMs: 100 }));
    const { report } = await run(4, provider, { retry: {} });
    // In parallel mode with ten repeats, in one batch, and one after the other.
    expect(provider.calls).toHaveLength(4 + 10 + 1 + 4);
    const cause = "injected: rate_limited; the run's budget for repeated calls is spent";
    expect(report.metrics.fallbacks.map(({ reason }) => reason)).toEqual([
      `4 of 4 answers went from parallel to batch: ${cause}`,
      `4 of 4 answers went from batch to sequential: ${cause}`,
    ]);
    for (const result of report.results) expect(result).toMatchObject({ error: { message: cause } });
  });

  test('lists no step into a mode in which no call was made', async () => {
    const tooMany = fault('rate_limited', { retryAfterMs: 100 });
    const provider = scripted((_, { callId }) => {
      const items = provider.calls.findLast((call) => call.callId === callId)?.items ?? [];
      return items.length > 1 ? fault('too_large') : tooMany;
    });
    const { report, log } = await run(4, provider, { retry: {} });
    // After four calls and ten repeats, a batch and its single calls, an answer has no first call left in a third mode.
    expect(provider.calls).toHaveLength(4 + 10 + 1 + 4);
    expect(report.metrics.fallbacks).toMatchObject([{ from: 'parallel', to: 'batch', answerCount: 4 }]);
    expect(report.metrics.processingModeUsed).toBe('batch_fallback');
    expect(String(log)).not.toContain('sequential');
    // Each keeps what it met in the mode before, told once: nobody aborted the run.
    const message = "injected: rate_limited; the run's budget for repeated calls is spent";
    for (const result of report.results) expect(result).toMatchObject({ error: { code: 'rate_limited', message } });
  });

  test('skips the batch when one answer is left', async () => {
    const provider = scripted(failing([1], 'network', 1));
    const { report, log } = await run(3, provider);
    expect(chunksOf(provider)).toEqual([[0], [1], [2], [1]]);
    expect(report.metrics.fallbacks).toEqual([
      {
        kind: 'mode',
        from: 'parallel',
        to: 'sequential',
        code: 'network',
        reason: '1 of 3 answers went from parallel to sequential: injected: network',
        answerCount: 1,
      },
    ]);
    expect(report.metrics.fallbackReason).toBe('1 of 3 answers went from parallel to sequential: injected: network');
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 3 answers, auto -> parallel, mock
           0 ms answer-started 0
           0 ms call-started #1 mock parallel [0] attempt 1
           0 ms answer-started 1
           0 ms call-started #2 mock parallel [1] attempt 1
           0 ms answer-started 2
           0 ms call-started #3 mock parallel [2] attempt 1
          10 ms call-ended #1 ok after 10 ms
          10 ms answer-graded 0: 1/1 by llm
          10 ms call-ended #2 network after 10 ms
          10 ms call-ended #3 ok after 10 ms
          10 ms answer-graded 2: 1/1 by llm
          10 ms fallback-taken parallel -> sequential: network, 1 answer
          10 ms call-started #4 mock sequential [1] attempt 2
          20 ms call-ended #4 ok after 10 ms
          20 ms answer-graded 1: 1/1 by llm
          20 ms run-ended sequential_fallback: 3 graded, 0 failed, 4 calls"
    `);
  });

  test('is entered at the selected mode and never goes back up', async () => {
    const provider = scripted(failing([0, 1], 'network', 1));
    const { report } = await run(2, provider);
    expect(report.metrics).toMatchObject({ selectedMode: 'batch', processingModeUsed: 'sequential_fallback' });
    expect(chunksOf(provider)).toEqual([[0, 1], [0], [1]]);
  });

  test('ends with sequential mode', async () => {
    const provider = scripted(fault('network'));
    const { report } = await run(1, provider);
    expect(chunksOf(provider)).toEqual([[0]]);
    expect(report.metrics).toMatchObject({
      processingModeUsed: 'sequential',
      fallbacks: [],
      fallbackReason: undefined,
    });
  });

  test('gives each answer all its attempts again in sequential mode, one call at a time', async () => {
    const provider = scripted(failing([0, 1], 'network', 3));
    const options = { retry: { maxAttempts: 2, baseDelayMs: 0 }, mode: 'batch' } as const;
    const { report } = await run(2, provider, options);
    expect(chunksOf(provider)).toEqual([[0, 1], [0, 1], [0], [0], [1], [1]]);
    expect(outcomes(report)).toEqual([1, 1]);
    expect(provider.peakInFlight).toBe(1);
  });

  test('keeps the failures of earlier modes as causes', async () => {
    const codes: FailureCode[] = ['network', 'server', 'overloaded'];
    const provider = scripted((_, { attempt }) => fault(codes[attempt - 1] ?? 'unknown'));
    const { report } = await run(2, provider, { mode: 'parallel' });
    for (const result of report.results) {
      expect(result).toMatchObject({
        status: 'failed',
        mode: 'sequential',
        attempts: 3,
        error: { code: 'overloaded', causes: [{ code: 'network' }, { code: 'server' }] },
      });
    }
  });

  test('is never reported as a fallback for a mode that was asked for', async () => {
    const { report } = await run(2, scripted(1), { mode: 'sequential' });
    expect(report.metrics.processingModeUsed).toBe('sequential');
  });
});

describe('what a failure does to its answer', () => {
  test.each(['overloaded', 'timeout', 'network', 'server', 'unknown'] as const)(
    '%s falls to the next modes',
    async (code) => {
      const provider = scripted(failing([1], code));
      const { report } = await run(3, provider);
      expect(outcomes(report)).toEqual([1, code, 1]);
      expect(chunksOf(provider)).toEqual([[0], [1], [2], [1]]);
      expect(report.metrics.fallbacks).toMatchObject([{ code, answerCount: 1 }]);
    },
  );

  test('rate_limited falls to the next modes', async () => {
    const provider = scripted(failing([1], 'rate_limited', 1));
    const { report } = await run(3, provider);
    expect(outcomes(report)).toEqual([1, 1, 1]);
    expect(report.metrics).toMatchObject({ rateLimited: 1, processingModeUsed: 'sequential_fallback' });
  });

  test.each(['refused', 'invalid_request', 'unsupported', 'too_large'] as const)(
    '%s is final for the provider',
    async (code) => {
      const provider = scripted(failing([1], code));
      const { report } = await run(3, provider);
      expect(outcomes(report)).toEqual([1, code, 1]);
      expect(chunksOf(provider)).toEqual([[0], [1], [2]]);
      expect(report.metrics.fallbacks).toEqual([]);
    },
  );

  test.each(['rate_limited', 'overloaded', 'timeout', 'network', 'server'] as const)(
    '%s goes to the next mode at once where its provider says that trying again is of no use',
    async (code) => {
      const provider = scripted((item) => (positionOf(item) === 1 ? fault(code, { retryable: false }) : 1));
      const next = scripted(0.5, 'next');
      const { report } = await run(3, [provider, next], { retry: { maxAttempts: 3 } });
      expect(outcomes(report)).toEqual([1, 0.5, 1]);
      expect([chunksOf(provider), chunksOf(next)]).toEqual([[[0], [1], [2], [1]], [[1]]]);
    },
  );

  test.each(['truncated', 'malformed'] as const)('%s is asked again once in each mode', async (code) => {
    const provider = scripted(failing([1], code));
    const { report } = await run(3, provider);
    expect(outcomes(report)).toEqual([1, code, 1]);
    expect(chunksOf(provider).filter(([position]) => position === 1)).toHaveLength(4);
    expect(report.metrics.fallbacks).toMatchObject([{ from: 'parallel', to: 'sequential', code, answerCount: 1 }]);
  });

  test.each(['auth', 'quota', 'not_found'] as const)('%s ends all modes of the provider', async (code) => {
    const provider = scripted(failing([0], code));
    const { report } = await run(2, provider);
    expect(outcomes(report)).toEqual([code, code]);
    expect(chunksOf(provider)).toEqual([[0, 1]]);
  });

  test('an error of any code with scope provider ends all modes of the provider', async () => {
    const provider = scripted(fault('server', { scope: 'provider' }));
    const { report } = await run(2, provider);
    expect(outcomes(report)).toEqual(['server', 'server']);
    expect(provider.calls).toHaveLength(1);
  });

  test('a plain error is unknown, is not repeated and falls', async () => {
    const provider = scripted((item, { attempt }) => (attempt === 1 ? new Error(`secret ${item.answer}`) : 1));
    const { report } = await run(1, [provider, scripted(1, 'next')], { retry: { maxAttempts: 3 } });
    expect(provider.calls).toHaveLength(1);
    expect(report.metrics.fallbacks).toMatchObject([{ kind: 'provider', code: 'unknown' }]);
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  test('some answers fall and some are final in the same run', async () => {
    const provider = scripted((item, { attempt }) => {
      const position = positionOf(item);
      if (position === 0) return fault('refused');
      return position < 3 && attempt === 1 ? fault('network') : 1;
    });
    const { report } = await run(4, provider);
    expect(outcomes(report)).toEqual(['refused', 1, 1, 1]);
    expect(chunksOf(provider)).toEqual([[0], [1], [2], [3], [1, 2]]);
    expect(report.metrics.fallbacks).toMatchObject([{ from: 'parallel', to: 'batch', answerCount: 2 }]);
  });
});

describe('a provider that fails as a whole', () => {
  test.each([
    ['by default', {}, 5],
    ['with maxConcurrentTasks', { maxConcurrentTasks: 3 }, 3],
    ['in batch mode', { mode: 'batch', batchSize: 1, maxConcurrentTasks: 2 }, 2],
    ['in sequential mode', { mode: 'sequential' }, 1],
  ] as const)(
    'stops after at most as many calls as may run at once when the key is wrong %s',
    async (_, options, most) => {
      const delayMs = ([item]: readonly GradingItem[]): number => 10 + (item === undefined ? 0 : positionOf(item));
      const provider = mockProvider(fault('auth'), { delayMs, clock });
      const { report } = await run(20, provider, options);
      expect(outcomes(report)).toEqual(Array.from({ length: 20 }, () => 'auth'));
      expect(provider.calls.length).toBeLessThanOrEqual(most);
    },
  );

  test('keeps what it graded before it failed and what is still in flight', async () => {
    const delays = [30, 10, 20];
    const provider = mockProvider((item) => (positionOf(item) === 1 ? fault('quota') : 1), {
      clock,
      delayMs: ([item]) => (item === undefined ? 0 : (delays[positionOf(item)] ?? 0)),
    });
    const { report } = await run(3, provider);
    expect(outcomes(report)).toEqual([1, 'quota', 1]);
  });
});

test('no call is made for an answer that has failed already', async () => {
  const events: GradingEvent[] = [];
  const answers = sampleAnswers(5, (index) => ({ learnerId: `learner ${index % 3}` }));
  const provider = mockProvider(1, { delayMs: 50, clock });
  const onEvent = (event: GradingEvent): void => void events.push(event);
  const retry = { maxAttempts: 2, baseDelayMs: 0 };
  const options = { ...plain, provider, clock, retry, attemptTimeoutMs: 20, onEvent };
  const report = await clock.runUntil(gradeAnswersWithFallback(answers, options));
  expectEveryAnswerOnce(report, answers);
  const settled = new Set<number>();
  for (const event of events) {
    if (event.type === 'answer-failed') settled.add(event.index);
    if (event.type === 'call-started') expect(event.indices.filter((index) => settled.has(index))).toEqual([]);
  }
});

describe('the chain of providers', () => {
  test('hands to the next provider what is still ungraded, refused answers too', async () => {
    const first = scripted((item) => [fault('refused'), 1, fault('network')][positionOf(item)] ?? 1, 'first');
    const second = scripted(0.5, 'second');
    const { report, log } = await run(3, [first, second]);
    expect(outcomes(report)).toEqual([0.5, 1, 0.5]);
    expect(report.results.map((result) => result.status === 'graded' && result.provider)).toEqual([
      'second',
      'first',
      'second',
    ]);
    expect(chunksOf(second)).toEqual([[0], [2]]);
    expect(report.metrics.fallbacks).toMatchObject([
      { kind: 'mode', from: 'parallel', to: 'sequential', answerCount: 1 },
      { kind: 'provider', from: 'first', to: 'second', answerCount: 2 },
    ]);
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 3 answers, auto -> parallel, first then second
           0 ms answer-started 0
           0 ms call-started #1 first parallel [0] attempt 1
           0 ms answer-started 1
           0 ms call-started #2 first parallel [1] attempt 1
           0 ms answer-started 2
           0 ms call-started #3 first parallel [2] attempt 1
          10 ms call-ended #1 refused after 10 ms
          10 ms call-ended #2 ok after 10 ms
          10 ms answer-graded 1: 1/1 by llm
          10 ms call-ended #3 network after 10 ms
          10 ms fallback-taken parallel -> sequential: network, 1 answer
          10 ms call-started #4 first sequential [2] attempt 2
          20 ms call-ended #4 network after 10 ms
          20 ms fallback-taken first -> second: refused, 2 answers
          20 ms call-started #5 second parallel [0] attempt 2
          20 ms call-started #6 second parallel [2] attempt 3
          30 ms call-ended #5 ok after 10 ms
          30 ms answer-graded 0: 0.5/1 by llm
          30 ms call-ended #6 ok after 10 ms
          30 ms answer-graded 2: 0.5/1 by llm
          30 ms run-ended sequential_fallback: 3 graded, 0 failed, 6 calls"
    `);
  });

  test('gives every provider all its attempts', async () => {
    const first = scripted(fault('network'), 'first');
    const second = scripted(fault('network'), 'second');
    const options = { mode: 'sequential', retry: { maxAttempts: 3, baseDelayMs: 0 } } as const;
    const { report } = await run(1, [first, second], options);
    expect([first.calls.length, second.calls.length]).toEqual([3, 3]);
    expect(report.results[0]).toMatchObject({
      attempts: 6,
      error: { provider: 'second', causes: [{ provider: 'first' }] },
    });
  });

  test('starts each provider at the selected mode and names the deepest mode used', async () => {
    const first = scripted(fault('network'), 'first');
    const second = scripted(1, 'second');
    const { report } = await run(3, [first, second]);
    expect(chunksOf(second)).toEqual([[0], [1], [2]]);
    expect(report.metrics.processingModeUsed).toBe('sequential_fallback');
    expect(report.results.map(({ mode }) => mode)).toEqual(['parallel', 'parallel', 'parallel']);
  });

  test.each([
    ['its circuit opens', fault('server')],
    ['it asks for too long a wait', fault('overloaded', { retryAfterMs: 600_000 })],
  ])('goes to the next provider as soon as %s, without sitting out the back-offs of others', async (_, last) => {
    const first = scripted((item) => (positionOf(item) < 5 ? fault('network') : last), 'first');
    const second = scripted(1, 'second');
    const { report } = await run(15, [first, second], { retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 } });
    expect(report.metrics.gradedCount).toBe(15);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThan(1_000);
  });

  test('a wrong key of the first provider costs the second nothing', async () => {
    const first = scripted(fault('auth'), 'first');
    const second = scripted(1, 'second');
    const { report } = await run(3, [first, second]);
    expect(outcomes(report)).toEqual([1, 1, 1]);
    expect(report.metrics.fallbacks).toMatchObject([{ kind: 'provider', from: 'first', to: 'second', code: 'auth' }]);
    expect(report.metrics.processingModeUsed).toBe('parallel');
  });

  test('hands over however many answers a provider refuses', async () => {
    const first = scripted(fault('refused'), 'first');
    const second = scripted(1, 'second');
    const { report } = await run(60, [first, second]);
    expect(report.metrics).toMatchObject({ gradedCount: 60, failedCount: 0 });
    expect(second.calls).toHaveLength(60);
  });

  test('does not ask the next provider when everything is graded', async () => {
    const second = scripted(1, 'second');
    await run(3, [scripted(1), second]);
    expect(second.calls).toHaveLength(0);
  });

  test('names the commonest failure of those who take a step', async () => {
    const first = scripted((item) => fault(positionOf(item) === 0 ? 'refused' : 'too_large'), 'first');
    const { report } = await run(3, [first, scripted(1, 'second')]);
    expect(report.metrics.fallbacks).toMatchObject([{ code: 'too_large', answerCount: 3 }]);
  });

  test('a provider may stand in it twice', async () => {
    const provider = scripted([fault('auth'), 1]);
    const { report } = await run(1, [provider, provider]);
    expect(outcomes(report)).toEqual([1]);
  });
});

describe('a local provider further down', () => {
  const local = (): MockProvider => scripted(0.6, 'local', { local: true });

  test.each(['auth', 'quota', 'network', 'refused'] as const)(
    'stands in after %s, flagged for review',
    async (code) => {
      const { report } = await run(2, [scripted(fault(code)), local()]);
      expect(outcomes(report)).toEqual([0.6, 0.6]);
      for (const result of report.results) {
        expect(result).toMatchObject({
          gradedBy: 'offline',
          provider: 'local',
          needsReview: true,
          reviewReasons: ['offline_stand_in'],
          fromCache: false,
        });
      }
      expect(report.metrics.needsReviewCount).toBe(2);
    },
  );

  test('is no stand-in when it is the only or the first provider', async () => {
    const { report } = await run(2, local());
    expect(report.results).toMatchObject([
      { gradedBy: 'offline', needsReview: false, reviewReasons: [] },
      { gradedBy: 'offline', needsReview: false, reviewReasons: [] },
    ]);
  });

  test('grades what the deadline left', async () => {
    const delayMs = ([item]: readonly GradingItem[]): number => (item?.answer === 'answer 0' ? 40 : 100);
    const slow = mockProvider(1, { name: 'slow', delayMs, clock });
    const { report, log } = await run(3, [slow, local()], { deadlineMs: 60 });
    expect(outcomes(report)).toEqual([1, 0.6, 0.6]);
    expect(report.metrics.fallbacks).toMatchObject([{ from: 'slow', to: 'local', code: 'deadline_exceeded' }]);
    expect(String(log)).toMatchInlineSnapshot(`
      "     0 ms run-started 3 answers, auto -> parallel, slow then local
           0 ms answer-started 0
           0 ms call-started #1 slow parallel [0] attempt 1
           0 ms answer-started 1
           0 ms call-started #2 slow parallel [1] attempt 1
           0 ms answer-started 2
           0 ms call-started #3 slow parallel [2] attempt 1
          40 ms call-ended #1 ok after 40 ms
          40 ms answer-graded 0: 1/1 by llm
          60 ms call-ended #2 deadline_exceeded after 60 ms
          60 ms call-ended #3 deadline_exceeded after 60 ms
          60 ms fallback-taken slow -> local: deadline_exceeded, 2 answers
          60 ms call-started #4 local parallel [1] attempt 2
          60 ms call-started #5 local parallel [2] attempt 2
          70 ms call-ended #4 ok after 10 ms
          70 ms answer-graded 1: 0.6/1 by offline, offline_stand_in
          70 ms call-ended #5 ok after 10 ms
          70 ms answer-graded 2: 0.6/1 by offline, offline_stand_in
          70 ms run-ended parallel: 3 graded, 0 failed, 5 calls"
    `);
  });

  test('grades what was never sent before the deadline', async () => {
    const slow = mockProvider(1, { name: 'slow', delayMs: 40, clock });
    const { report } = await run(20, [slow, local()], { deadlineMs: 60, maxConcurrentTasks: 1 });
    expect(outcomes(report)).toEqual([1, ...Array.from({ length: 19 }, () => 0.6)]);
    expect(slow.calls).toHaveLength(2);
    expect(report.metrics).toMatchObject({ needsReviewCount: 19, processingModeUsed: 'parallel' });
  });

  test('is found behind providers that can do nothing any more', async () => {
    const slow = mockProvider(1, { name: 'slow', delayMs: 40, clock });
    const other = mockProvider(1, { name: 'other', delayMs: 40, clock });
    const { report } = await run(3, [slow, other, local()], { deadlineMs: 20 });
    expect(outcomes(report)).toEqual([0.6, 0.6, 0.6]);
    expect(other.calls).toHaveLength(0);
    expect(report.metrics.fallbacks).toMatchObject([{ from: 'slow', to: 'local', answerCount: 3 }]);
  });

  test('does not grade what was aborted', async () => {
    const standIn = local();
    const abort = new AbortController();
    clock.setTimeout(() => abort.abort(), 5);
    const running = run(3, [scripted(1), standIn], { signal: abort.signal });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(standIn.calls).toHaveLength(0);
  });
});
