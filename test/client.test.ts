import { GradingOptionsError, ProviderError, selectProcessingMode } from 'gradelanes';
import {
  createReviewClient,
  isReviewError,
  ReviewError,
  type AnswerToReview,
  type ReviewClientOptions,
  type ReviewProgress,
  type ReviewSnapshot,
} from 'gradelanes/client';
import type { Authorization, ReviewHandler, ReviewHandlerOptions } from 'gradelanes/http';
import { mockProvider } from 'gradelanes/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { reviewHandler } from './http/review-requests.js';

afterEach(() => void vi.useRealTimers());

type Send = (request: Request) => Promise<Response>;

/** A client on a handler, with a network in between that may do what it likes. */
function connect(
  handler: ReviewHandler,
  network: (request: Request, send: Send) => Promise<Response> = (each, send) => send(each),
) {
  const requests: { path: string; key: string | null; body: unknown }[] = [];
  const fetch: ReviewClientOptions['fetch'] = async (url, init) => {
    const request = new Request(`http://localhost${url}`, init);
    const body: unknown = await request.clone().json();
    requests.push({
      path: url.replace('/api/review/session/42/', ''),
      key: request.headers.get('idempotency-key'),
      body,
    });
    return network(request, handler);
  };
  return {
    client: createReviewClient({ fetch, retryDelayMs: 0 }),
    requests,
    routes: () => requests.map(({ path }) => path),
  };
}

function answersTo(count: number): AnswerToReview[] {
  return Array.from({ length: count }, (_, questionIndex) => ({ questionIndex, answer: `answer ${questionIndex}` }));
}

/** The reply is lost after the server has done its work. */
const losesReply = async (request: Request, send: Send): Promise<Response> => {
  await (await send(request)).text();
  throw new TypeError('fetch failed');
};

describe('submitAnswersWithProcessingMode()', () => {
  test.for([
    [1, 'answer/7'],
    [2, 'answers/7/batch'],
    [3, 'answers/7/parallel'],
    [10, 'answers/7/parallel'],
  ] as const)('sends %i answers by the route for their number', async ([count, route]) => {
    const { client, routes } = connect(reviewHandler({ provider: mockProvider(1) }));
    const { results, metrics } = await client.submitAnswersWithProcessingMode('42', '7', answersTo(count));
    expect(routes()).toEqual([route]);
    expect(results.map(({ questionIndex, status }) => [questionIndex, status])).toEqual(
      answersTo(count).map(({ questionIndex }) => [questionIndex, 'graded']),
    );
    expect(metrics?.gradedCount).toBe(count);
  });

  test('obeys the mode and the limit that were set', async () => {
    const { client, requests, routes } = connect(reviewHandler({ provider: mockProvider(1) }));
    client.setProcessingMode('sequential');
    await client.submitAnswersWithProcessingMode('42', '7', answersTo(3));
    expect(routes()).toEqual(['answer/7', 'answer/7', 'answer/7']);
    client.setProcessingMode('parallel');
    client.setConcurrencyLimit(2);
    const { metrics } = await client.submitAnswersWithProcessingMode('42', '8', answersTo(3));
    expect(requests[3]?.body).toMatchObject({ processing_mode: 'parallel', max_concurrent_tasks: 2 });
    expect(metrics?.concurrentExecutionCount).toBe(2);
    expect(client.getProcessingConfig()).toEqual({ processingMode: 'parallel', maxConcurrentTasks: 2 });
  });

  test('sends nothing for no answers', async () => {
    const { client, requests } = connect(reviewHandler({ provider: mockProvider(1) }));
    expect(await client.submitAnswersWithProcessingMode('42', '7', [])).toEqual({ results: [], metrics: undefined });
    expect(requests).toEqual([]);
  });

  test('writes ids into the path so that they cannot leave it', async () => {
    const { client, routes } = connect(reviewHandler({ provider: mockProvider(1) }));
    await client.submitAnswersWithProcessingMode('42', 'a/../b?', answersTo(1));
    expect(routes()).toEqual(['answer/a%2F..%2Fb%3F']);
  });
});

describe('a request that is lost', () => {
  test('after its answers were graded does not have them graded again', async () => {
    const provider = mockProvider(1);
    let lost = 0;
    const { client, requests, routes } = connect(reviewHandler({ provider }), (request, send) =>
      (lost += 1) <= 2 ? losesReply(request, send) : send(request),
    );
    const { results, metrics } = await client.submitAnswersWithProcessingMode('42', '7', answersTo(3));
    expect(routes()).toEqual(['answers/7/parallel', 'answers/7/batch', 'answer/7', 'answer/7', 'answer/7']);
    expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
    expect(results.map(({ status }) => status)).toEqual(['graded', 'graded', 'graded']);
    expect(provider.calls.length).toBe(3);
    expect(metrics?.fallbacks.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'parallel -> batch',
      'batch -> sequential',
    ]);
    expect(metrics?.fallbackReason).toBe(
      '3 answers went from parallel to batch: the server could not be reached; 3 answers went from batch to sequential: the server could not be reached',
    );
  });

  test.for([
    ['a connection that fails', async () => Promise.reject(new TypeError('fetch failed'))],
    ['a gateway that has no server', async () => new Response('<h1>', { status: 502 })],
    ['a gateway that gave up', async () => new Response('', { status: 504 })],
    ['a portal that wants a login', async () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['another JSON', async () => Response.json({ status: 'ok' })],
    [
      'a stream that ends too soon',
      async () => new Response(':\n\n', { headers: { 'content-type': 'text/event-stream' } }),
    ],
  ] as const)('to %s is followed by one in the next mode', async ([, fault]) => {
    let count = 0;
    const { client, routes } = connect(reviewHandler({ provider: mockProvider(1) }), (request, send) =>
      (count += 1) === 1 ? fault() : send(request),
    );
    const { results, metrics } = await client.submitAnswersWithProcessingMode('42', '7', answersTo(3));
    expect(routes()).toEqual(['answers/7/parallel', 'answers/7/batch']);
    expect(results.length).toBe(3);
    expect(metrics).toMatchObject({ processingModeUsed: 'batch_fallback', gradedCount: 3, failedCount: 0 });
  });

  test('midway leaves only what has no grade yet to the next mode', async () => {
    const provider = mockProvider(1);
    let count = 0;
    const { client, requests } = connect(reviewHandler({ provider, maxConcurrentTasks: 1 }), async (request, send) => {
      const response = await send(request);
      if ((count += 1) > 1) return response;
      const text = await response.text();
      const cut = [...text.matchAll(/event: progress/g)][2]?.index ?? 0;
      return new Response(text.slice(0, cut + 9), { headers: { 'content-type': 'text/event-stream' } });
    });
    const progress: ReviewProgress[] = [];
    const onProgress = (each: ReviewProgress): void => void progress.push(each);
    const { results } = await client.submitAnswersWithProcessingMode('42', '7', answersTo(4), { onProgress });
    expect(requests[1]?.body).toMatchObject({
      answers: [
        { question_index: 2, answer: 'answer 2' },
        { question_index: 3, answer: 'answer 3' },
      ],
    });
    expect(results.map(({ status }) => status)).toEqual(['graded', 'graded', 'graded', 'graded']);
    expect(progress.map(({ completed, total }) => `${completed}/${total}`)).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });

  test('with one answer left skips the batch of one', async () => {
    const provider = mockProvider(({ answer }) => (answer === 'answer 1' ? new ProviderError('refused', 'no') : 1));
    let count = 0;
    const { client, routes } = connect(reviewHandler({ provider }), async (request, send) => {
      const response = await send(request);
      if ((count += 1) > 1) return response;
      const text = await response.text();
      return new Response(text.slice(0, text.indexOf('event: result')), { headers: response.headers });
    });
    const { results } = await client.submitAnswersWithProcessingMode('42', '7', answersTo(3));
    expect(routes()).toEqual(['answers/7/parallel', 'answer/7']);
    expect(results.map(({ status }) => status)).toEqual(['graded', 'failed', 'graded']);
  });

  test('in every mode rejects with what went wrong', async () => {
    const { client, routes } = connect(reviewHandler({ provider: mockProvider(1) }), () =>
      Promise.reject(new TypeError('fetch failed')),
    );
    const error = await rejection(client.submitAnswersWithProcessingMode('42', '7', answersTo(3)));
    expect(error).toMatchObject({ name: 'ReviewError', status: undefined, cause: new TypeError('fetch failed') });
    expect(routes()).toEqual(['answers/7/parallel', 'answers/7/batch', 'answer/7']);
    expect(client.getSnapshot()).toMatchObject({ status: 'failed', error });
  });

  test('of some answers alone fails these, as data', async () => {
    let count = 0;
    const { client } = connect(reviewHandler({ provider: mockProvider(1) }), (request, send) =>
      (count += 1) === 2 ? Promise.reject(new TypeError('fetch failed')) : send(request),
    );
    const { results } = await client.submitSequentialAnswers('42', '7', answersTo(3));
    expect(results).toMatchObject([
      { status: 'graded' },
      { status: 'failed', questionIndex: 1, questionId: '2', error: { code: 'network', retryable: true } },
      { status: 'graded' },
    ]);
  });

  test('in the one mode it was meant for is not sent in another', async () => {
    const { client, routes } = connect(reviewHandler({ provider: mockProvider(1) }), losesReply);
    await rejection(client.submitParallelAnswers('42', '7', answersTo(3)));
    expect(routes()).toEqual(['answers/7/parallel']);
  });

  test('midway in the one mode it was meant for keeps what came', async () => {
    const { client } = connect(
      reviewHandler({ provider: mockProvider(1), maxConcurrentTasks: 1 }),
      async (request, send) => {
        const text = await (await send(request)).text();
        return new Response(
          text.slice(0, text.lastIndexOf('event: progress', text.lastIndexOf('event: progress') - 1)),
          {
            headers: { 'content-type': 'text/event-stream' },
          },
        );
      },
    );
    const { results, metrics } = await client.submitParallelAnswers('42', '7', answersTo(3));
    expect(results.map(({ status }) => status)).toEqual(['graded', 'failed', 'failed']);
    expect(metrics).toBeUndefined();
  });

  test('because nothing comes any more counts as lost after a while', async () => {
    vi.useFakeTimers();
    const silent = (request: Request): Promise<Response> =>
      new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
      });
    let count = 0;
    const { client, routes } = connect(reviewHandler({ provider: mockProvider(1) }), (request, send) =>
      (count += 1) === 1 ? silent(request) : send(request),
    );
    const submitted = client.submitAnswersWithProcessingMode('42', '7', answersTo(2));
    await vi.advanceTimersByTimeAsync(45_000);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    expect((await submitted).results.length).toBe(2);
    expect(routes()).toEqual(['answers/7/batch', 'answer/7', 'answer/7']);
  });
});

describe('a request that the server refuses', () => {
  const refusals: readonly [name: string, Partial<ReviewHandlerOptions>, status: number, message: string][] = [
    ['400', {}, 400, 'answers[0].question_index must be'],
    ['401', { authorize: () => 401 }, 401, 'the request must say'],
    ['403', { authorize: () => 403 }, 403, 'the learner may not'],
    ['404', { load: () => undefined }, 404, 'there is no such'],
    ['429', { rateLimit: () => ({ retryAfterMs: 2_000 }) }, 429, 'too many requests'],
    ['500', { save: () => Promise.reject(new Error('db')) }, 500, 'the server could not'],
  ];
  test.for(refusals)('with %s is not sent again in another mode', async ([, options, status, message]) => {
    const { client, requests } = connect(reviewHandler({ provider: mockProvider(1) }, options));
    const answers =
      status === 400 ? [11, 12, 13].map((questionIndex) => ({ questionIndex, answer: 'x' })) : answersTo(3);
    const error = await rejection(client.submitAnswersWithProcessingMode('42', '7', answers));
    expect(error).toMatchObject({ status, problem: { success: false, status } });
    expect(error.message.startsWith(message)).toBe(true);
    expect(error.retryAfterMs).toBe(status === 429 ? 2_000 : undefined);
    expect(requests.length).toBe(1);
  });

  test('with 503 is not sent again either, and says when to come back', async () => {
    const provider = mockProvider(() => new ProviderError('overloaded', 'busy'), { repeatLast: true });
    const { client, requests } = connect(reviewHandler({ provider, retry: false }));
    const error = await rejection(client.submitAnswersWithProcessingMode('42', '7', answersTo(3)));
    expect(error).toMatchObject({ status: 503, retryAfterMs: 5_000, problem: { code: 'overloaded' } });
    expect(requests.length).toBe(1);
  });

  test('by a proxy without JSON says so in words', async () => {
    const { client } = connect(
      reviewHandler({ provider: mockProvider(1) }),
      async () => new Response('slow down', { status: 429, headers: { 'retry-after': '7' } }),
    );
    const error = await rejection(client.submitBatchAnswers('42', '7', answersTo(2)));
    expect(error).toMatchObject({ message: 'The server answered 429', retryAfterMs: 7_000, problem: undefined });
  });

  test('one by one keeps what was graded before', async () => {
    let count = 0;
    const authorize = (): Authorization => ((count += 1) > 2 ? 401 : { learnerId: 'amina' });
    const { client } = connect(reviewHandler({ provider: mockProvider(1) }, { authorize }));
    const error = await rejection(client.submitSequentialAnswers('42', '7', answersTo(4)));
    expect(error.status).toBe(401);
    expect(error.results.map(({ questionIndex }) => questionIndex)).toEqual([0, 1]);
  });

  test('one by one, with an outage for some, fails these as data', async () => {
    const provider = mockProvider(({ answer }) => (answer === 'answer 1' ? new ProviderError('auth', 'no') : 1));
    const { client } = connect(reviewHandler({ provider }));
    const { results, metrics } = await client.submitSequentialAnswers('42', '7', answersTo(3));
    expect(results).toMatchObject([
      { status: 'graded' },
      { status: 'failed', error: { code: 'auth' } },
      { status: 'graded' },
    ]);
    expect(metrics).toMatchObject({ requests: 2, concurrentExecutionCount: 1, latencyMs: undefined });
  });
});

describe('idempotency keys', () => {
  test('stay the same while answers are sent again, whole or in part, and change with an answer', async () => {
    const provider = mockProvider(1);
    const { client, requests } = connect(reviewHandler({ provider }));
    await client.submitParallelAnswers('42', '7', answersTo(3));
    await client.submitBatchAnswers('42', '7', answersTo(3).slice(1));
    await client.submitSequentialAnswers('42', '7', answersTo(4).slice(3));
    await client.submitParallelAnswers('42', '7', [{ questionIndex: 0, answer: 'changed' }]);
    await client.submitParallelAnswers('42', '8', answersTo(3));
    const keys = requests.map(({ key }) => key);
    expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 3, 4]);
    expect(provider.answersSeen.length).toBe(8);
  });
});

describe('cancelling', () => {
  test('rejects with the reason, keeps what was graded, and ends the calls on the server', async () => {
    const abort = new AbortController();
    const held: AbortSignal[] = [];
    const provider = mockProvider(({ answer }, { signal }) => {
      if (answer === 'answer 0') return 1;
      held.push(signal);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    });
    const { client, requests } = connect(reviewHandler({ provider }));
    const onProgress = (): void => abort.abort(new Error('enough'));
    const submitted = client.submitAnswersWithProcessingMode('42', '7', answersTo(3), {
      signal: abort.signal,
      onProgress,
    });
    await expect(submitted).rejects.toThrow('enough');
    expect(client.getSnapshot()).toMatchObject({ status: 'aborted', completed: 1, results: [{ status: 'graded' }] });
    expect(requests.length).toBe(1);
    await vi.waitFor(() => expect(held.map(({ aborted }) => aborted)).toEqual([true, true]));
  });

  test('before the start sends nothing', async () => {
    const { client, requests } = connect(reviewHandler({ provider: mockProvider(1) }));
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(client.submitParallelAnswers('42', '7', answersTo(3), { signal })).rejects.toThrow('too late');
    expect(requests).toEqual([]);
  });
});

describe('the snapshot', () => {
  test('goes from idle to done, is only replaced, and tells its listeners', async () => {
    const { client } = connect(reviewHandler({ provider: mockProvider(1), maxConcurrentTasks: 1 }));
    const seen: ReviewSnapshot[] = [client.getSnapshot()];
    const stop = client.subscribe(() => void seen.push(client.getSnapshot()));
    const outcome = await client.submitAnswersWithProcessingMode('42', '7', answersTo(3));
    const lines = seen.map(({ status, completed, mode }) => `${status} ${completed} ${mode ?? '-'}`);
    // Calls that begin and end change the snapshot, too.
    expect([...new Set(lines)]).toEqual([
      ...['idle 0 -', 'submitting 0 -', 'submitting 0 parallel', 'submitting 1 parallel', 'submitting 2 parallel'],
      ...['submitting 3 parallel', 'done 3 parallel'],
    ]);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.at(-1)).toMatchObject({ total: 3, ...outcome });
    expect(client.getSnapshot()).toBe(client.getSnapshot());
    stop();
    client.setConcurrencyLimit(3);
    expect(client.getSnapshot().config.maxConcurrentTasks).toBe(3);
    expect(seen.length).toBe(13);
  });

  test('is that of the latest submission', async () => {
    const { client } = connect(reviewHandler({ provider: mockProvider(1) }));
    const first = client.submitParallelAnswers('42', '7', answersTo(3));
    const second = client.submitBatchAnswers('42', '8', answersTo(2));
    await Promise.all([first, second]);
    expect(client.getSnapshot()).toMatchObject({ status: 'done', mode: 'batch', total: 2, completed: 2 });
  });
});

describe('createReviewClient()', () => {
  test('chooses the mode by the function of the server', () => {
    const { determineProcessingMode } = createReviewClient();
    for (const count of [0, 1, 2, 3, 10]) {
      for (const requested of [undefined, 'auto', 'parallel', 'batch', 'sequential'] as const) {
        expect(determineProcessingMode(count, requested)).toBe(selectProcessingMode(count, requested));
      }
    }
  });

  test('refuses a mode that is none and a limit outside 1 to 10', () => {
    const client = createReviewClient();
    // What plain JavaScript may pass.
    expect(() => client.setProcessingMode('fast' as 'auto')).toThrow(expect.objectContaining({ field: 'mode' }));
    for (const limit of [0, 11, 1.5, Number.NaN]) {
      expect(() => client.setConcurrencyLimit(limit)).toThrow(expect.objectContaining({ field: 'maxConcurrentTasks' }));
    }
    expect(client.getProcessingConfig()).toEqual({ processingMode: 'auto', maxConcurrentTasks: 5 });
  });

  test('sends the headers it is given, asked anew for each request', async () => {
    const seen: (string | null)[] = [];
    const handler = reviewHandler(
      { provider: mockProvider(1) },
      { authorize: ({ headers }) => (seen.push(headers.get('authorization')), { learnerId: 'amina' }) },
    );
    let count = 0;
    const headers = async () => ({ authorization: `token ${(count += 1)}` });
    const fetch: ReviewClientOptions['fetch'] = (url, init) => handler(new Request(url, init));
    const client = createReviewClient({ baseUrl: 'http://localhost/api/review', fetch, headers });
    await client.submitSequentialAnswers('42', '7', answersTo(2));
    await createReviewClient({
      baseUrl: 'http://localhost/api/review',
      fetch,
      headers: { authorization: 'fixed' },
    }).submitBatchAnswers('1', '2', answersTo(2));
    expect(seen).toEqual(['token 1', 'token 2', 'fixed']);
  });

  test('survives listeners that throw', async () => {
    const { client } = connect(reviewHandler({ provider: mockProvider(1) }));
    const onProgress = (): void => {
      throw new Error('mine');
    };
    expect((await client.submitParallelAnswers('42', '7', answersTo(3), { onProgress })).results.length).toBe(3);
  });
});

async function rejection(submitted: Promise<unknown>): Promise<ReviewError> {
  const error: unknown = await submitted.then(
    () => expect.unreachable('it was served'),
    (each: unknown) => each,
  );
  if (!isReviewError(error)) throw error;
  return error;
}

describe('a server that is down', () => {
  const faults: readonly [name: string, fault: () => Promise<Response>][] = [
    ['refuses connections', () => Promise.reject(new TypeError('fetch failed'))],
    ['is behind a gateway', async () => new Response('bad gateway', { status: 502 })],
    ['is a captive portal', async () => new Response('<p>Welcome</p>', { headers: { 'content-type': 'text/html' } })],
    ['replies with nothing', async () => Response.json({ success: true, data: [], metrics: {} })],
  ];
  test.for(faults)(
    'because it %s gets at most 5 requests for 100 answers, further and further apart',
    async ([, fault]) => {
      vi.useFakeTimers();
      const times: number[] = [];
      const fetch = (): Promise<Response> => (times.push(Date.now()), fault());
      const client = createReviewClient({ fetch });
      const outcome = rejection(client.submitAnswersWithProcessingMode('42', '7', answersTo(100)));
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await outcome).toBeInstanceOf(ReviewError);
      expect(times.length).toBeLessThanOrEqual(5);
      const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(pauses.length).toBeGreaterThan(0);
      for (const [index, pause] of pauses.entries()) {
        expect(pause).toBeGreaterThanOrEqual(500 * 2 ** index);
        expect(pause).toBeLessThanOrEqual(1_000 * 2 ** index + 1);
      }
    },
  );

  test('is left alone for as long as it says', async () => {
    vi.useFakeTimers();
    const times: number[] = [];
    const fetch = async (): Promise<Response> => {
      times.push(Date.now());
      return new Response(null, { status: 502, headers: { 'retry-after': '7' } });
    };
    const outcome = rejection(createReviewClient({ fetch }).submitAnswersWithProcessingMode('42', '7', answersTo(3)));
    await vi.advanceTimersByTimeAsync(60_000);
    await outcome;
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(7_000);
  });

  test('is given up when the time of the submission is over', async () => {
    vi.useFakeTimers();
    let count = 0;
    const fetch: ReviewClientOptions['fetch'] = (_, { signal }) => {
      count += 1;
      return new Promise((__, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    };
    const client = createReviewClient({ fetch, timeoutMs: 60_000 });
    const outcome = rejection(client.submitAnswersWithProcessingMode('42', '7', answersTo(100)));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(client.getSnapshot().status).toBe('submitting');
    await vi.advanceTimersByTimeAsync(1_001);
    expect((await outcome).message).toBe('No reply in time');
    expect(count).toBe(2);
  });
});

describe('a reply', () => {
  test.for([
    ['a number', 7],
    ['nothing', null],
    ['a list of nothing', [null]],
    ['lists in lists', JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)],
    ['a status of its own', [{ question_index: 0, status: '<script>' }]],
    ['results of other questions', [{ question_index: 5, status: 'graded' }]],
    ['an empty list', []],
  ] as const)('that holds %s rejects with a ReviewError', async ([, data]) => {
    const fetch = async (): Promise<Response> => Response.json({ success: true, data, metrics: {} });
    const client = createReviewClient({ fetch, retryDelayMs: 0 });
    const error = await rejection(client.submitBatchAnswers('42', '7', answersTo(2)));
    expect(error.name).toBe('ReviewError');
    expect(error.message).toMatch(/^The reply is no review$|^The server could not be reached$/);
  });

  test('that is a redirect is not followed', async () => {
    const inits: RequestInit[] = [];
    const fetch: ReviewClientOptions['fetch'] = async (_, init) => {
      inits.push(init);
      throw new TypeError('unexpected redirect');
    };
    await rejection(createReviewClient({ fetch, retryDelayMs: 0 }).submitBatchAnswers('42', '7', answersTo(2)));
    expect(inits.map(({ redirect }) => redirect)).toEqual(['error']);
  });

  test('of eight megabytes in one event takes little time, in small chunks too', async () => {
    const feedback = 'x'.repeat(8_000_000);
    const result = { question_index: 0, question_id: '1', status: 'graded', feedback };
    const text = `event: result\ndata: ${JSON.stringify({ success: true, data: [result], metrics: {} })}\n\n`;
    const bytes = new TextEncoder().encode(text);
    const fetch = async (): Promise<Response> => {
      let place = 0;
      const body = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          if (place >= bytes.length) controller.close();
          else controller.enqueue(bytes.subarray(place, (place += 16_384)));
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    const before = process.threadCpuUsage();
    const { results } = await createReviewClient({ fetch }).submitBatchAnswers('42', '7', answersTo(1));
    const { user } = process.threadCpuUsage(before);
    const [review] = results;
    expect(review?.status === 'graded' && review.feedback?.length).toBe(8_000_000);
    // It was 13 s when every chunk was searched from the beginning.
    expect(user / 1_000).toBeLessThan(2_000);
  });
});

describe('ids and options', () => {
  test('that lead elsewhere are refused', async () => {
    const client = createReviewClient({ fetch: () => expect.unreachable('nothing is sent') });
    for (const id of ['', '.', '..', '\ud800']) {
      await expect(client.submitBatchAnswers(id, '7', answersTo(2))).rejects.toThrow(GradingOptionsError);
      await expect(client.submitBatchAnswers('42', id, answersTo(2))).rejects.toThrow(GradingOptionsError);
    }
  });

  test('that are no object are refused', () => {
    // What plain JavaScript may pass.
    expect(() => createReviewClient('/v2/review' as ReviewClientOptions)).toThrow('options must be an object');
  });
});

describe('asking again', () => {
  test('has everything graded anew where that is wanted, under a new key', async () => {
    const provider = mockProvider(1, { repeatLast: true });
    const { client, requests } = connect(reviewHandler({ provider }));
    await client.submitBatchAnswers('42', '7', answersTo(2));
    await client.submitBatchAnswers('42', '7', answersTo(2));
    expect(provider.calls.length).toBe(1);
    await client.submitBatchAnswers('42', '7', answersTo(2), { anew: true });
    expect(provider.calls.length).toBe(2);
    expect(new Set(requests.map(({ key }) => key)).size).toBe(2);
  });

  test('keeps the answers of 20 cards in mind', async () => {
    const { client, requests } = connect(reviewHandler({ provider: mockProvider(1, { repeatLast: true }) }));
    for (const card of [...Array(21).keys(), 20, 0]) await client.submitBatchAnswers('42', `${card}`, answersTo(2));
    const keys = requests.map(({ key }) => key);
    expect([keys[21] === keys[20], keys[22] === keys[0]]).toEqual([true, false]);
  });
});

describe('the calls of the model', () => {
  test('are in the snapshot as they begin and end', async () => {
    const { client } = connect(reviewHandler({ provider: mockProvider(1) }));
    await client.submitParallelAnswers('42', '7', answersTo(3));
    const { events } = client.getSnapshot();
    expect(events.filter(({ type }) => type === 'call-started')).toMatchObject([
      { indices: [0] },
      { indices: [1] },
      { indices: [2] },
    ]);
    expect(events.filter(({ type }) => type === 'call-ended')).toHaveLength(3);
  });
});
