import { ProviderError } from 'gradelanes';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { reviewHandler, reviewRequest, submitted } from './review-requests.js';

const accept = { accept: 'text/event-stream' };

describe('an event stream', () => {
  test('tells of every answer as it settles, then gives the whole reply', async () => {
    const clock = manualClock();
    const provider = mockProvider(({ answer }) => (answer === 'answer 1' ? new ProviderError('refused', 'no') : 1), {
      delayMs: 100,
      clock,
    });
    const handler = reviewHandler({ provider, clock }, { clock });
    const response = await handler(reviewRequest('parallel', { answers: submitted(3) }, accept));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    const all = eventsOf(await clock.runUntil(response.text()));
    const events = all.filter(({ event }) => event !== 'call');
    expect(events.map(({ event }) => event)).toEqual(['progress', 'progress', 'progress', 'result']);
    expect(events[1]?.data).toMatchObject({ completed: 2, total: 3 });
    expect(events[2]?.data).toMatchObject({ completed: 3, total: 3, graded: 2, failed: 1 });
    const plain = await clock.runUntil(handler(reviewRequest('parallel', { answers: submitted(3) })));
    expect(events[3]?.data).toMatchObject({ success: true, data: { length: 3 } });
    expect(Object.keys(events[3]?.data ?? {})).toEqual(Object.keys((await plain.json()) as object));
  });

  test('tells of every call by the questions in it, and of steps in plain words', async () => {
    const clock = manualClock();
    const down = mockProvider(new ProviderError('server', 'sk-secret'), { delayMs: 100, clock });
    const provider = [down, mockProvider(1, { delayMs: 50, clock })] as const;
    const handler = reviewHandler({ provider, clock, retry: false }, { clock });
    const response = await handler(
      reviewRequest(
        'parallel',
        { answers: [{ question_index: 4, answer: 'x' }], processing_mode: 'sequential' },
        accept,
      ),
    );
    const text = await clock.runUntil(response.text());
    const calls = eventsOf(text).filter(({ event }) => event === 'call');
    expect(calls.map(({ data }) => data)).toMatchObject([
      { type: 'call-started', at_ms: 0, indices: [4] },
      { type: 'call-ended', at_ms: 100, outcome: 'server' },
      { type: 'fallback-taken', at_ms: 100, step: { reason: expect.stringContaining('the grading service failed') } },
      { type: 'call-started', at_ms: 100, indices: [4] },
      { type: 'call-ended', at_ms: 150, outcome: 'ok' },
    ]);
    expect(text).not.toContain('secret');
  });

  test('is none for a client that rules it out', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    for (const [given, type] of [
      ['text/event-stream;q=0, application/json', 'application/json'],
      ['application/json, text/event-stream;q=0.5', 'text/event-stream'],
      ['TEXT/EVENT-STREAM', 'text/event-stream'],
    ] as const) {
      const response = await handler(reviewRequest('single', submitted(1)[0], { accept: given }));
      expect(response.headers.get('content-type')).toBe(type);
      expect(response.headers.get('cache-control')).toContain('no-store');
      await response.text();
    }
  });

  test('carries comments while nothing happens', async () => {
    const clock = manualClock();
    const handler = reviewHandler(
      { provider: mockProvider(1, { delayMs: 22_000, clock }), clock },
      { clock, heartbeatMs: 10_000 },
    );
    const response = await handler(reviewRequest('single', submitted(1)[0], accept));
    const text = await clock.runUntil(response.text());
    expect(text.match(/^:$/gm)?.length).toBe(3);
    expect(eventsOf(text).at(-1)?.data).toMatchObject({ data: { question_index: 0, status: 'graded' } });
  });

  test('ends with an error where nothing was graded', async () => {
    const handler = reviewHandler({ provider: mockProvider(new ProviderError('server', 'sk-secret')), retry: false });
    const response = await handler(reviewRequest('single', submitted(1)[0], accept));
    const text = await response.text();
    expect(eventsOf(text).at(-1)).toMatchObject({
      event: 'error',
      data: { success: false, status: 503, code: 'server', retry_after_ms: 5_000 },
    });
    expect(text).not.toContain('secret');
  });

  test('is no stream where the request itself is refused', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const response = await handler(reviewRequest('parallel', { answers: [] }, accept));
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });

  test('that its reader cancels aborts the calls', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { delayMs: 1_000, clock });
    const handler = reviewHandler({ provider, clock }, { clock });
    const { body } = await handler(reviewRequest('parallel', { answers: submitted(3) }, accept));
    await expect.poll(() => provider.calls.length).toBe(3);
    await clock.advance(500);
    await body?.cancel();
    await clock.runAll();
    expect(provider.calls.map(({ signal }) => signal.aborted)).toEqual([true, true, true]);
    expect(clock.pendingTimers).toBe(0);
  });

  test('tells of grades that were there already', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const headers = { ...accept, 'idempotency-key': 'k-1' };
    await handler(reviewRequest('single', submitted(1)[0], { 'idempotency-key': 'k-1' }));
    const response = await handler(reviewRequest('parallel', { answers: submitted(3) }, headers));
    const events = eventsOf(await response.text()).filter(({ event }) => event !== 'call');
    expect(events[0]?.data).toMatchObject({ completed: 1, total: 3, result: { question_index: 0 } });
    expect(events[2]?.data).toMatchObject({ completed: 3, graded: 3 });
  });
});

describe('200 reviews of 5 answers on one grader', () => {
  test('finish about as soon on average as if they were served one after the other', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { delayMs: 100, clock });
    const handler = reviewHandler({ provider, clock, maxConcurrentTasks: 10, guards: false });
    const finishedAt = await clock.runUntil(
      Promise.all(
        Array.from({ length: 200 }, async (_, learner) => {
          const answers = submitted(5).map((each) => ({ ...each, answer: `${learner}: ${each.answer}` }));
          const response = await handler(reviewRequest('parallel', { answers }));
          expect(response.status).toBe(200);
          return clock.now();
        }),
      ),
    );
    // Two reviews at a time, in the order they came: 100 ms, 100 ms, 200 ms, ... 10,000 ms.
    const firstComeMean = 5_050;
    expect(finishedAt.reduce((sum, each) => sum + each, 0) / 200).toBeLessThanOrEqual(1.1 * firstComeMean);
    expect(Math.max(...finishedAt)).toBe(10_000);
    expect(provider.peakInFlight).toBe(10);
  });
});

describe('a client that leaves', () => {
  test('aborts the calls of a plain request, and of no other', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { delayMs: 1_000, clock });
    const handler = reviewHandler({ provider, clock, maxConcurrentTasks: 10 }, { clock });
    const abort = new AbortController();
    const left = handler(reviewRequest('parallel', { answers: submitted(3) }, {}, abort.signal));
    const stays = handler(reviewRequest('parallel', { answers: submitted(5).slice(3) }));
    // The bodies are read in real time.
    await expect.poll(() => provider.calls.length).toBe(4);
    await clock.advance(500);
    abort.abort();
    const [gone, served] = await clock.runUntil(Promise.all([left, stays]));
    expect([gone.status, served.status]).toEqual([499, 200]);
    expect(provider.calls.filter(({ signal }) => signal.aborted).length).toBe(3);
  });

  test('before it is served has nothing graded', async () => {
    const provider = mockProvider(1);
    const handler = reviewHandler({ provider });
    const request = { method: 'POST', url: '/api/review/session/42/answer/7', body: submitted(1)[0] };
    const headers = { 'content-type': 'application/json' };
    const response = await handler.handle({ ...request, headers, signal: AbortSignal.abort() });
    expect([response.status, provider.calls.length]).toEqual([499, 0]);
  });

  test('after the reply changes nothing', async () => {
    const abort = new AbortController();
    const saved: unknown[] = [];
    const handler = reviewHandler({ provider: mockProvider(1) }, { save: ({ results }) => void saved.push(results) });
    const response = await handler(reviewRequest('parallel', { answers: submitted(3) }, {}, abort.signal));
    abort.abort();
    expect(await response.json()).toMatchObject({ success: true });
    expect(saved.length).toBe(1);
  });
});

function eventsOf(text: string): { event: string; data: object }[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.+)$/gm)].map(([, event = '', data = '{}']) => ({
    event,
    // Whatever the handler wrote; the tests say what.
    data: JSON.parse(data) as object,
  }));
}
