import {
  createConcurrencyController,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  ProviderError,
  type GradingOptions,
  type GradingProvider,
  type GradingReport,
} from 'gradelanes';
import { manualClock, mockProvider, seededRandom, type ManualClock } from 'gradelanes/testing';
import type { MockErrorReply, MockReply, MockRequest } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { openaiWire } from '../../src/testing-server/openai-wire.js';
import { outcomes, sampleAnswers } from '../sample-answers.js';
import { expectSound } from './expect-sound.js';
import { rateLimitedProvider } from './rate-limited-provider.js';
import { mostRepeatedCalls, repeatedCalls } from './repeated-calls.js';
import { timeLapseClock } from './time-lapse-clock.js';
import { COUNT, eventsOf, everyNth, LIMIT, mostCalls, useWire } from './use-wire.js';
import { sdks } from './vendors.js';
import { watchCalls, type CallWatch } from './watch-calls.js';

const { start, run } = useWire();

/** A rejection with headers of its own. */
const rejection = (headers: Record<string, string> = {}): MockErrorReply => ({ error: 429, headers });

/** Fails every request about one answer. */
function always(text: string, reply: MockReply): (request: MockRequest) => MockReply | undefined {
  return ({ answers }) => (answers.includes(text) ? reply : undefined);
}

const allFail = (code: string, count = COUNT): string[] => Array.from({ length: count }, () => code);

describe.each(sdks)('rejections for the rate by $name', ({ provider, limitHeaders }) => {
  /** The third request is rejected with these headers; returns the first pause. */
  async function firstPauseMs(headers: Record<string, string>): Promise<number | undefined> {
    const server = await start({ script: [undefined, undefined, rejection(headers)] });
    const { report, events } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: COUNT + 1, rateLimited: 1, fallbacks: [] });
    return eventsOf(events, 'provider-paused')[0]?.pauseMs;
  }

  /** One answer is rejected three times with these headers; returns the pauses, without chance. */
  async function pausesOfThree(headers: Record<string, string>): Promise<readonly number[]> {
    const server = await start({ respond: ({ index }) => (index < 3 ? rejection(headers) : undefined) });
    const { report, events } = await run([server], { provider: provider(server.url), count: 1, random: () => 0.5 });
    expect(report.metrics).toMatchObject({ gradedCount: 1, requests: 4, rateLimited: 3 });
    return eventsOf(events, 'provider-paused').map(({ pauseMs }) => Math.round(pauseMs));
  }

  test('11: a 429 with Retry-After in seconds holds back every run of the controller, and loses nothing', async () => {
    const server = await start({ script: [undefined, undefined, rejection({ 'retry-after': '2' })] });
    const clock = timeLapseClock(50);
    const controller = createConcurrencyController({ maxConcurrentTasks: LIMIT, clock });
    const options = { provider: provider(server.url), controller, clock, everyCallArrives: false };
    // Other instructions, so that no answer of one run is an answer of the other.
    const runs = await Promise.all([run([server], options), run([server], { ...options, instructions: 'Be kind.' })]);
    for (const { report, events } of runs) {
      expect(report.metrics).toMatchObject({ gradedCount: COUNT, fallbacks: [] });
      expect(report.metrics.pausedMs).toBeGreaterThanOrEqual(2_000);
      expect(eventsOf(events, 'provider-paused')).toHaveLength(1);
    }
    expect(server.requests).toHaveLength(2 * COUNT + 1);
    expect(clock.openTimers).toBe(0);
  });

  test('12: a Retry-After date counts from the date of the response, however wrong the clocks are', async () => {
    const headers = { date: 'Tue, 15 Nov 1994 08:12:31 GMT', 'retry-after': 'Tue, 15 Nov 1994 08:12:34 GMT' };
    const pauseMs = await firstPauseMs(headers);
    expect(pauseMs).toBeGreaterThanOrEqual(3_000);
    expect(pauseMs).toBeLessThan(3_100);
  });

  test('13: retry-after-ms counts before the whole seconds', async () => {
    const pauseMs = await firstPauseMs({ 'retry-after-ms': '700', 'retry-after': '60' });
    expect(pauseMs).toBeGreaterThanOrEqual(700);
    expect(pauseMs).toBeLessThan(720);
  });

  test.each(['retry-after', 'retry-after-ms'])(
    '14: 0 in %s is no leave to try at once: the usual pauses apply',
    async (name) => {
      expect(await pausesOfThree({ [name]: '0' })).toEqual([505, 1_010, 2_020]);
    },
  );

  test('15: a Retry-After of a day is not waited for: another provider takes over, or it is said when to come back', async () => {
    const [tomorrow, now] = [await start({ respond: () => rejection({ 'retry-after': '86400' }) }), await start()];
    const late = provider(tomorrow.url, { name: 'late' });
    const alone = await run([tomorrow], { provider: late });
    expect(outcomes(alone.report)).toEqual(allFail('rate_limited'));
    expect(tomorrow.requests.length).toBeLessThanOrEqual(LIMIT);
    const inADay = alone.clock.date() + 86_400_000;
    for (const result of alone.report.results) {
      const { retryAt = '' } = result.status === 'failed' ? result.error : {};
      expect(Math.abs(Date.parse(retryAt) - inADay)).toBeLessThan(0.03 * 86_400_000);
    }

    tomorrow.reset();
    const both = await run([tomorrow, now], { provider: [late, provider(now.url)] });
    expect(both.report.metrics).toMatchObject({
      gradedCount: COUNT,
      fallbacks: [{ from: 'late', code: 'rate_limited' }],
    });
    expect(tomorrow.requests.length).toBeLessThanOrEqual(LIMIT);
    const asked = tomorrow.requests.flatMap(({ answers }) => answers);
    expect(new Set(asked).size, 'no answer was asked twice').toBe(asked.length);
    expect(both.report.metrics.totalProcessingTimeMs).toBeLessThan(60_000);
  });

  test('16: a Retry-After that says nothing counts as none', async () => {
    for (const value of ['-5', 'NaN', '1e99', 'soon', 'Infinity', '99999999999999999999']) {
      const pauseMs = await firstPauseMs({ 'retry-after': value, 'retry-after-ms': value });
      expect(pauseMs, value).toBeLessThan(1_020);
    }
  });

  test('17: rejections without a hint pause longer and longer', async () => {
    expect(await pausesOfThree({})).toEqual([505, 1_010, 2_020]);
  });

  test('18: rejections of every call end by the deadline', async () => {
    const server = await start({ respond: () => rejection() });
    const { report } = await run([server], {
      provider: provider(server.url),
      deadlineMs: 20_000,
      everyCallArrives: false,
    });
    for (const code of outcomes(report)) expect(['rate_limited', 'deadline_exceeded']).toContain(code);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThan(40_000);
    expect(server.requests.length).toBeLessThanOrEqual(COUNT + 10);
  });

  test('19: ten rejections at once are one pause and one cut of the limit', async () => {
    const { promise: tenHaveCome, resolve } = Promise.withResolvers<void>();
    const server = await start({
      respond: async ({ index }) => {
        if (index >= 10) return undefined;
        if (index === 9) resolve();
        await tenHaveCome;
        return rejection({ 'retry-after-ms': '10000' });
      },
    });
    const { report, events } = await run([server], {
      provider: provider(server.url),
      count: 20,
      maxConcurrentTasks: 10,
      adaptive: { min: 1, start: 10, max: 10 },
    });
    expect(report.metrics).toMatchObject({ gradedCount: 20, rateLimited: 10, requests: 30 });
    expect(report.metrics.limitHistory.filter(({ from, to }) => to < from)).toMatchObject([
      { provider: expect.any(String), from: 10, to: 7 },
    ]);
    const pauses = eventsOf(events, 'provider-paused');
    const untilMs = Math.max(...pauses.map(({ atMs, pauseMs }) => atMs + pauseMs));
    const spanMs = untilMs - (pauses[0]?.atMs ?? 0);
    expect(report.metrics.pausedMs).toBeGreaterThanOrEqual(10_000);
    expect(Math.abs(report.metrics.pausedMs - spanMs)).toBeLessThan(200);
  });

  test.each([
    ['', (name: string) => name],
    [' in capitals, which are the same headers', (name: string) => name.toUpperCase()],
  ])('30: a server that says nothing is left%s is not asked until there is, and no 429 is seen', async (_, spell) => {
    const headers = Object.entries(limitHeaders(3, 0)).map(([name, value]) => [spell(name), value] as const);
    const server = await start({ script: [{ headers: Object.fromEntries(headers) }] });
    const { report, events } = await run([server], {
      grade: gradeAnswersConcurrently,
      provider: provider(server.url),
      count: 2,
      maxConcurrentTasks: 1,
    });
    const [first, second] = eventsOf(events, 'call-started').map(({ atMs }) => atMs);
    // Three requests a minute are one every 20 seconds.
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(19_999);
    expect(report.metrics).toMatchObject({ gradedCount: 2, requests: 2, rateLimited: 0 });
  });

  test('31: limits that are missing, unknown, no numbers or said twice hold nothing back', async () => {
    const variants = [
      {},
      limitHeaders(-1, -1),
      limitHeaders(0, 0),
      limitHeaders('many', 'none'),
      limitHeaders('1, 1', '0, 0'),
    ];
    for (const headers of variants) {
      const server = await start({ respond: () => ({ headers }), latencyMs: 5 });
      const { report } = await run([server], { provider: provider(server.url) });
      expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: COUNT, concurrentExecutionCount: LIMIT });
      expect(report.metrics).toMatchObject({ pausedMs: 0, rateLimited: 0 });
      // One request a minute, as most of them would be if they were read, takes longer.
      expect(report.metrics.totalProcessingTimeMs).toBeLessThan(120_000);
    }
  });
});

describe('with a clock of its own', () => {
  test('15: a Retry-After of a day settles everything at once', async () => {
    const clock = manualClock();
    const tomorrow = new ProviderError('rate_limited', 'come back tomorrow', { retryAfterMs: 86_400_000 });
    const provider = mockProvider(() => tomorrow, { clock, delayMs: 200 });
    const { report } = await gradeOnClock(40, provider, clock);
    expect(outcomes(report)).toEqual(allFail('rate_limited', 40));
    expect(report.metrics.totalProcessingTimeMs).toBe(200);
    for (const result of report.results) {
      const { retryAt = '' } = result.status === 'failed' ? result.error : {};
      const waitMs = Date.parse(retryAt) - clock.date();
      // Not before, and up to 2 % later, so that not all come back at once.
      expect(waitMs).toBeGreaterThanOrEqual(86_400_000);
      expect(waitMs).toBeLessThanOrEqual(1.02 * 86_400_000);
    }
  });

  test('18: rejections of every call end by the deadline, not later', async () => {
    const clock = manualClock();
    const provider = mockProvider(() => new ProviderError('rate_limited', 'no'), { clock, delayMs: 3_000 });
    // It passes while the second calls run.
    const { report } = await gradeOnClock(40, provider, clock, { deadlineMs: 5_000 });
    for (const code of outcomes(report)) expect(['rate_limited', 'deadline_exceeded']).toContain(code);
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(5_000);
  });

  test('18: rejections of every call end by the attempts, where there is no deadline, after few calls', async () => {
    const clock = manualClock();
    const provider = mockProvider(() => new ProviderError('rate_limited', 'no'), { clock });
    const { report, seen } = await gradeOnClock(40, provider, clock);
    expect(outcomes(report)).toEqual(allFail('rate_limited', 40));
    // First calls in a mode are free of the budget for repeats: 40 parallel ones, batches of six, 40 one by one. Nothing
    // was ever answered, so no success added to the budget, and no repeat was left to the pace of a gate.
    expect(report.metrics.fallbacks).toMatchObject([
      { from: 'parallel', to: 'batch', answerCount: 40 },
      { from: 'batch', to: 'sequential', answerCount: 40 },
    ]);
    expect(seen.calls).toBeLessThanOrEqual(40 + Math.ceil(40 / 6) + 40 + 10);
  });

  test('30: a rate that headers tell is used to the full, and never exceeded', async () => {
    const clock = manualClock();
    const limit = { perMinute: 600, burst: 20, headers: openaiWire, retryAfter: 'seconds' } as const;
    const provider = rateLimitedProvider(clock, limit, () => 200);
    const { report } = await gradeOnClock(100, provider, clock);
    expect(report.metrics).toMatchObject({ gradedCount: 100, requests: 100, rateLimited: 0 });
    const idealMs = (100 - 20) * 100 + 200;
    expect(report.metrics.totalProcessingTimeMs).toBeLessThanOrEqual(1.05 * idealMs);
  });
});

async function gradeOnClock(
  count: number,
  provider: GradingProvider,
  clock: ManualClock,
  changes: Pick<GradingOptions, 'deadlineMs'> = {},
): Promise<{ report: GradingReport; seen: CallWatch }> {
  const answers = sampleAnswers(count);
  const seen = watchCalls();
  const options = { clock, localGrading: false, guards: false, random: seededRandom(7), ...changes };
  const grading = gradeAnswersWithFallback(answers, { provider: seen.watch(provider), ...options });
  const report = await clock.runUntil(grading);
  expectSound(report, answers, { limit: 5, seen });
  expect(clock.pendingTimers).toBe(0);
  return { report, seen };
}

describe.each(sdks)('answers of $name with an error', ({ provider }) => {
  /** Alone it fails with the code after a wave of calls; with a second provider, that one grades everything. */
  async function expectNextProvider(reply: MockReply, code: string): Promise<void> {
    const [broken, other] = [await start({ respond: () => reply, latencyMs: 20 }), await start()];
    const first = provider(broken.url, { name: 'first' });
    const { report } = await run([broken], { provider: first, count: 24 });
    expect(outcomes(report)).toEqual(allFail(code, 24));
    expect(report.metrics).toMatchObject({ retries: 0, fallbacks: [] });
    expect(broken.requests.length).toBeLessThanOrEqual(LIMIT);

    broken.reset();
    const both = await run([broken, other], { provider: [first, provider(other.url)], count: 24 });
    expect(both.report.metrics).toMatchObject({
      gradedCount: 24,
      fallbacks: [{ kind: 'provider', from: 'first', code }],
    });
    expect(broken.requests.length).toBeLessThanOrEqual(LIMIT);
    expect(other.requests).toHaveLength(24);
  }

  /** Every third answer meets it once. */
  async function expectOneRetry(reply: MockReply, code: string): Promise<void> {
    const server = await start({ respond: everyNth(3, reply) });
    const { report, events } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: 16, retries: 4, fallbacks: [] });
    expect(eventsOf(events, 'call-retried').map((event) => event.code)).toEqual(allFail(code, 4));
  }

  /** Only the answer that meets it fails, alone and in a batch. */
  async function expectOneFailure(reply: MockReply, code: string): Promise<void> {
    const respond = always('answer 7', reply);
    for (const grade of [gradeAnswersConcurrently, gradeAnswersInBatch]) {
      const server = await start({ respond });
      const { report } = await run([server], { grade, provider: provider(server.url) });
      expect(report.metrics).toMatchObject({ gradedCount: COUNT - 1, failedCount: 1 });
      expect(report.results[7]).toMatchObject({ status: 'failed', error: { code, retryable: false } });
      // The batch of six that met it is asked one by one.
      expect(server.requests).toHaveLength(grade === gradeAnswersConcurrently ? COUNT : 2 + 6);
    }
  }

  test('20: no money left is no rate to wait for: the first 429 of that kind ends this provider', async () => {
    await expectNextProvider({ error: 'insufficient_quota' }, 'quota');
  });

  test.each([
    [500, 'server'],
    [502, 'server'],
    [503, 'overloaded'],
    [504, 'timeout'],
  ] as const)('21: a %i costs one retry', async (error, code) => {
    await expectOneRetry({ error }, code);
  });

  test('22: a server that stays down is given up after few calls; a second provider grades everything', async () => {
    const [down, up] = [await start({ respond: () => ({ error: 503 }) }), await start()];
    const first = provider(down.url, { name: 'first' });
    const { report, events } = await run([down], { provider: first, count: 24 });
    expect(outcomes(report)).toEqual(allFail('overloaded', 24));
    expect(down.requests.length).toBeLessThanOrEqual(2 * LIMIT + 10);
    expect(eventsOf(events, 'circuit-changed')[0]).toMatchObject({ state: 'open' });

    down.reset();
    const both = await run([down, up], { provider: [first, provider(up.url)], count: 24 });
    expect(both.report.metrics).toMatchObject({ gradedCount: 24 });
    expect(both.report.metrics.fallbacks.at(-1)).toMatchObject({ kind: 'provider', from: 'first', code: 'overloaded' });
    expect(down.requests.length).toBeLessThanOrEqual(2 * LIMIT + 10);
    expect(up.requests).toHaveLength(24);
  });

  test('22: where a server is down only now and then, repeats end with the budget of the run', async () => {
    const server = await start({ respond: ({ index }) => (index % 3 === 0 ? undefined : { error: 503 }) });
    const { report, events } = await run([server], { provider: provider(server.url), count: 40 });
    expect(eventsOf(events, 'circuit-changed')).toEqual([]);
    // The budget pays for repeats alone; a first call in a later mode is none.
    expect(repeatedCalls(events)).toBeGreaterThan(10);
    expect(repeatedCalls(events)).toBeLessThanOrEqual(mostRepeatedCalls(report.metrics.gradedCount));
    expect(server.requests.length).toBeLessThanOrEqual(mostCalls(40, report.metrics));
    // In sequential mode one call in three gets through, and three are allowed: only the budget can end that.
    for (const result of report.results) {
      if (result.status === 'graded') continue;
      const message = expect.stringContaining("the run's budget for repeated calls is spent") as string;
      expect(result.error).toMatchObject({ code: 'overloaded', message });
    }
    expect(report.metrics.gradedCount).toBeGreaterThan(0);
  });

  test('23: a burst of 529 stops the growth of the limit and never cuts it', async () => {
    const adaptive = { min: 1, start: 2, max: 8 };
    const options = { maxConcurrentTasks: 8, count: 24, adaptive };
    const calm = await start({ latencyMs: 5 });
    const undisturbed = await run([calm], { provider: provider(calm.url), ...options });
    expect(undisturbed.report.metrics.limitHistory[0]).toMatchObject({ from: 2, to: 4 });

    const busy = await start({ respond: everyNth(3, { error: 529 }), latencyMs: 5 });
    const { report } = await run([busy], { provider: provider(busy.url), ...options });
    expect(report.metrics).toMatchObject({ gradedCount: 24, retries: 8, rateLimited: 0 });
    for (const { from, to } of report.metrics.limitHistory) expect(to).toBeGreaterThan(from);
    expect(report.metrics.limitHistory.length).toBeLessThan(undisturbed.report.metrics.limitHistory.length);
  });

  test('24: a key that is refused stops all further calls', async () => {
    for (const error of [401, 403] as const) {
      const server = await start({ respond: () => ({ error }), latencyMs: 20 });
      const { report } = await run([server], { provider: provider(server.url), count: 24 });
      expect(outcomes(report)).toEqual(allFail('auth', 24));
      expect(server.requests.length).toBeLessThanOrEqual(LIMIT);
      expect(report.results.filter(({ attempts }) => attempts === 0).length).toBeGreaterThanOrEqual(24 - LIMIT);
    }
  });

  test.each([400, 422] as const)('25: a %i on one answer fails that answer alone', async (error) => {
    await expectOneFailure({ error }, 'invalid_request');
  });

  test('26: a model that does not exist ends this provider', async () => {
    await expectNextProvider({ error: 404 }, 'not_found');
  });

  test.each([
    [408, 'timeout'],
    [409, 'server'],
  ] as const)('27: a %i costs one retry', async (error, code) => {
    await expectOneRetry({ error }, code);
  });

  test.each([413, 'context_length'] as const)('28: %s is not retried: the answer leaves its batch', async (error) => {
    await expectOneFailure({ error }, 'too_large');
    const onlyAlone = await start({ respond: ({ answers }) => (answers.length > 1 ? { error } : undefined) });
    const { report } = await run([onlyAlone], { grade: gradeAnswersInBatch, provider: provider(onlyAlone.url) });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, requests: 2 + COUNT });
  });

  test('29: x-should-retry: false ends the repeats in a mode, not the chain', async () => {
    const final = { error: 500, headers: { 'x-should-retry': 'false' } } as const;
    for (const grade of [gradeAnswersConcurrently, gradeAnswersWithFallback]) {
      const server = await start({ respond: always('answer 7', final) });
      const { report, events } = await run([server], { grade, provider: provider(server.url) });
      expect(report.metrics).toMatchObject({ gradedCount: COUNT - 1, failedCount: 1 });
      expect(eventsOf(events, 'call-retried')).toEqual([]);
      // One call in each mode; a batch of one answer would be the sequential call.
      const calls = grade === gradeAnswersConcurrently ? 1 : 2;
      expect(report.results[7]).toMatchObject({ attempts: calls, error: { code: 'server', retryable: false } });
      expect(server.requests).toHaveLength(COUNT - 1 + calls);
    }

    // Each request meets it once: a call of one in parallel mode, the batch, and no second call of one.
    const once = await start({ respond: everyNth(3, final) });
    const { report, events } = await run([once], { provider: provider(once.url) });
    expect(report.metrics).toMatchObject({
      gradedCount: COUNT,
      requests: COUNT + 1 + 4,
      fallbacks: [
        { from: 'parallel', to: 'batch', code: 'server', answerCount: 4 },
        { from: 'batch', to: 'sequential', code: 'server', answerCount: 4 },
      ],
    });
    expect(eventsOf(events, 'call-retried')).toEqual([]);
  });

  test('29: x-should-retry: true does not repeat what repeats cannot cure; another provider takes over', async () => {
    const headers = { 'x-should-retry': 'true' };
    const [strict, other] = [await start({ respond: everyNth(3, { error: 400, headers }) }), await start()];
    const first = provider(strict.url, { name: 'first' });
    const alone = await run([strict], { provider: first });
    expect(alone.report.metrics).toMatchObject({ gradedCount: 8, requests: COUNT, retries: 0, fallbacks: [] });
    for (const index of [0, 3, 6, 9])
      expect(alone.report.results[index]).toMatchObject({ attempts: 1, error: { code: 'invalid_request' } });

    strict.reset();
    const both = await run([strict, other], { provider: [first, provider(other.url)] });
    expect(both.report.metrics).toMatchObject({
      gradedCount: COUNT,
      requests: COUNT + 4,
      fallbacks: [{ kind: 'provider', from: 'first', code: 'invalid_request', answerCount: 4 }],
    });
    expect(other.requests).toHaveLength(4);

    await expectOneRetry({ error: 503, headers }, 'overloaded');
  });
});
