import { ProviderError, type GradingReport } from 'gradelanes';
import type { SaveContext } from 'gradelanes/http';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { reviewHandler, reviewRequest, submitted } from './review-requests.js';

const key = { 'idempotency-key': 'k-1' };

describe('a request with an idempotency key', () => {
  test('that comes again is not graded again, and gets the same reply', async () => {
    const provider = mockProvider(1);
    const handler = reviewHandler({ provider });
    const replies = [];
    for (let time = 0; time < 2; time += 1) {
      const response = await handler(reviewRequest('parallel', { answers: submitted(3) }, key));
      replies.push(await response.text());
    }
    expect(replies[1]).toBe(replies[0]);
    expect(provider.calls.length).toBe(3);
  });

  test('finds its grades on whichever route it comes', async () => {
    const provider = mockProvider(1);
    const handler = reviewHandler({ provider });
    const answers = submitted(3);
    await handler(reviewRequest('parallel', { answers }, key));
    const batch = await handler(reviewRequest('batch', { answers: answers.slice(1) }, key));
    expect(await batch.json()).toMatchObject({ data: [{ question_index: 1 }, { question_index: 2 }] });
    const single = await handler(reviewRequest('single', answers[2], key));
    expect(await single.json()).toMatchObject({ data: { question_index: 2, status: 'graded' } });
    expect(provider.calls.length).toBe(3);
  });

  test('has only what failed graded again', async () => {
    let isDown = true;
    const provider = mockProvider(({ answer }) =>
      isDown && answer === 'answer 1' ? new ProviderError('refused', 'no') : 1,
    );
    const handler = reviewHandler({ provider });
    const first = await handler(reviewRequest('parallel', { answers: submitted(3) }, key));
    expect(await first.json()).toMatchObject({ metrics: { graded_count: 2 } });
    isDown = false;
    const second = await handler(reviewRequest('parallel', { answers: submitted(3) }, key));
    expect(await second.json()).toMatchObject({
      data: [{ status: 'graded' }, { status: 'graded' }, { status: 'graded' }],
      metrics: { graded_count: 1, requests: 1 },
    });
    expect(provider.answersSeen.toSorted()).toEqual(['answer 0', 'answer 1', 'answer 1', 'answer 2']);
  });

  test('that comes while the first is still served waits for its grades', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { delayMs: 100, clock });
    const handler = reviewHandler({ provider, clock });
    const [first, second] = await clock.runUntil(
      Promise.all([
        handler(reviewRequest('parallel', { answers: submitted(3) }, key)),
        handler(reviewRequest('batch', { answers: submitted(3) }, key)),
      ]),
    );
    expect(await second.text()).toBe(await first.text());
    expect(provider.calls.length).toBe(3);
  });

  test('of which the client left gives its grades to the one that follows', async () => {
    const clock = manualClock();
    const provider = mockProvider(1, { delayMs: 100, clock });
    const saved: (number | undefined)[][] = [];
    const save = (_: GradingReport, { answers }: SaveContext): void => {
      saved.push(answers.map(({ questionIndex }) => questionIndex));
    };
    const handler = reviewHandler({ provider, clock, maxConcurrentTasks: 2 }, { save });
    const abort = new AbortController();
    const left = handler(reviewRequest('parallel', { answers: submitted(4) }, key, abort.signal));
    // The body is read in real time.
    await expect.poll(() => provider.calls.length).toBe(2);
    await clock.advance(150);
    abort.abort();
    expect((await clock.runUntil(left)).status).toBe(499);
    const again = await clock.runUntil(handler(reviewRequest('parallel', { answers: submitted(4) }, key)));
    expect(await again.json()).toMatchObject({ data: submitted(4).map(() => ({ status: 'graded' })) });
    // The last one is a batch of the two that were left.
    expect(provider.calls.map(({ items }) => items[0]?.answer)).toEqual([
      ...['answer 0', 'answer 1', 'answer 2', 'answer 3', 'answer 2'],
    ]);
    // What was graded is saved, once each.
    expect(saved).toEqual([
      [0, 1, 2, 3],
      [2, 3],
    ]);
  });

  test('of which saving failed is saved, and not graded, when it comes again', async () => {
    const provider = mockProvider(1);
    const reports: GradingReport[] = [];
    let isDown = true;
    const save = (report: GradingReport): void => {
      if (isDown) throw new Error('the database is away');
      reports.push(report);
    };
    const handler = reviewHandler({ provider }, { save, onError: () => {} });
    const send = (): Promise<Response> => handler(reviewRequest('parallel', { answers: submitted(3) }, key));
    expect((await send()).status).toBe(500);
    isDown = false;
    expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
    expect(reports.map(({ results }) => results.map(({ index }) => index))).toEqual([[0, 1, 2]]);
    expect(provider.calls.length).toBe(3);
  });

  test('must not come with another answer', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    await handler(reviewRequest('parallel', { answers: submitted(3) }, key));
    const changed = await handler(reviewRequest('single', { question_index: 1, answer: 'another' }, key));
    expect(changed.status).toBe(422);
    expect(await changed.json()).toMatchObject({
      success: false,
      detail: 'Idempotency-Key must be a new one: it came with another answer to question_index 1',
    });
  });

  test('is not known to other learners, sessions and cards', async () => {
    const provider = mockProvider(1);
    const handler = reviewHandler(
      { provider },
      { authorize: ({ headers }) => ({ learnerId: headers.get('authorization') ?? 'nobody' }) },
    );
    const send = (authorization: string, url: string): Promise<Response> => {
      const request = reviewRequest('single', { question_index: 0, answer: 'the same' }, { ...key, authorization });
      return handler(new Request(url, request));
    };
    for (const [learner, path] of [
      ['amina', '/session/42/answer/7'],
      ['ben', '/session/42/answer/7'],
      ['amina', '/session/43/answer/7'],
      ['amina', '/session/42/answer/8'],
      ['amina', '/session/42/answer/7'],
    ] as const) {
      await send(learner, `http://localhost/api/review${path}`);
    }
    expect(provider.calls.length).toBe(4);
  });

  test('keeps its grades in the store it is given, as plain data without answers', async () => {
    const store = new Map<string, string>();
    const idempotencyStore = {
      get: async (each: string): Promise<unknown> => JSON.parse(store.get(each) ?? 'null') as unknown,
      set: async (each: string, value: unknown): Promise<unknown> => store.set(each, JSON.stringify(value)),
    };
    const provider = mockProvider(1);
    const send = (): Promise<Response> =>
      // As after a restart.
      reviewHandler({ provider }, { idempotencyStore })(reviewRequest('parallel', { answers: submitted(3) }, key));
    const first = await (await send()).text();
    expect(await (await send()).text()).toBe(first);
    expect(provider.calls.length).toBe(3);
    const [[name = '', value = ''] = []] = store;
    expect(name).toMatch(/^[\w-]{47}$/);
    expect(value).not.toMatch(/answer \d/);
  });

  test('is served without memory where the store fails', async () => {
    const errors: unknown[] = [];
    const fail = (): never => {
      throw new Error('no connection');
    };
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      { idempotencyStore: { get: fail, set: fail }, onError: (error) => void errors.push(error) },
    );
    const response = await handler(reviewRequest('parallel', { answers: submitted(3) }, key));
    expect(response.status).toBe(200);
    expect(errors).toEqual([new Error('no connection'), new Error('no connection')]);
  });
});
