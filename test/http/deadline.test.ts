import { createGrader, type GradingEvent } from 'gradelanes';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { reviewHandler, reviewRequest, submitted } from './review-requests.js';

const key = { 'idempotency-key': 'k-1' };
const hanging = (): Promise<never> => new Promise(() => {});

describe('deadlineMs', () => {
  test.for(['authorize', 'rateLimit', 'load', 'save'] as const)(
    'ends a request of which %s hangs, and says so on the server',
    async (hook) => {
      const clock = manualClock();
      const errors: unknown[] = [];
      const handler = reviewHandler(
        { provider: mockProvider(1), clock },
        { clock, [hook]: hanging, onError: (error) => void errors.push(error), deadlineMs: 500 },
      );
      const response = await clock.runUntil(handler(reviewRequest('parallel', { answers: submitted(1) })));
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
      expect(errors).toMatchObject([
        { name: 'TimeoutError', message: expect.stringContaining(`${hook} had not ended`) },
      ]);
      expect(clock.now()).toBe(500);
      expect(clock.pendingTimers).toBe(0);
    },
  );

  test('ends a request of which the body never ends', async () => {
    const clock = manualClock();
    const handler = reviewHandler({ provider: mockProvider(1) }, { clock, deadlineMs: 500 });
    const init = Object.assign({ method: 'POST', body: new ReadableStream() }, { duplex: 'half' });
    const response = await clock.runUntil(handler(new Request(reviewRequest('parallel', ''), init)));
    expect(response.status).toBe(408);
  });

  test('covers the wait for requests with the same key', async () => {
    const clock = manualClock();
    const handler = reviewHandler(
      { provider: mockProvider(1, { delayMs: 60_000, clock }), clock },
      { clock, deadlineMs: 500 },
    );
    const send = (): Promise<Response> => handler(reviewRequest('parallel', { answers: submitted(2) }, key));
    const replies = await clock.runUntil(Promise.all(Array.from({ length: 10 }, send)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 503));
    expect(clock.now()).toBeLessThanOrEqual(500);
  });

  test('frees the key of a request of which save hangs', async () => {
    const clock = manualClock();
    const provider = mockProvider(1);
    let isHanging = true;
    const save = (): Promise<void> => (isHanging ? hanging() : Promise.resolve());
    const handler = reviewHandler({ provider, clock }, { clock, save, deadlineMs: 500, onError: () => {} });
    const send = (): Promise<Response> => handler(reviewRequest('parallel', { answers: submitted(2) }, key));
    expect((await clock.runUntil(send())).status).toBe(503);
    isHanging = false;
    expect((await clock.runUntil(send())).status).toBe(200);
    expect(provider.calls.flatMap(({ items }) => items)).toHaveLength(2);
  });

  test('leaves grading no more than nine tenths, so that what is graded is saved', async () => {
    const clock = manualClock();
    const saved: number[] = [];
    const provider = mockProvider(({ answer }) => (answer === 'answer 1' ? hanging() : 1), { delayMs: 100, clock });
    const handler = reviewHandler(
      { provider, clock },
      { clock, deadlineMs: 1_000, save: ({ metrics }) => void saved.push(metrics.gradedCount) },
    );
    const response = await clock.runUntil(handler(reviewRequest('parallel', { answers: submitted(3) })));
    expect(await response.json()).toMatchObject({
      data: [{ status: 'graded' }, { status: 'failed', error: { code: 'deadline_exceeded' } }, { status: 'graded' }],
    });
    expect(saved).toEqual([2]);
  });

  test('gives a store a second, and grades without it', async () => {
    const clock = manualClock();
    const errors: unknown[] = [];
    const handler = reviewHandler(
      { provider: mockProvider(1), clock },
      { clock, idempotencyStore: { get: hanging, set: hanging }, onError: (error) => void errors.push(error) },
    );
    const response = await clock.runUntil(handler(reviewRequest('parallel', { answers: submitted(2) }, key)));
    expect(response.status).toBe(200);
    expect(errors).toMatchObject([{ name: 'TimeoutError' }, { name: 'TimeoutError' }]);
  });

  test('does not make clients that left wait their turn', async () => {
    const clock = manualClock();
    const handler = reviewHandler({ provider: mockProvider(1, { delayMs: 10_000, clock }), clock }, { clock });
    const send = (signal?: AbortSignal): Promise<Response> =>
      handler(reviewRequest('parallel', { answers: submitted(1) }, key, signal));
    const first = send();
    const leaving = new AbortController();
    const second = send(leaving.signal);
    await clock.advance(100);
    leaving.abort();
    expect((await second).status).toBe(499);
    expect(clock.now()).toBe(100);
    expect((await clock.runUntil(first)).status).toBe(200);
  });
});

describe('close()', () => {
  test('waits until grades are saved and replies are out, and takes nothing new', async () => {
    const clock = manualClock();
    const log: string[] = [];
    const save = async (): Promise<void> => {
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, 300));
      log.push('saved');
    };
    const grader = createGrader({ provider: mockProvider(1, { delayMs: 100, clock }), clock });
    const handler = reviewHandler({ provider: mockProvider(1) }, { grader, clock, save });
    const json = handler(reviewRequest('parallel', { answers: submitted(1) })).then(() => log.push('replied'));
    const stream = handler(reviewRequest('parallel', { answers: submitted(1) }, { accept: 'text/event-stream' }))
      .then((response) => response.text())
      .then((text) => log.push(text.includes('event: result') ? 'streamed' : text));
    await clock.advance(50);
    const closed = handler.close().then(() => log.push('closed'));
    expect((await handler(reviewRequest('parallel', { answers: submitted(1) }))).status).toBe(503);
    await clock.runUntil(Promise.all([json, stream, closed]));
    expect(log[0]).toBe('saved');
    expect(log.toSorted()).toEqual(['closed', 'replied', 'saved', 'saved', 'streamed']);
    await grader.close();
  });

  test('ends what outlasts its grace', async () => {
    const clock = manualClock();
    const handler = reviewHandler({ provider: mockProvider(1, { delayMs: 20_000, clock }), clock }, { clock });
    const replied = handler(reviewRequest('parallel', { answers: submitted(1) }));
    await clock.advance(50);
    await clock.runUntil(handler.close({ graceMs: 1_000 }));
    expect(clock.now()).toBe(1_050);
    expect((await clock.runUntil(replied)).status).toBe(499);
    await handler.close();
  });
});

describe('onEvent', () => {
  test('tells of events with the session and the card they belong to', async () => {
    const seen: string[] = [];
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      {
        onEvent: (event: GradingEvent, { sessionId, cardId, learnerId, answers }) => {
          if (event.type === 'call-started') seen.push(`${sessionId} ${cardId} ${learnerId} ${answers.length}`);
        },
      },
    );
    await handler(reviewRequest('parallel', { answers: submitted(1) }));
    expect(seen).toEqual(['42 7 amina 1']);
  });
});
