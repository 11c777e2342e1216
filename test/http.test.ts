import { createGrader, ProviderError, type GradingReport } from 'gradelanes';
import { createReviewHandler, type ParallelApiResponse, type ReviewProblem, type SaveContext } from 'gradelanes/http';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { questions, reviewHandler, reviewRequest, submitted } from './http/review-requests.js';

describe('the seed application', () => {
  test('sends its request to the parallel route and gets its reply', async () => {
    const clock = manualClock();
    const provider = mockProvider([{ score: 1, feedback: '...' }], { delayMs: 80, clock });
    const handler = reviewHandler({ provider, clock, localGrading: false });
    const replied = handler(
      reviewRequest(
        'parallel',
        '{"answers":[{"question_index":0,"answer":"..."}],"processing_mode":"parallel","max_concurrent_tasks":5}',
      ),
    );
    await clock.runAll();
    const response = await replied;
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      success: true,
      data: [
        {
          question_index: 0,
          question_id: '1',
          status: 'graded',
          is_correct: true,
          feedback: '...',
          suggested_rating: 3,
        },
      ],
      metrics: {
        total_processing_time_ms: 80,
        parallel_tasks_spawned: 1,
        concurrent_execution_count: 1,
        average_task_duration_ms: 80,
        processing_mode_used: 'parallel',
        fallback_reason: null,
      },
    });
  });

  test('keeps its older routes, for a batch and for one answer', async () => {
    const handler = reviewHandler({ provider: mockProvider(1), localGrading: false });
    const batch = await handler(reviewRequest('batch', '{"answers":[{"question_index":3,"answer":"..."}]}'));
    expect(await batch.json()).toMatchObject({
      success: true,
      data: [{ question_index: 3, question_id: '4', is_correct: true }],
      metrics: { processing_mode_used: 'batch' },
    });
    const single = await handler(reviewRequest('single', '{"question_index":0,"answer":"..."}'));
    expect(await single.json()).toMatchObject({
      success: true,
      data: { question_index: 0, question_id: '1', is_correct: true },
      metrics: { processing_mode_used: 'sequential' },
    });
  });

  test.for([
    [1, 'sequential'],
    [2, 'batch'],
    [3, 'parallel'],
    [10, 'parallel'],
  ] as const)('has %i answers graded in %s mode where it asks for none', async ([count, mode]) => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const { data, metrics } = await success(handler(reviewRequest('parallel', { answers: submitted(count) })));
    expect(metrics.processing_mode_used).toBe(mode);
    expect(data.map((each) => each.question_index)).toEqual(submitted(count).map((each) => each.question_index));
  });
});

describe('a request that cannot be served', () => {
  const answers = submitted(1);
  test.for([
    [
      'an answer to a question that the card has not',
      { answers: [{ question_index: 10, answer: 'x' }] },
      'answers[0].question_index',
    ],
    ['no answers', { answers: [] }, 'answers'],
    ['more answers than allowed', { answers: submitted(7) }, 'answers'],
    ['two answers to one question', { answers: [...answers, ...answers] }, 'answers[1].question_index'],
    ['a negative index', { answers: [{ question_index: -1, answer: 'x' }] }, 'answers[0].question_index'],
    ['an answer of a wrong type', { answers: [{ question_index: 0, answer: 7 }] }, 'answers[0].answer'],
    ['no answers at all', {}, 'answers'],
    ['0 tasks', { answers, max_concurrent_tasks: 0 }, 'max_concurrent_tasks'],
    ['11 tasks', { answers, max_concurrent_tasks: 11 }, 'max_concurrent_tasks'],
    ['1.5 tasks', { answers, max_concurrent_tasks: 1.5 }, 'max_concurrent_tasks'],
    ['an unknown mode', { answers, processing_mode: 'fast' }, 'processing_mode'],
  ] as const)('with %s is answered 400 and names the field', async ([, body, field]) => {
    const handler = reviewHandler({ provider: mockProvider(1) }, { maxAnswers: 6 });
    const { problem } = await refused(handler(reviewRequest('parallel', body)), 400);
    expect(problem.detail.startsWith(`${field} must be`)).toBe(true);
    expect(problem.errors).toEqual([{ field, pointer: expect.stringMatching(/^#\/\w/), detail: problem.detail }]);
  });

  test('points at the field', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const { problem } = await refused(
      handler(reviewRequest('parallel', { answers: [...submitted(3), { question_index: 12, answer: 'x' }] })),
      400,
    );
    expect(problem.detail).toBe(
      "answers[3].question_index must be the index of one of the card's 10 questions: received 12",
    );
    expect(problem.errors?.[0]?.pointer).toBe('#/answers/3/question_index');
  });

  test.for(['', '{"answers":', '[]', 'null', '"text"', '\u00FF'])('with a body of %j is answered 400', async (body) => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const bytes = body === '\u00FF' ? new Uint8Array([0xff, 0xfe]) : body;
    const request = new Request(reviewRequest('parallel', ' '), { body: bytes, method: 'POST' });
    expect((await refused(handler(request), 400)).problem.detail).toMatch(/^the body must be/);
  });

  test('of another content type is answered 415', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '']) {
      const request = reviewRequest('parallel', { answers }, { 'content-type': type });
      expect((await refused(handler(request), 415)).headers.get('accept-post')).toBe('application/json');
    }
    const withCharset = reviewRequest('parallel', { answers }, { 'content-type': 'application/json; charset=utf-8' });
    expect((await handler(withCharset)).status).toBe(200);
  });

  test('with a body of a megabyte is answered 413', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const body = JSON.stringify({ answers: [{ question_index: 0, answer: 'x'.repeat(1_000_000) }] });
    expect((await refused(handler(reviewRequest('parallel', body)), 413)).problem.detail).toContain('262144 bytes');
  });

  test('of which the body ends too late or too soon ends all the same', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) });
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    for (const [body, status] of [
      [endless, 413],
      [broken, 400],
    ] as const) {
      const request = new Request(reviewRequest('parallel', ''), streamedBody(body));
      await refused(handler(request), status);
    }
    const announced = reviewRequest('parallel', '{}', { 'content-length': String(1 << 30) });
    await refused(handler(announced), 413);
  });

  test('to another path is answered 404, by another method 405', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const base = 'http://localhost/api/review/session/42';
    for (const path of [
      '',
      '/answers/7',
      '/answers/7/fast',
      '/answers/7/parallel/x',
      '/answer/',
      '/answer/%E0',
      '/answer/7/8',
    ]) {
      await refused(handler(new Request(`${base}${path}`, { method: 'POST' })), 404);
    }
    await refused(handler(new Request('http://localhost/other/session/42/answer/7', { method: 'POST' })), 404);
    const { headers } = await refused(handler(new Request(`${base}/answer/7`)), 405);
    expect(headers.get('allow')).toBe('POST');
  });

  test('about an unknown card is answered 404', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) }, { load: () => undefined });
    await refused(handler(reviewRequest('parallel', { answers })), 404);
  });

  test.for([401, 403, 404] as const)(
    'that authorize turns away with %i is, before its body is read',
    async (status) => {
      const handler = reviewHandler({ provider: mockProvider(1) }, { authorize: async () => status });
      await refused(handler(reviewRequest('parallel', 'no JSON')), status);
    },
  );

  test('about which authorize forgets to say anything is answered 403', async () => {
    // As plain JavaScript may do.
    const authorize = (() => undefined) as unknown as () => 403;
    await refused(
      reviewHandler(
        { provider: mockProvider(1) },
        { authorize, onError: () => {} },
      )(reviewRequest('parallel', { answers })),
      403,
    );
  });

  test('that the rate limit refuses is answered 429 with the time to wait', async () => {
    const seen: (string | number | undefined)[] = [];
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      {
        rateLimit: ({ learnerId, answerCount, sessionId, cardId }) => {
          seen.push(learnerId, answerCount, sessionId, cardId);
          return { retryAfterMs: 1_500 };
        },
      },
    );
    const { problem, headers } = await refused(handler(reviewRequest('parallel', { answers })), 429);
    expect(headers.get('retry-after')).toBe('2');
    expect(problem.retry_after_ms).toBe(1_500);
    expect(seen).toEqual(['amina', 1, '42', '7']);
  });

  test('with an unusable idempotency key is answered 400', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    for (const key of ['a b', 'x'.repeat(256)]) {
      const request = reviewRequest('parallel', { answers }, { 'idempotency-key': key });
      expect((await refused(handler(request), 400)).problem.errors?.[0]?.field).toBe('Idempotency-Key');
    }
  });

  test.for(['load', 'authorize', 'save', 'rateLimit'] as const)(
    'because %s fails is answered 500 without internals',
    async (hook) => {
      const errors: unknown[] = [];
      const failing = () => {
        throw new Error('postgres://root:secret@db');
      };
      const handler = reviewHandler(
        { provider: mockProvider(1) },
        { [hook]: failing, onError: (error) => void errors.push(error) },
      );
      const { text } = await refused(handler(reviewRequest('parallel', { answers })), 500);
      expect(text).not.toContain('postgres');
      expect(errors).toEqual([new Error('postgres://root:secret@db')]);
    },
  );

  test('because the card is wrong is answered 500, and only onError is told why', async () => {
    const errors: unknown[] = [];
    const card = { questions: [{ prompt: '' }] };
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      { load: () => card, onError: (error) => void errors.push(error) },
    );
    expect((await refused(handler(reviewRequest('parallel', { answers })), 500)).text).not.toContain('prompt');
    expect(String(errors[0])).toContain('answers[0].question.prompt must be');
  });
});

describe('requests of other sites', () => {
  const body = { answers: submitted(1) };
  test.for([
    ['cross-site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['of a sibling domain', { 'sec-fetch-site': 'same-site', origin: 'https://blog.localhost' }],
    ['of an old browser elsewhere', { origin: 'https://evil.example' }],
    ['of a sandboxed page', { origin: 'null' }],
  ] as const)('%s are answered 403', async ([, headers]) => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    await refused(handler(reviewRequest('parallel', body, headers)), 403);
  });

  test.for([
    ['of the own page', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost' }],
    ['typed by the user', { 'sec-fetch-site': 'none' }],
    ['of an old browser on the own page', { origin: 'http://localhost' }],
    ['behind a proxy', { origin: 'https://app.example', host: 'app.example' }],
    ['of no browser', {}],
  ] as const)('%s are served', async ([, headers]) => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const replied = await handler(reviewRequest('parallel', body, headers));
    expect(replied.status).toBe(200);
    expect(replied.headers.has('access-control-allow-origin')).toBe(false);
  });

  test('are served where their origin is allowed, and told so', async () => {
    const origin = 'https://app.example';
    const handler = reviewHandler({ provider: mockProvider(1) }, { allowedOrigins: [origin] });
    const headers = { 'sec-fetch-site': 'cross-site', origin };
    const replied = await handler(reviewRequest('parallel', body, headers));
    expect([replied.status, replied.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    const { url } = reviewRequest('parallel', body);
    const preflight = await handler(new Request(url, { method: 'OPTIONS', headers }));
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'POST']);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
    const refusal = await handler(new Request(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example' } }));
    expect([refusal.status, refusal.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  });
});

describe('an outage of the provider', () => {
  const outage = () => new ProviderError('auth', 'anthropic: wrong key sk-secret', { retryAfterMs: 30_000 });

  test('fails single answers, never as wrong ones, where anything was graded', async () => {
    const provider = mockProvider(({ answer }) => (answer === 'answer 1' ? outage() : 1));
    const handler = reviewHandler({ provider, maxConcurrentTasks: 1, mode: 'sequential' });
    const response = await handler(reviewRequest('parallel', { answers: submitted(2), processing_mode: 'sequential' }));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      data: [
        { status: 'graded', is_correct: true },
        { status: 'failed', is_correct: null, error: { code: 'auth', retryable: false } },
      ],
    });
    expect(text).not.toContain('secret');
  });

  test('is a 503 with the time to wait where nothing was graded', async () => {
    const handler = reviewHandler({ provider: mockProvider(outage, { repeatLast: true }) });
    const { problem, headers, text } = await refused(
      handler(reviewRequest('parallel', { answers: submitted(3) })),
      503,
    );
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(25);
    expect(problem.code).toBe('auth');
    expect(text).not.toContain('secret');
  });

  test('is a 503 without a time to wait where waiting would not help', async () => {
    const handler = reviewHandler({ provider: mockProvider(new ProviderError('auth', 'wrong key')) });
    const { problem, headers } = await refused(handler(reviewRequest('parallel', { answers: submitted(3) })), 503);
    expect(problem.code).toBe('auth');
    expect([problem.retry_after_ms, headers.get('retry-after')]).toEqual([undefined, null]);
  });

  test('does not show in the reasons for fallbacks either', async () => {
    const provider = mockProvider((_, call) => (call.attempt === 1 ? new Error('sk-secret') : 1));
    let asked = 0;
    const failsOnce = mockProvider(() => (++asked <= 3 ? new Error('sk-secret') : 1));
    const handler = reviewHandler({ provider: [failsOnce, provider] });
    const { metrics } = await success(handler(reviewRequest('parallel', { answers: submitted(3) })));
    expect(metrics.processing_mode_used).toBe('batch_fallback');
    expect(metrics.fallback_reason).toBe('3 answers went from parallel to batch: the grading service failed');
    expect(JSON.stringify(metrics)).not.toContain('secret');
  });

  test('is none where the answers themselves are refused', async () => {
    const handler = reviewHandler({ provider: mockProvider({ refused: 'not suitable' }) });
    const { data } = await success(handler(reviewRequest('parallel', { answers: submitted(1) })));
    expect(data).toMatchObject([{ status: 'failed', is_correct: null, error: { code: 'refused' } }]);
  });

  test('and a grader that closes is a 503', async () => {
    const grader = createGrader({ provider: mockProvider(1) });
    const handler = reviewHandler({ provider: mockProvider(1) }, { grader });
    await grader.close();
    await refused(handler(reviewRequest('parallel', { answers: submitted(1) })), 503);
  });
});

describe('save', () => {
  test('has stored the grades before the reply goes out', async () => {
    const log: string[] = [];
    const saved: [GradingReport, SaveContext][] = [];
    const save = async (report: GradingReport, context: SaveContext): Promise<void> => {
      await Promise.resolve();
      saved.push([report, context]);
      log.push('saved');
    };
    const handler = reviewHandler({ provider: mockProvider(1) }, { save });
    await handler(reviewRequest('parallel', { answers: [{ question_index: 4, answer: 'x' }] }));
    log.push('replied');
    expect(log).toEqual(['saved', 'replied']);
    const [report, context] = saved[0] ?? [];
    expect(report?.results).toMatchObject([{ status: 'graded', index: 0, scaledScore: 1 }]);
    expect(context).toMatchObject({
      learnerId: 'amina',
      sessionId: '42',
      cardId: '7',
      answers: [{ questionIndex: 4, answer: 'x' }],
    });
  });

  test('is not asked to store an outage', async () => {
    const save = (): void => expect.unreachable('there is nothing to save');
    const handler = reviewHandler({ provider: mockProvider(new ProviderError('auth', 'no')) }, { save });
    await refused(handler(reviewRequest('parallel', { answers: submitted(1) })), 503);
  });
});

describe('handle()', () => {
  test('takes a body that a framework has read, and what it knows of the request', async () => {
    const seen: unknown[] = [];
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      { authorize: ({ locals, headers }) => (seen.push(locals, headers.get('x-tag')), { learnerId: 'ben' }) },
    );
    const response = await handler.handle({
      method: 'POST',
      url: '/api/review/session/42/answer/7',
      headers: { 'content-type': 'application/json', 'x-tag': ['a', 'b'], 'x-none': undefined, ':path': '/x' },
      body: { question_index: 0, answer: 'x' },
      locals: { user: 'ben' },
    });
    expect(await response.json()).toMatchObject({ data: { status: 'graded' } });
    expect(seen).toEqual([{ user: 'ben' }, 'a, b']);
  });

  test('checks as much as the handler itself', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) });
    const request = { method: 'POST', url: '/api/review/session/42/answer/7', headers: new Headers(), body: {} };
    await refused(handler.handle(request), 415);
    await refused(handler.handle({ ...request, headers: { origin: 'https://evil.example' } }), 403);
    await refused(handler.handle({ ...request, url: 'http://[' }), 400);
  });
});

describe('createReviewHandler()', () => {
  test.for([
    ['load', { load: undefined }],
    ['onEvent', { onEvent: 7 }],
    ['allowedOrigins', { allowedOrigins: ['https://*.app.example'] }],
    ['grader', { grader: {} }],
    ['authorize', { authorize: undefined }],
    ['authorize', { authorize: 'everybody' }],
    ['basePath', { basePath: 'api/' }],
    ['maxBodyBytes', { maxBodyBytes: 0 }],
    ['maxAnswers', { maxAnswers: 1.5 }],
    ['deadlineMs', { deadlineMs: Infinity }],
    ['heartbeatMs', { heartbeatMs: -1 }],
    ['allowedOrigins', { allowedOrigins: ['app.example'] }],
    ['idempotencyStore', { idempotencyStore: {} }],
    ['clock', { clock: {} }],
    ['autorize', { autorize: 'none' }],
  ] as const)('refuses a wrong %s by name', ([field, options]) => {
    const valid = {
      load: () => ({ questions }),
      grader: createGrader({ provider: mockProvider(1) }),
      authorize: 'none',
    };
    // Misuse that the types would not allow.
    const misuse = { ...valid, ...options } as unknown as Parameters<typeof createReviewHandler>[0];
    expect(() => createReviewHandler(misuse)).toThrow(expect.objectContaining({ name: 'GradingOptionsError', field }));
  });

  test('lets everybody in where it is told to', async () => {
    const handler = reviewHandler({ provider: mockProvider(1) }, { authorize: 'none', basePath: '' });
    const request = new Request('http://localhost/session/1/answer/2', reviewRequest('single', submitted(1)[0]));
    expect((await handler(request)).status).toBe(200);
  });
});

async function success(replied: Promise<Response>): Promise<ParallelApiResponse> {
  const response = await replied;
  expect(response.status).toBe(200);
  // The contract, which the tests above check.
  return (await response.json()) as ParallelApiResponse;
}

async function refused(
  replied: Promise<Response>,
  status: number,
): Promise<{ problem: ReviewProblem; headers: Headers; text: string }> {
  const response = await replied;
  const text = await response.text();
  // What is expected of it comes next.
  const problem = JSON.parse(text) as ReviewProblem;
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect([response.status, problem.status, problem.success]).toEqual([status, status, false]);
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), detail: expect.any(String) });
  return { problem, headers: response.headers, text };
}

/** Node asks for `duplex`, which the types of browsers do not know. */
function streamedBody(body: ReadableStream): RequestInit {
  return Object.assign({ method: 'POST', body }, { duplex: 'half' });
}
