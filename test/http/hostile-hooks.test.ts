import { createGrader, GradingOptionsError, type Logger } from 'gradelanes';
import { createReviewHandler, type ReviewHandler, type ReviewHandlerOptions } from 'gradelanes/http';
import { mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { questions, reviewHandler, reviewRequest, submitted } from './review-requests.js';

type Hook = 'authorize' | 'load' | 'rateLimit';

/** A handler with a hook that gives what its type forbids, and what that came to. */
async function serveWith(hook: Hook, given: unknown): Promise<{ status: number; told: unknown[]; detail?: string }> {
  const told: unknown[] = [];
  const options = { [hook]: () => given, onError: (error: unknown) => void told.push(error) };
  const handler = reviewHandler({ provider: mockProvider(1, { repeatLast: true }) }, options);
  const response = await handler(reviewRequest('parallel', { answers: submitted(1) }));
  const body = (await response.json()) as { detail?: string };
  return { status: response.status, told, ...(body.detail !== undefined && { detail: body.detail }) };
}

class Session {
  learnerId = 'amina';
}

describe('authorize', () => {
  test.for([
    ['a Response', new Response(null, { status: 401 })],
    ['an Error', new Error('postgres://root:secret@db')],
    ['a list', []],
    ['a status in an object', { status: 401 }],
    ['a learner without an id', { learnerId: undefined }],
    ['a learner with an empty id', { learnerId: ' ' }],
    ['a learner with a number', { learnerId: 7 }],
    ['an inherited id', Object.create({ learnerId: 'amina' })],
    ['an instance of a class', new Session()],
    ...[undefined, null, true, false, 0, 200, 204, 302, 418, 500, 700, NaN, 1n, 'amina', Symbol('amina')].map(
      (value) => [String(value), value] as const,
    ),
  ] as const)('lets nobody in that gives %s, and its author is told', async ([, given]) => {
    const { status, told } = await serveWith('authorize', given);
    expect(status).toBe(403);
    expect(told).toEqual([expect.any(GradingOptionsError)]);
    expect(String(told[0])).toMatch(/^GradingOptionsError: authorize must give \{ learnerId \}/);
    expect(String(told[0])).not.toContain('secret');
  });

  test('lets in a learner with an id, and one without a name where that is said', async () => {
    for (const given of [{ learnerId: 'amina' }, Object.assign(Object.create(null), { learnerId: 'a' }), 'anonymous']) {
      expect(await serveWith('authorize', given)).toMatchObject({ status: 200, told: [] });
    }
  });
});

describe('load', () => {
  test.for([null, undefined])('that gives %s has no such card', async (given) => {
    expect(await serveWith('load', given)).toMatchObject({ status: 404, told: [] });
  });

  test.for([{ question: [] }, { questions: {} }, [], 'card', 7, true])('that gives %j is named', async (given) => {
    const { status, told } = await serveWith('load', given);
    expect(status).toBe(500);
    expect(String(told[0])).toContain('load must give { questions } with a list of questions');
  });
});

describe('rateLimit', () => {
  test.for([null, undefined])('that gives %s lets pass', async (given) => {
    expect(await serveWith('rateLimit', given)).toMatchObject({ status: 200, told: [] });
  });

  test.for([false, {}, { retryAfterMs: NaN }, { retryAfterMs: -5 }, { retryAfterMs: '5' }, 5])(
    'that gives %j is named',
    async (given) => {
      const { status, told } = await serveWith('rateLimit', given);
      expect(status).toBe(500);
      expect(String(told[0])).toContain('rateLimit must give { retryAfterMs }');
    },
  );

  test('never makes anybody wait for more than a day', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) }, { rateLimit: () => ({ retryAfterMs: Infinity }) });
    const response = await handler(reviewRequest('parallel', { answers: submitted(1) }));
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '86400']);
  });

  test('is asked before a body is checked, so that bad bodies count as well', async () => {
    const counts: number[] = [];
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      { rateLimit: ({ answerCount }) => void counts.push(answerCount) },
    );
    for (const body of [{ answers: [1, 2, 3] }, { answers: 'x' }, [], { answers: submitted(1) }]) {
      await handler(reviewRequest('parallel', body));
    }
    expect(counts).toEqual([3, 0, 0, 1]);
  });
});

describe('the handler', () => {
  test('answers 400 to an address that is no URL, which some servers make of the Host header', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    for (const host of ['a b', '[', 'x:y:z']) {
      const request = reviewRequest('parallel', { answers: submitted(1) });
      Object.defineProperty(request, 'url', { value: `http://${host}/api/review/session/42/answers/7/parallel` });
      expect((await handler(request)).status).toBe(400);
    }
    const request = reviewRequest('parallel', { answers: submitted(1) });
    Object.defineProperty(request, 'url', {
      get: () => {
        throw new TypeError('Invalid URL');
      },
    });
    expect((await handler(request)).status).toBe(400);
  });

  test('answers 400 to headers that cannot be', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    for (const headers of [{ 'a b': 'x' }, { tag: 'line\nfeed' }, { tag: '☃' }, { '': 'x' }]) {
      const request = { method: 'POST', url: '/api/review/session/42/answer/7', headers, body: {} };
      const response = await handler.handle(request);
      expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    }
  });

  test('knows no ids with control characters', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const request = reviewRequest('single', submitted(1)[0]);
    for (const id of ['%00', 'a%0D%0Ab', '%7F']) {
      const url = `http://localhost/api/review/session/${id}/answer/7`;
      expect((await handler(new Request(url, request.clone()))).status).toBe(404);
    }
  });

  test.for(['load', 'save', 'authorize', 'rateLimit'] as const)(
    'tells the log of the grader that %s fails, where nobody else is told',
    async (hook) => {
      const logged: unknown[] = [];
      const log = (data: object): void => void logged.push(data);
      const logger: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: log };
      const failing = (): never => {
        throw new Error('away');
      };
      const handler = reviewHandler({ provider: mockProvider(1), logger }, { [hook]: failing });
      expect((await handler(reviewRequest('parallel', { answers: submitted(1) }))).status).toBe(500);
      expect(logged).toEqual([{ error: new Error('away') }]);
    },
  );

  test('never rejects, whatever its hooks give', async () => {
    const values = [undefined, null, 0, NaN, '', 'x', true, {}, [], new Error('x'), Symbol('x'), 1n, () => {}];
    const rejecting = () => Promise.reject(new Error('x'));
    for (const hook of ['authorize', 'load', 'rateLimit', 'save', 'onEvent'] as const) {
      for (const given of [...values.map((value) => () => value), rejecting]) {
        const handler = handlerWith({ [hook]: given });
        const response = await handler(reviewRequest('parallel', { answers: submitted(1) }));
        expect([200, 403, 404, 500]).toContain(response.status);
      }
    }
  });
});

function handlerWith(hooks: object): ReviewHandler {
  const grader = createGrader({ provider: mockProvider(1, { repeatLast: true }) });
  const options: ReviewHandlerOptions = {
    ...{ grader, authorize: () => ({ learnerId: 'amina' }), load: () => ({ questions }), onError: () => {} },
    ...hooks,
  };
  return createReviewHandler(options);
}
