import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import AnthropicPrevious from 'anthropic-previous';
import { isGradingOptionsError } from 'gradelanes';
import { mockServer, type MockReply, type MockServer, type MockServerOptions } from 'gradelanes/testing-server';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { objectOf, type JsonObject } from '../src/json/untyped-json.js';
import { modelRequest } from './tools/model-call.js';

let server: MockServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function start(options?: MockServerOptions): Promise<MockServer> {
  server = await mockServer(options);
  return server;
}

const openai = ({ url }: MockServer): OpenAI =>
  new OpenAI({ apiKey: 'sk-secret', baseURL: `${url}/v1`, maxRetries: 0 });
const anthropic = ({ url }: MockServer): Anthropic =>
  new Anthropic({ apiKey: 'sk-secret', baseURL: url, maxRetries: 0 });

/** A request that every check lets pass. */
const RIGHT = {
  '/v1/chat/completions': { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
  '/v1/responses': { model: 'm', input: 'Hi' },
  '/v1/messages': { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hi' }] },
  '/v1/decisions': { model: 'm', input: 'Hi', questions: [{ type: 'predicate', instructions: 'Is it?' }] },
} as const;

const HELLO = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'Hi' }] };

type Path = keyof typeof RIGHT;

async function post(
  { url }: MockServer,
  path: string,
  body: unknown = RIGHT['/v1/responses'],
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-secret', 'anthropic-version': '2026-10-21', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function bodyOf(response: Response): Promise<JsonObject> {
  return objectOf(await response.json());
}

const graded = modelRequest('because it is less dense', 'no idea');
const gradedBody = {
  model: 'm',
  input: [
    { role: 'system', content: graded.system },
    { role: 'user', content: graded.prompt },
  ],
  text: { format: { type: 'json_schema', name: 'grading', strict: true, schema: graded.schema } },
};

async function ask(reply: MockReply): Promise<Response> {
  return post(await start({ script: [reply] }), '/v1/responses', gradedBody);
}

async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    return error;
  }
}

async function resultsOf(at: MockServer): Promise<unknown> {
  const response = await bodyOf(await post(at, '/v1/responses', gradedBody));
  const [message] = response['output'] as { content: { text: string }[] }[];
  return objectOf(JSON.parse(message?.content[0]?.text ?? '{}'))['results'];
}

describe('the structured-output helpers of the SDKs', () => {
  const Verdict = z.object({ score: z.number(), feedback: z.string() });
  const expected = { score: 0.5, feedback: 'Mock feedback.' };

  test('work on chat completions', async () => {
    const completion = await openai(await start({ score: () => 0.5 })).chat.completions.parse({
      model: 'gpt-6-luna',
      messages: [{ role: 'user', content: 'Grade.' }],
      response_format: zodResponseFormat(Verdict, 'verdict'),
    });
    expect(completion.choices[0]?.message.parsed).toEqual(expected);
  });

  test('work on Responses', async () => {
    const response = await openai(await start({ score: () => 0.5 })).responses.parse({
      model: 'gpt-6-luna',
      instructions: 'Grade.',
      input: 'This.',
      text: { format: zodTextFormat(Verdict, 'verdict') },
    });
    expect(response.output_parsed).toEqual(expected);
  });

  test('work on messages', async () => {
    const message = await anthropic(await start({ score: () => 0.5 })).messages.parse({
      model: 'claude-haiku-5-5',
      max_tokens: 100,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Grade.' }] }],
      output_config: { format: zodOutputFormat(Verdict) },
    });
    expect(message.parsed_output).toEqual(expected);
  });
});

describe('tools and decisions', () => {
  const parameters = { type: 'object', properties: { ok: { type: 'boolean' } } };

  test('a tool is called with what its schema asks for, by every protocol', async () => {
    const at = await start();
    const completion = await openai(at).chat.completions.create({
      ...RIGHT['/v1/chat/completions'],
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ type: 'function', function: { name: 'grade', parameters } }],
    });
    const response = await openai(at).responses.create({
      model: 'm',
      input: 'Hi',
      tools: [{ type: 'function', name: 'grade', parameters, strict: false }],
    });
    const message = await anthropic(at).messages.create({
      ...RIGHT['/v1/messages'],
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ name: 'grade', input_schema: { type: 'object', properties: parameters.properties } }],
    });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { content: null, tool_calls: [{ function: { name: 'grade', arguments: '{"ok":true}' } }] },
    });
    expect(response.output[0]).toMatchObject({ type: 'function_call', name: 'grade', arguments: '{"ok":true}' });
    expect(message).toMatchObject({ stop_reason: 'tool_use', content: [{ type: 'tool_use', input: { ok: true } }] });
  });

  test('a tool input that is no JSON arrives at Anthropic as an empty one', async () => {
    const at = await start({ script: [{ text: '{"ok":' }] });
    const message = await anthropic(at).messages.create({
      ...RIGHT['/v1/messages'],
      messages: [{ role: 'user', content: 'Hi' }],
      tools: [{ name: 'grade', input_schema: { type: 'object' } }],
    });
    expect(message.content).toMatchObject([{ type: 'tool_use', input: {} }]);
  });

  test('decisions answer every kind of question by the score of its text', async () => {
    const at = await start({ score: (text) => (text === 'right' ? 1 : 0) });
    const levels = [{ label: 'bad' }, { label: 'fair' }, { label: 'good' }];
    const decision = await openai(at).decisions.create({
      model: 'gpt-6-luna',
      input: 'Material',
      questions: [
        { type: 'score', name: 'one', instructions: 'Mark <answer key="k">"right"</answer>', levels },
        { type: 'score', instructions: 'wrong', levels },
        { type: 'predicate', instructions: 'right' },
        { type: 'choice', instructions: 'right', choices: [{ value: 'yes' }, { value: 'no' }] },
      ],
    });
    expect(decision.answers).toMatchObject([
      { type: 'score', name: 'one', score: 2, probabilities: [{ value: 0 }, { value: 1 }, { probability: 1 }] },
      { type: 'score', name: null, score: 0, confidence: 1 },
      { type: 'predicate', probability: 1 },
      { type: 'choice', choice: 'yes' },
    ]);
    expect(at.requests[0]).toMatchObject({ keys: ['k'], answers: ['right'] });
  });

  test('decisions can be refused or broken', async () => {
    const at = await start({ script: [{ fault: 'filter' }, { fault: 'malformed' }] });
    const answersOf = async (): Promise<unknown> =>
      (await bodyOf(await post(at, '/v1/decisions', RIGHT['/v1/decisions'])))['answers'];
    expect(await answersOf()).toEqual([]);
    expect(await answersOf()).toEqual([]);
  });
});

describe('requests that the real servers reject', () => {
  const open = { type: 'object', properties: { a: { type: 'string' } } };
  const bounded = { type: 'object', properties: { a: { type: 'integer', maximum: 5 } }, additionalProperties: false };

  test.each<[Path, object, RegExp]>([
    ['/v1/chat/completions', { model: undefined }, /model parameter/],
    ['/v1/chat/completions', { messages: [] }, /messages/],
    ['/v1/chat/completions', { stream: true }, /stream/],
    ['/v1/chat/completions', { response_format: { type: 'json_schema' } }, /json_schema\.name/],
    [
      '/v1/chat/completions',
      { response_format: { type: 'json_schema', json_schema: { name: 'x' } } },
      /json_schema\.schema/,
    ],
    [
      '/v1/chat/completions',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema: open } } },
      /additionalProperties/,
    ],
    ['/v1/responses', { model: undefined }, /'model'/],
    ['/v1/responses', { input: undefined }, /'input'/],
    ['/v1/responses', { stream: true }, /stream/],
    ['/v1/responses', { max_output_tokens: 15 }, /max_output_tokens/],
    ['/v1/responses', { text: { format: { type: 'json_schema', schema: open } } }, /text\.format\.name/],
    ['/v1/responses', { text: { format: { type: 'json_schema', name: 'x' } } }, /text\.format\.schema/],
    ['/v1/responses', { text: { format: { type: 'json_schema', name: 'x', schema: open } } }, /additionalProperties/],
    ['/v1/messages', { model: undefined }, /model: Field required/],
    ['/v1/messages', { max_tokens: undefined }, /max_tokens: Field required/],
    ['/v1/messages', { temperature: 1 }, /temperature/],
    ['/v1/messages', { stream: true }, /stream/],
    ['/v1/messages', { output_config: { format: { type: 'json_schema' } } }, /schema: Field required/],
    ['/v1/messages', { output_config: { format: { type: 'json_schema', schema: bounded } } }, /maximum/],
    ['/v1/decisions', { model: undefined }, /'model'/],
    ['/v1/decisions', { input: undefined }, /'input'/],
    ['/v1/decisions', { questions: [] }, /questions/],
    ['/v1/decisions', { questions: [{ type: 'score', instructions: 'x', levels: [{ label: 'one' }] }] }, /levels/],
  ])('%s with %j', async (path, change, message) => {
    const response = await post(await start(), path, { ...RIGHT[path], ...change });
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(message);
  });

  test('are let through where an older version or a looser mode allows it', async () => {
    const at = await start();
    const loose = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: open } } };
    const older = { 'anthropic-version': '2023-06-01' };
    const statuses = [
      await post(at, '/v1/messages', { ...RIGHT['/v1/messages'], temperature: 0 }, older),
      await post(at, '/v1/chat/completions', { ...RIGHT['/v1/chat/completions'], ...loose }),
      await post(at, '/v1/responses', {
        ...RIGHT['/v1/responses'],
        text: { format: { type: 'json_schema', name: 'x', strict: false, schema: open } },
      }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([200, 200, 200]);
  });

  test('because there is no key', async () => {
    const at = await start();
    for (const path of Object.keys(RIGHT)) {
      expect((await post(at, path, {}, { authorization: '' })).status).toBe(401);
    }
  });

  test('because no version is named', async () => {
    const response = await post(await start(), '/v1/messages', RIGHT['/v1/messages'], { 'anthropic-version': '' });
    expect(response.status).toBe(400);
  });

  test('because the body is no JSON', async () => {
    const at = await start();
    expect((await post(at, '/v1/responses', '{"model":')).status).toBe(400);
    expect(at.requests[0]).toMatchObject({ body: undefined, status: 400 });
  });

  test('because the path is unknown', async () => {
    const response = await post(await start(), '/v1/embeddings?x=1');
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('POST /v1/embeddings. The mock server speaks POST /v1/chat/completions');
  });
});

describe('errors as the vendors send them', () => {
  test.each([400, 401, 402, 403, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529] as const)(
    '%i carries the body and the request id of the vendor',
    async (error) => {
      const at = await start({ respond: () => ({ error }) });
      const openaiError = await errorOf(openai(at).responses.create(RIGHT['/v1/responses']));
      const anthropicError = await errorOf(anthropic(at).messages.create(HELLO));
      expect(openaiError).toMatchObject({ status: error, requestID: 'req_00000000', type: expect.any(String) });
      expect(anthropicError).toMatchObject({
        status: error,
        requestID: 'req_01mock00000001',
        type: expect.any(String),
      });
    },
  );

  test.each([
    ['insufficient_quota', 429, { code: 'insufficient_quota' }, { errorCode: 'enforced_spend_limit_reached' }],
    ['context_length', 400, { code: 'context_length_exceeded' }, { apiMessage: expect.stringContaining('too long') }],
    ['content_filter', 400, { code: 'content_filter' }, { apiMessage: expect.stringContaining('filtering') }],
  ] as const)('%s is told apart by code or words', async (error, status, openaiShape, anthropicShape) => {
    const at = await start({ respond: () => ({ error }) });
    const fromOpenAI = await errorOf(openai(at).responses.create(RIGHT['/v1/responses']));
    const fromAnthropic = await errorOf(anthropic(at).messages.create(HELLO));
    expect(fromOpenAI).toMatchObject({ status, ...openaiShape });
    expect(fromAnthropic).toMatchObject({ status, ...anthropicShape });
  });

  test('may say how long to wait, in both spellings', async () => {
    const at = await start({ script: [{ error: 429, retryAfterMs: 1_200, headers: { 'x-should-retry': 'true' } }] });
    const { headers } = await post(at, '/v1/responses');
    expect([headers.get('retry-after-ms'), headers.get('retry-after')]).toEqual(['1200', '2']);
    expect(headers.get('x-should-retry')).toBe('true');
  });
});

describe('faults', () => {
  test('hang: nothing comes', async () => {
    const abort = new AbortController();
    const at = await start({ script: [{ fault: 'hang' }] });
    const pending = openai(at).responses.create(RIGHT['/v1/responses'], { signal: abort.signal });
    await expect.poll(() => at.requests[0]?.body).toBeDefined();
    expect(at.inFlight).toBe(1);
    abort.abort();
    await expect(pending).rejects.toThrow('aborted');
    await expect.poll(() => at.requests[0]?.status).toBe('aborted');
    expect(at.inFlight).toBe(0);
  });

  test('stallBody: headers and half a body, then silence', async () => {
    const response = await ask({ fault: 'stallBody' });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    expect(server?.inFlight).toBe(1);
    await reader?.cancel();
  });

  test('dripBody: headers, then byte by byte to the end', async () => {
    const response = await post(await start({ respond: () => ({ fault: 'dripBody' }) }), '/v1/responses');
    const reader = response.body?.getReader();
    for (const _ of [1, 2, 3]) expect((await reader?.read())?.value).toHaveLength(1);
    expect(server?.inFlight).toBe(1);
    await reader?.cancel();
  });

  test('reset: the connection drops', async () => {
    await expect(ask({ fault: 'reset' })).rejects.toThrow('fetch failed');
    await expect.poll(() => server?.requests[0]?.status).toBe('aborted');
  });

  test('resetMidBody: the connection drops half-way', async () => {
    const response = await ask({ fault: 'resetMidBody' });
    await expect(response.text()).rejects.toThrow('terminated');
    await expect.poll(() => server?.requests[0]?.status).toBe('aborted');
  });

  test('truncatedBody: half a JSON document that ends as if it were whole', async () => {
    const text = await (await ask({ fault: 'truncatedBody' })).text();
    expect(text).toMatch(/^\{"id":"resp_/);
    expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
  });

  test('html: a page with status 200', async () => {
    const response = await ask({ fault: 'html' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  test('empty: status 200 and no body', async () => {
    const response = await ask({ fault: 'empty' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test('malformed: the model writes text that is no JSON, in a good response', async () => {
    const body = await bodyOf(await ask({ fault: 'malformed' }));
    const [{ content }] = body['output'] as [{ content: [{ text: string }] }];
    expect(body['status']).toBe('completed');
    expect(() => JSON.parse(content[0].text) as unknown).toThrow(SyntaxError);
  });

  test.each<[Path, 'length' | 'refusal' | 'filter', object]>([
    ['/v1/chat/completions', 'length', { choices: [{ finish_reason: 'length', message: { refusal: null } }] }],
    [
      '/v1/chat/completions',
      'refusal',
      { choices: [{ finish_reason: 'stop', message: { content: null, refusal: expect.any(String) } }] },
    ],
    ['/v1/chat/completions', 'filter', { choices: [{ finish_reason: 'content_filter' }] }],
    ['/v1/responses', 'length', { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    ['/v1/responses', 'refusal', { status: 'completed', output: [{ content: [{ type: 'refusal' }] }] }],
    ['/v1/responses', 'filter', { status: 'incomplete', incomplete_details: { reason: 'content_filter' } }],
    ['/v1/messages', 'length', { stop_reason: 'max_tokens' }],
    [
      '/v1/messages',
      'refusal',
      { stop_reason: 'refusal', content: [], stop_details: { type: 'refusal' }, usage: { output_tokens: 0 } },
    ],
    ['/v1/messages', 'filter', { stop_reason: 'refusal', content: [] }],
  ])('%s tells %s in the words of the vendor', async (path, fault, expected) => {
    const at = await start({ script: [{ fault }] });
    expect(await bodyOf(await post(at, path, RIGHT[path]))).toMatchObject(expected);
  });
});

describe('replies', () => {
  test('grade every answer by its score', async () => {
    const at = await start({ score: (text) => (text.includes('dense') ? 0.8 : 0) });
    expect(await resultsOf(at)).toMatchObject([
      { key: 'k1', levels: [4] },
      { key: 'k2', levels: [0] },
    ]);
  });

  test('can change, drop and add verdicts', async () => {
    const verdicts = [undefined, null, { key: 'foreign', levels: [2] }];
    const at = await start({ script: [{ verdicts }, { verdicts: [{ levels: [1] }] }] });
    expect(await resultsOf(at)).toEqual([
      expect.objectContaining({ key: 'k1', levels: [5] }),
      { key: 'foreign', levels: [2] },
    ]);
    expect(await resultsOf(at)).toMatchObject([
      { key: 'k1', levels: [1] },
      { key: 'k2', levels: [5] },
    ]);
  });

  test('can change the verdicts of a request without a schema', async () => {
    const at = await start({ script: [{ verdicts: [{ levels: [1] }] }] });
    const body = await bodyOf(await post(at, '/v1/responses'));
    expect(JSON.stringify(body['output'])).toContain('{\\"results\\":[{\\"levels\\":[1]}]}');
  });

  test('can be any text, with any stop', async () => {
    const at = await start({ script: [{ text: 'Hello', stop: 'length' }] });
    const message = await anthropic(at).messages.create({
      ...RIGHT['/v1/messages'],
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect(message).toMatchObject({ content: [{ text: 'Hello' }], stop_reason: 'max_tokens' });
  });

  test('can be any response', async () => {
    const at = await start({
      script: [{ status: 200, body: { error: { code: 429 } } }, { status: 418, body: 'teapot' }, { status: 204 }],
    });
    expect(await bodyOf(await post(at, '/v1/responses'))).toEqual({ error: { code: 429 } });
    const text = await post(at, '/v1/responses');
    expect([text.status, text.headers.get('content-type'), await text.text()]).toEqual([418, 'text/plain', 'teapot']);
    expect((await post(at, '/v1/responses')).status).toBe(204);
  });

  test('come from the script first, then from respond, then by default', async () => {
    const at = await start({
      script: [undefined, { status: 201 }],
      respond: ({ index }) => (index === 0 ? { status: 202 } : undefined),
    });
    at.enqueue({ status: 203 });
    const statuses = [];
    for (let round = 0; round < 4; round++) statuses.push((await post(at, '/v1/responses')).status);
    expect(statuses).toEqual([202, 201, 203, 200]);
  });

  test('can depend on how often the same answers were sent', async () => {
    const at = await start({ respond: ({ attempt }) => (attempt === 1 ? { error: 500 } : undefined) });
    const statuses = [
      await post(at, '/v1/responses', gradedBody),
      await post(at, '/v1/responses', gradedBody),
      await post(at, '/v1/responses', { model: 'm', input: 'other' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([500, 200, 500]);
  });

  test('without a schema are a sentence; a schema in the prompt counts', async () => {
    const at = await start();
    const plain = await bodyOf(await post(at, '/v1/chat/completions', RIGHT['/v1/chat/completions']));
    const messages = [{ role: 'system', content: 'As JSON:\n{"properties":{"ok":{"type":"boolean"}}}' }];
    const asked = await bodyOf(await post(at, '/v1/chat/completions', { model: 'm', messages }));
    const broken = await bodyOf(
      await post(at, '/v1/chat/completions', { model: 'm', messages: [{ role: 'system', content: '{broken' }] }),
    );
    expect([plain, asked, broken].map((body) => JSON.stringify(body['choices']))).toEqual([
      expect.stringContaining('Mock reply.'),
      expect.stringContaining('{\\"ok\\":true}'),
      expect.stringContaining('Mock reply.'),
    ]);
  });

  test('count tokens as told', async () => {
    const at = await start({ countTokens: (text) => (text.includes('Hi') ? 7 : 3) });
    expect((await bodyOf(await post(at, '/v1/responses')))['usage']).toMatchObject({
      input_tokens: 7,
      output_tokens: 3,
      total_tokens: 10,
    });
  });

  test("tell the tokens that a test wants, in the vendor's way of counting", async () => {
    const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 10, reasoningTokens: 5 };
    const at = await start({ respond: () => ({ usage }) });
    const usageAt = async (path: Path): Promise<unknown> => (await bodyOf(await post(at, path, RIGHT[path])))['usage'];
    expect(await usageAt('/v1/responses')).toMatchObject({
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
      output_tokens_details: { reasoning_tokens: 5 },
    });
    expect(await usageAt('/v1/chat/completions')).toMatchObject({ prompt_tokens: 100, completion_tokens: 20 });
    expect(await usageAt('/v1/messages')).toMatchObject({
      input_tokens: 30,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 10,
    });
  });
});

describe('latency', () => {
  test.each<[string, MockServerOptions]>([
    ['for all requests', { latencyMs: 30 }],
    ['by request', { latencyMs: ({ index }) => (index === 0 ? 30 : 0) }],
    ['by reply', { latencyMs: 60_000, script: [{ latencyMs: 30 }] }],
  ])('is set %s', async (_, options) => {
    const at = await start(options);
    await (await post(at, '/v1/responses')).text();
    await expect.poll(() => at.requests[0]?.durationMs).toBeGreaterThanOrEqual(29);
  });

  test('ends with the connection', async () => {
    const abort = new AbortController();
    const at = await start({ latencyMs: 60_000 });
    const pending = openai(at).responses.create(RIGHT['/v1/responses'], { signal: abort.signal });
    await expect.poll(() => at.requests[0]?.body).toBeDefined();
    abort.abort();
    await expect(pending).rejects.toThrow('aborted');
    await expect.poll(() => at.requests[0]?.status).toBe('aborted');
  });
});

describe('the rate limit', () => {
  test('answers 429 beyond the burst, in the words of both vendors', async () => {
    const at = await start({ rateLimit: { requestsPerMinute: 60, burst: 2 } });
    const first = await post(at, '/v1/responses');
    const second = await post(at, '/v1/messages', RIGHT['/v1/messages']);
    const third = await post(at, '/v1/responses');
    const fourth = await post(at, '/v1/messages', RIGHT['/v1/messages']);
    expect([first, second, third, fourth].map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('60');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-reset-requests')).toMatch(/^\d+ms$/);
    expect(second.headers.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    expect(second.headers.get('anthropic-ratelimit-requests-reset')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Number(third.headers.get('retry-after-ms'))).toBeLessThanOrEqual(1_000);
    expect(third.headers.get('retry-after')).toBe('1');
    expect(await bodyOf(fourth)).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
  });

  test('leaves the script alone and is full again after a reset', async () => {
    const at = await start({ rateLimit: { requestsPerMinute: 1 } });
    await post(at, '/v1/responses');
    at.enqueue({ status: 201 });
    expect((await post(at, '/v1/responses')).status).toBe(429);
    at.reset();
    expect((await post(at, '/v1/responses')).status).toBe(200);
  });

  test.each([{ requestsPerMinute: 0 }, { requestsPerMinute: Number.NaN }, { requestsPerMinute: 5, burst: 0.5 }])(
    'of %j is a mistake',
    async (rateLimit) => {
      const error: unknown = await start({ rateLimit }).catch((reason: unknown) => reason);
      expect(isGradingOptionsError(error) && error.field).toMatch(/^rateLimit\./);
    },
  );
});

describe('the record', () => {
  test('holds what came, without credentials', async () => {
    const at = await start();
    const before = performance.now();
    await (
      await post(at, '/v1/responses?beta=true', gradedBody, { 'x-api-key': 'sk-secret', cookie: 'sk-secret' })
    ).text();
    await expect.poll(() => at.requests[0]?.endedAt).toBeDefined();
    expect(at.requests).toMatchObject([
      {
        index: 0,
        path: '/v1/responses',
        status: 200,
        keys: ['k1', 'k2'],
        answers: ['because it is less dense', 'no idea'],
      },
    ]);
    const [record] = at.requests;
    expect(record?.headers).toMatchObject({
      authorization: '[redacted]',
      'x-api-key': '[redacted]',
      cookie: '[redacted]',
    });
    expect(JSON.stringify(record)).not.toContain('sk-secret');
    expect(record?.body).toMatchObject({ model: 'm' });
    expect(record?.at).toBeGreaterThanOrEqual(before);
    expect(record?.durationMs).toBe((record?.endedAt ?? 0) - (record?.at ?? 0));
  });

  test('counts requests until their responses end', async () => {
    const gate = Promise.withResolvers<MockReply>();
    const at = await start({ respond: () => gate.promise });
    const pending = [1, 2, 3].map(async () => (await post(at, '/v1/responses')).text());
    await expect.poll(() => at.inFlight).toBe(3);
    expect(at.openSockets).toBe(3);
    gate.resolve({});
    await Promise.all(pending);
    await expect.poll(() => at.inFlight).toBe(0);
    expect(at.peakInFlight).toBe(3);
  });

  test('drops every connection, and the port stays open', async () => {
    const at = await start({ script: [{}, { fault: 'hang' }] });
    await (await post(at, '/v1/responses')).text();
    const pending = post(at, '/v1/responses').catch((error: unknown) => error);
    await expect.poll(() => at.inFlight).toBe(1);
    at.dropConnections();
    expect(await pending).toBeInstanceOf(TypeError);
    await expect.poll(() => [at.inFlight, at.openSockets]).toEqual([0, 0]);
    expect(at.requests.map(({ status }) => status)).toEqual([200, 'aborted']);
    expect((await post(at, '/v1/responses')).status).toBe(200);
  });

  test('starts anew after a reset, while requests in flight go on', async () => {
    const at = await start({ script: [{ fault: 'stallBody' }, { status: 500 }] });
    const stalled = await post(at, '/v1/responses');
    at.reset();
    expect([at.requests.length, at.inFlight, at.peakInFlight]).toEqual([0, 1, 1]);
    await stalled.body?.cancel();
    await expect.poll(() => at.inFlight).toBe(0);
    expect((await post(at, '/v1/responses')).status).toBe(200);
    expect(at.requests).toMatchObject([{ index: 0 }]);
  });
});

describe('closing', () => {
  test('ends every connection, hanging ones too, and frees the port', async () => {
    const at = await start({ respond: () => ({ fault: 'hang' }) });
    const pending = post(at, '/v1/responses').catch((error: unknown) => error);
    await expect.poll(() => at.inFlight).toBe(1);
    await at.close();
    expect(await pending).toBeInstanceOf(TypeError);
    expect([at.inFlight, at.openSockets]).toEqual([0, 0]);
    await expect(post(at, '/v1/responses')).rejects.toThrow('fetch failed');
    await at.close();
  });

  test('happens by itself at the end of a block', async () => {
    let url = '';
    {
      await using scoped = await mockServer();
      url = scoped.url;
      expect((await fetch(url)).status).toBe(404);
    }
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test.each<[string, MockServerOptions]>([
    [
      'respond',
      {
        respond: () => {
          throw new RangeError('mistake');
        },
      },
    ],
    [
      'score',
      {
        score: () => {
          throw new RangeError('mistake');
        },
      },
    ],
  ])('tells what %s threw, so that no mistake of a test is lost', async (_, options) => {
    const at = await mockServer(options);
    const response = await post(at, '/v1/responses', gradedBody);
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([500, 'false']);
    await expect(at.close()).rejects.toThrow('mistake');
  });

  test('tells only the first mistake, and only once', async () => {
    const at = await mockServer({ respond: ({ index }) => Promise.reject(new Error(`mistake ${index}`)) });
    await post(at, '/v1/responses');
    await post(at, '/v1/responses');
    await expect(at.close()).rejects.toThrow('mistake 0');
    await at.close();
  });
});

test('the older Anthropic SDK sends its key in another header', async () => {
  const at = await start();
  const client = new AnthropicPrevious({ apiKey: 'sk-secret', baseURL: at.url });
  await client.messages.create(HELLO);
  expect(at.requests[0]?.headers).toMatchObject({ 'x-api-key': '[redacted]', 'anthropic-version': '2023-06-01' });
});

describe('a strict server', () => {
  const hello = (url: string): Promise<Response> =>
    fetch(`${url}/v1/chat/completions?trace=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer test' },
      body: JSON.stringify({ model: 'any', messages: [{ role: 'user', content: 'Hello' }] }),
    });

  test('fails the test for a request beyond its script', async () => {
    const strict = await mockServer({ strict: true, script: [{ text: 'once' }] });
    expect((await hello(strict.url)).status).toBe(200);
    expect((await hello(strict.url)).status).toBe(400);
    expect(strict.requests[1]).toMatchObject({ method: 'POST', query: 'trace=1' });
    await expect(strict.close()).rejects.toThrow('the script has no reply for this request, after 1 replies');
  });

  test('fails the test for replies that nobody asked for', async () => {
    const strict = await mockServer({ strict: true, script: [{ text: 'once' }, { text: 'twice' }] });
    await hello(strict.url);
    await expect(strict.close()).rejects.toThrow('1 reply(s) of the script were not asked for');
  });
});
