import { expect } from 'vitest';

const cookie = { cookie: 'session=amina' };
const seed = '{"answers":[{"question_index":0,"answer":"..."}],"processing_mode":"parallel","max_concurrent_tasks":5}';

/** A request to a review server that serves the card `ice` to everybody with a session. */
export function post(
  url: string,
  route: string,
  body: string,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/api/review/session/42/${route}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...cookie, ...headers },
    body,
    ...(signal !== undefined && { signal }),
  });
}

/** What a client gets of the review routes on any server, over a real connection. */
export async function expectReviewServer(url: string): Promise<void> {
  const parallel = await post(url, 'answers/ice/parallel', seed);
  expect([parallel.status, parallel.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await parallel.json()).toMatchObject({
    success: true,
    data: [{ question_index: 0, question_id: '1', status: 'graded', is_correct: false, suggested_rating: 1 }],
    metrics: { parallel_tasks_spawned: 0, concurrent_execution_count: 0, fallback_reason: null },
  });
  const batch = await post(url, 'answers/ice/batch', '{"answers":[{"question_index":1,"answer":"true"}]}');
  expect(await batch.json()).toMatchObject({ data: [{ question_index: 1, is_correct: true }] });
  const single = await post(url, 'answer/ice', '{"question_index":0,"answer":"Ice is less dense than water."}');
  expect(await single.json()).toMatchObject({ data: { question_index: 0, is_correct: true } });

  const stream = await post(url, 'answers/ice/parallel', seed, { accept: 'text/event-stream' });
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  expect([...(await stream.text()).matchAll(/^event: (\w+)$/gm)].map(([, event]) => event)).toEqual([
    'progress',
    'result',
  ]);

  await expectProblem(post(url, 'answers/ice/parallel', '{"answers":[{"question_index":2,"answer":"x"}]}'), 400);
  await expectProblem(post(url, 'answers/none/parallel', seed), 404);
  await expectProblem(post(url, 'answers/ice/parallel', seed, { cookie: '' }), 401);
  await expectProblem(post(url, 'answers/ice/parallel', seed, { 'sec-fetch-site': 'cross-site' }), 403);
  await expectProblem(post(url, 'answers/ice/parallel', seed, { 'content-type': 'text/plain' }), 415);
}

/** Pages of `https://app.example` may send requests and read replies; others may not. */
export async function expectPreflights(url: string): Promise<void> {
  const ask = (origin: string): Promise<Response> =>
    fetch(`${url}/api/review/session/42/answers/ice/parallel`, { method: 'OPTIONS', headers: { origin } });
  const allowed = await ask('https://app.example');
  expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.example']);
  const refused = await ask('https://evil.example');
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([405, null]);
}

/** 8 at once are all served, on platforms that bind what waits to the request it waits for, too. */
export async function expectServesAtOnce(url: string): Promise<void> {
  const replies = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const response = await fetch(`${url}/at-once/review/session/42/answers/ice/parallel`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...cookie },
        body: '{"answers":[{"question_index":0,"answer":"Because it is less dense."}]}',
      });
      return response.json();
    }),
  );
  const graded = { success: true, data: [{ status: 'graded', graded_by: 'llm' }] };
  expect(replies).toMatchObject(Array.from({ length: 8 }, () => graded));
}

/** What a handler does that reads the bodies itself. */
export async function expectReadsBodies(url: string): Promise<void> {
  await expectProblem(post(url, 'answers/ice/parallel', '{"answers":'), 400);
  // Several times: a connection that is reset too soon loses the reply only now and then.
  for (let time = 0; time < 5; time += 1) {
    await expectProblem(post(url, 'answers/ice/parallel', JSON.stringify({ answers: 'x'.repeat(1_000_000) })), 413);
  }
}

async function expectProblem(replied: Promise<Response>, status: number): Promise<void> {
  const response = await replied;
  expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
  expect(await response.json()).toMatchObject({ success: false, status });
}
