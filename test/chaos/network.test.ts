import { gradeAnswersConcurrently, type GradingEvent } from 'gradelanes';
import type { MockFault, MockServer } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { outcomes } from '../sample-answers.js';
import { mostRepeatedCalls, repeatedCalls } from './repeated-calls.js';
import { startUnsafeServer, unsafeServers } from './unsafe-servers.js';
import { COUNT, eventsOf, everyNth, LIMIT, mostCalls, useWire } from './use-wire.js';
import { sdks } from './vendors.js';

const { start, run } = useWire();

/** Far longer than a healthy call takes: 0.4 seconds of real time. */
const ATTEMPT_TIMEOUT_MS = 20_000;

/** Sends requests that carry the text to a host that does not exist. */
function fetchThatLoses(text: string): typeof fetch {
  return (input, init) => {
    const isLost = typeof init?.body === 'string' && init.body.includes(text);
    return fetch(isLost ? 'http://grading.invalid' : input, init);
  };
}

/** Sends two of three requests where nobody listens. */
function fetchThatIsRefused(downUrl: string): typeof fetch {
  let calls = 0;
  return (input, init) => fetch(calls++ % 3 === 0 ? input : downUrl, init);
}

/** Longer than a healthy call takes, in real time. */
const CLOSING_MS = 30;

/** Closes connections a while after their abort, as a busy system does. */
const fetchThatClosesLate: typeof fetch = (input, init) => {
  const closing = new AbortController();
  const { signal } = init ?? {};
  signal?.addEventListener('abort', () => setTimeout(() => closing.abort(signal.reason), CLOSING_MS));
  return fetch(input, { ...init, signal: closing.signal });
};

/** What made the calls of a run go out again. */
function retryCodes(events: readonly GradingEvent[]): readonly string[] {
  return eventsOf(events, 'call-retried').map(({ code }) => code);
}

describe.each(sdks)('a network that fails under $name', ({ name, provider }) => {
  /** The first call of one run of single calls meets the fault. */
  async function expectAttemptTimeout(fault: MockFault): Promise<void> {
    const server = await start({ script: [{ fault }] });
    // OpenAI's SDK does not wait for the end of a body that it aborts.
    const isClosingAwaited = fault === 'hang' || name === 'anthropic';
    const { report, events } = await run([server], {
      provider: provider(server.url, { fetch: isClosingAwaited ? fetchThatClosesLate : undefined }),
      count: 3,
      maxConcurrentTasks: 1,
      attemptTimeoutMs: ATTEMPT_TIMEOUT_MS,
      abortGraceMs: 60_000,
    });
    expect(report.metrics).toMatchObject({ gradedCount: 3, requests: 4, retries: 1, leaked: 0, fallbacks: [] });
    const [ended] = eventsOf(events, 'call-ended');
    expect(ended).toMatchObject({ outcome: 'timeout' });
    expect(ended?.durationMs).toBeGreaterThanOrEqual(ATTEMPT_TIMEOUT_MS);
    expect(ended?.durationMs).toBeLessThan(2 * ATTEMPT_TIMEOUT_MS);
    const [stalled, next] = server.requests;
    expect(stalled).toMatchObject({ status: 'aborted' });
    // The slot is free when the connection is closed, not before.
    expect(next?.at).toBeGreaterThanOrEqual(stalled?.endedAt ?? Infinity);
  }

  test('1: a host that is not found is tried again, then fails as network; the other answers are graded', async () => {
    const server = await start();
    const { report } = await run([server], {
      grade: gradeAnswersConcurrently,
      provider: provider(server.url, { fetch: fetchThatLoses('answer 7') }),
      everyCallArrives: false,
    });
    expect(report.results[7]).toMatchObject({
      attempts: 3,
      error: { code: 'network', scope: 'call', retryable: true },
    });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT - 1, requests: COUNT + 2, retries: 2 });
  });

  test('2: refused connections end after a few calls; a second provider grades everything', async () => {
    const [down, up] = [await start(), await start()];
    await down.close();
    const dead = provider(down.url, { name: 'dead' });
    const alone = await run([down], { provider: dead, count: 40, everyCallArrives: false });
    expect(alone.report.metrics).toMatchObject({ gradedCount: 0, failedCount: 40 });
    expect(alone.report.metrics.requests).toBeLessThanOrEqual(2 * LIMIT + 10);
    // Those that were not sent name the fault that closed the provider, like those that met it.
    for (const { attempts, ...result } of alone.report.results) {
      expect(result).toMatchObject({ error: { code: 'network', retryable: true } });
      if (attempts === 0) expect(result).toMatchObject({ error: { scope: 'provider' } });
    }
    expect(alone.report.results.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(0);

    const both = await run([up], { provider: [dead, provider(up.url)], count: 40, everyCallArrives: false });
    expect(both.report.metrics).toMatchObject({ gradedCount: 40, failedCount: 0 });
    expect(both.report.metrics.requests - up.requests.length).toBeLessThanOrEqual(2 * LIMIT + 10);
    expect(up.requests).toHaveLength(40);
    expect(both.report.metrics.fallbacks).toMatchObject([{ kind: 'provider', from: 'dead', answerCount: 40 }]);
  });

  test('2: where some connections are refused and some are not, repeats end with the budget of the run', async () => {
    const [down, up] = [await start(), await start()];
    await down.close();
    const { report, events } = await run([up], {
      provider: provider(up.url, { fetch: fetchThatIsRefused(down.url) }),
      count: 40,
      everyCallArrives: false,
    });
    expect(eventsOf(events, 'circuit-changed')).toEqual([]);
    // The budget pays for repeats alone; a first call in a later mode is none.
    expect(repeatedCalls(events)).toBeGreaterThan(10);
    expect(repeatedCalls(events)).toBeLessThanOrEqual(mostRepeatedCalls(report.metrics.gradedCount));
    expect(report.metrics.requests).toBeLessThanOrEqual(mostCalls(40, report.metrics));
    // In sequential mode one call in three gets through, and three are allowed: only the budget can end that.
    for (const result of report.results) {
      if (result.status === 'graded') continue;
      const message = expect.stringContaining("the run's budget for repeated calls is spent") as string;
      expect(result.error).toMatchObject({ code: 'network', message });
    }
    expect(new Set(retryCodes(events))).toEqual(new Set(['network']));
  });

  test('3: a connection that is reset before any header costs one retry', async () => {
    const server = await start({ respond: everyNth(3, { fault: 'reset' }) });
    const { report, events } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({
      gradedCount: COUNT,
      requests: 16,
      retries: 4,
      processingModeUsed: 'parallel',
    });
    expect(retryCodes(events)).toEqual(['network', 'network', 'network', 'network']);
  });

  test('4: a body that breaks off costs one retry, and its half is thrown away', async () => {
    const server = await start({ respond: everyNth(3, { fault: 'resetMidBody' }) });
    const { report, events } = await run([server], { provider: provider(server.url) });
    expect(report.metrics).toMatchObject({
      gradedCount: COUNT,
      requests: 16,
      retries: 4,
      processingModeUsed: 'parallel',
    });
    expect(retryCodes(events)).toEqual(['network', 'network', 'network', 'network']);
    // It is asked once more, not told that it was wrong.
    expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toContain('Your last reply was rejected');
  });

  test('5: a server that never answers meets the attempt timeout, which closes the socket and then frees the slot', async () => {
    await expectAttemptTimeout('hang');
  });

  test('6: headers and then silence meet the same timer', async () => {
    await expectAttemptTimeout('stallBody');
  });

  test('7: a body that drips meets it too: bytes do not start it anew', async () => {
    await expectAttemptTimeout('dripBody');
  });

  test('8: connections that died while they were idle cost one retry each at most, and no fallback', async () => {
    const server = await start();
    const model = provider(server.url);
    await run([server], { provider: model });
    const idle = server.openSockets;
    expect(idle).toBeGreaterThan(0);
    server.dropConnections();
    const { report, events } = await run([server], { provider: model, everyCallArrives: false });
    expect(report.metrics).toMatchObject({ gradedCount: COUNT, fallbacks: [] });
    expect(report.metrics.retries).toBeGreaterThan(0);
    expect(report.metrics.retries).toBeLessThanOrEqual(idle);
    expect(new Set(retryCodes(events))).toEqual(new Set(['network']));
  });

  /** Alone it fails every answer without a retry; with a second provider, that one grades everything. */
  async function expectUnsafe(url: string): Promise<void> {
    const [nothing, other] = [await start(), await start()];
    const unsafe = provider(url, { name: 'unsafe' });
    const alone = await run([nothing], { provider: unsafe, everyCallArrives: false });
    expect(outcomes(alone.report)).toEqual(Array.from({ length: COUNT }, () => 'network'));
    for (const result of alone.report.results) {
      expect(result).toMatchObject({
        error: { retryable: false, scope: 'provider', message: expect.stringContaining('certificate') },
      });
    }
    expect(alone.report.metrics).toMatchObject({ retries: 0, fallbacks: [] });
    expect(alone.report.metrics.requests).toBeLessThanOrEqual(LIMIT);

    const both = await run([other], { provider: [unsafe, provider(other.url)], everyCallArrives: false });
    expect(both.report.metrics).toMatchObject({
      gradedCount: COUNT,
      fallbacks: [{ code: 'network', from: 'unsafe' }],
    });
  }

  test('9: a port that speaks no TLS is not tried again; another provider takes over', async () => {
    const plain = await start();
    await expectUnsafe(plain.url.replace('http:', 'https:'));
    expect(plain.requests).toEqual([]);
  });

  test.each(unsafeServers)('9: a server %s is not tried again; another provider takes over', async (_, options) => {
    const { url, seen } = await startUnsafeServer(options);
    await expectUnsafe(url);
    expect(seen.connections).toBeGreaterThan(0);
    expect(seen.connections).toBeLessThanOrEqual(2 * LIMIT);
    expect(seen.requests).toBe(0);
  });

  test('10: when all connections drop at once, the calls come back spread out, and nobody takes it for an outage', async () => {
    let server: MockServer | undefined;
    const { promise: haveDropped, resolve } = Promise.withResolvers<void>();
    server = await start({
      respond: async ({ index }) => {
        if (index < 5 || index > 9) return undefined;
        // All five are there.
        if (index === 9) {
          server?.dropConnections();
          resolve();
        }
        await haveDropped;
        return undefined;
      },
    });
    const { report, events } = await run([server], {
      provider: provider(server.url),
      count: 20,
      maxConcurrentTasks: 5,
      everyCallArrives: false,
    });
    expect(report.metrics).toMatchObject({ gradedCount: 20, fallbacks: [] });
    expect(report.metrics.retries).toBe(5);
    expect(eventsOf(events, 'circuit-changed')).toEqual([]);
    const delays = eventsOf(events, 'call-retried').map(({ delayMs }) => delayMs);
    expect(new Set(delays).size).toBe(delays.length);
    for (const delayMs of delays) expect(delayMs).toBeLessThan(1_000);
  });
});
