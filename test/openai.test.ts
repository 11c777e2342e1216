import { withKeysEnumerated } from '../src/vendor/request-parts.js';
import { inspect } from 'node:util';
import type { LLMProvider } from 'gradelanes';
import { openaiProvider, type OpenAIClient, type OpenAIProviderOptions, type OutputMode } from 'gradelanes/openai';
import type { MockReply, MockRequest, MockServer } from 'gradelanes/testing-server';
import OpenAI, { AzureOpenAI } from 'openai';
import OpenAIPrevious from 'openai-previous';
import { describe, expect, test } from 'vitest';
import { objectOf } from '../src/json/untyped-json.js';
import { failureOf } from './tools/failure-of.js';
import { useMockServers } from './tools/mock-servers.js';
import { modelRequest, recordingCall } from './tools/model-call.js';
import { wireFaults } from './tools/wire-faults.js';

const KEY = 'sk-very-secret';
const request = modelRequest('because it is less dense', 'no idea');
const start = useMockServers();

type Api = 'responses' | 'chat';

const clients = {
  '7.x': (url: string): OpenAIClient => new OpenAI({ apiKey: KEY, baseURL: `${url}/v1` }),
  '6.49': (url: string): OpenAIClient => new OpenAIPrevious({ apiKey: KEY, baseURL: `${url}/v1` }),
};

const combinations = (Object.keys(clients) as (keyof typeof clients)[]).flatMap((major) =>
  (['responses', 'chat'] as const).map((api): [keyof typeof clients, Api] => [major, api]),
);

function provider(at: MockServer, options: Partial<OpenAIProviderOptions> = {}): LLMProvider {
  return openaiProvider(clients['7.x'](at.url), { model: 'gpt-6-luna', ...options });
}

async function bodyWith(options: Partial<OpenAIProviderOptions>): Promise<unknown> {
  const at = await start();
  await provider(at, options).generate(request, recordingCall());
  return at.requests[0]?.body;
}

async function replyTo(api: Api, body: object): Promise<unknown> {
  const at = await start({ script: [{ status: 200, body: { object: 'response', model: 'm', ...body } }] });
  return provider(at, { api }).generate(request, recordingCall());
}

const messages = [
  { role: 'system', content: request.system },
  { role: 'user', content: request.prompt },
];
const text = (value: string): object => ({ type: 'output_text', text: value });
const choice = (finish_reason: unknown, message: object): object => ({ choices: [{ finish_reason, message }] });
const withSchema = expect.stringMatching(/\n\{"type":"object","properties":\{"results":.*\}$/);

describe.each(combinations)('with openai %s over %s', (major, api) => {
  const make = (at: MockServer): LLMProvider =>
    openaiProvider(clients[major](at.url), { model: 'gpt-6-luna', api, outputMode: 'json_schema' });

  test('a call is one request, and the reply is the text', async () => {
    const at = await start();
    const reply = await make(at).generate(request, recordingCall());
    expect(reply).toMatchObject({ stop: 'end', text: expect.stringMatching(/^\{"results":\[\{"key":"k1"/) });
    expect(at.requests).toMatchObject([{ status: 200, keys: ['k1', 'k2'] }]);
  });

  test('usage, model, request id and limits are reported', async () => {
    const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 10, reasoningTokens: 5 };
    const at = await start({ script: [{ usage }], rateLimit: { requestsPerMinute: 50 } });
    const call = recordingCall();
    await make(at).generate(request, call);
    expect(call.reported).toMatchObject({
      usage,
      model: 'gpt-6-luna',
      requestId: 'req_00000000',
      rateLimit: { requestLimit: 50, remainingRequests: 49, requestResetMs: expect.any(Number) },
    });
  });

  test.each(wireFaults)('%j is classified, after one request', async (reply, codes) => {
    const at = await start({ respond: () => reply });
    const call = recordingCall();
    const failure = await failureOf(make(at).generate(request, call));
    expect(codes).toContain(failure.code);
    expect(at.requests).toHaveLength(1);
    expect(inspect(failure, { depth: 20 })).not.toMatch(/less dense|sk-/);
    const hasHeaders = !('fault' in reply && reply.fault === 'reset');
    expect(call.reported.requestId).toBe(hasHeaders ? 'req_00000000' : undefined);
  });

  test('a wait that the vendor asks for is passed on, and limits are known from the failure', async () => {
    const at = await start({ rateLimit: { requestsPerMinute: 1 } });
    await make(at).generate(request, recordingCall());
    const call = recordingCall();
    const failure = await failureOf(make(at).generate(request, call));
    expect(failure).toMatchObject({ code: 'rate_limited', status: 429, retryable: true });
    expect(failure.retryAfterMs).toBeGreaterThan(50_000);
    expect(call.reported.rateLimit).toMatchObject({ requestLimit: 1, remainingRequests: 0 });
    expect(at.requests).toHaveLength(2);
  });

  test.each([
    ['hang', undefined],
    ['stallBody', 'req_00000000'],
  ] as const)('an abort ends a call that meets %s, and frees its connection', async (fault, requestId) => {
    const at = await start({ respond: () => ({ fault }) });
    const abort = new AbortController();
    const call = recordingCall(abort.signal);
    const failure = failureOf(make(at).generate(request, call));
    await expect.poll(() => at.requests[0]?.body).toBeDefined();
    await expect.poll(() => call.reported.requestId).toBe(requestId);
    abort.abort();
    expect(await failure).toMatchObject({ code: 'aborted', retryable: false });
    await expect.poll(() => at.inFlight).toBe(0);
  });

  test('many calls share one signal without a warning', async () => {
    const at = await start();
    const { signal } = new AbortController();
    const calls = Array.from({ length: 20 }, () => make(at).generate(request, recordingCall(signal)));
    expect(await Promise.all(calls)).toHaveLength(20);
  });

  test.each([
    ['length', 'length'],
    ['refusal', 'refusal'],
    ['filter', 'filter'],
  ] as const)('%s of the model is no failure of the call', async (fault, stop) => {
    const at = await start({ script: [{ fault }] });
    expect(await make(at).generate(request, recordingCall())).toMatchObject({ stop });
  });
});

describe('a Responses request', () => {
  const base = { model: 'gpt-6-luna', input: messages, max_output_tokens: 4_596, store: false };
  const { schema, schemaName: name } = request;

  test.each<[OutputMode, object]>([
    ['json_schema', { ...base, text: { format: { type: 'json_schema', name, strict: true, schema } } }],
    [
      'tool',
      {
        ...base,
        tools: [{ type: 'function', name, parameters: schema, strict: true }],
        tool_choice: { type: 'function', name },
      },
    ],
    [
      'json_object',
      {
        ...base,
        input: [{ role: 'system', content: withSchema }, messages[1]],
        text: { format: { type: 'json_object' } },
      },
    ],
    ['prompt', { ...base, input: [{ role: 'system', content: withSchema }, messages[1]] }],
  ])('in mode %s is never stored', async (outputMode, expected) => {
    expect(await bodyWith({ api: 'responses', outputMode })).toEqual(expected);
  });

  test('carries the options', async () => {
    const body = await bodyWith({ api: 'responses', effort: 'low', cacheKey: 'card-7', serviceTier: 'flex' });
    expect(body).toMatchObject({
      max_output_tokens: 500 + 2_048,
      reasoning: { effort: 'low' },
      prompt_cache_key: 'card-7',
      service_tier: 'flex',
    });
  });
});

describe('a chat request', () => {
  const base = { model: 'gpt-6-luna', messages, max_tokens: 4_596, temperature: 0 };
  const { schema, schemaName: name } = withKeysEnumerated(request);

  test.each<[OutputMode, object]>([
    ['json_schema', { ...base, response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } } }],
    [
      'tool',
      {
        ...base,
        tools: [{ type: 'function', function: { name, parameters: schema, strict: true } }],
        tool_choice: { type: 'function', function: { name } },
      },
    ],
    [
      'json_object',
      {
        ...base,
        messages: [{ role: 'system', content: withSchema }, messages[1]],
        response_format: { type: 'json_object' },
      },
    ],
    ['prompt', { ...base, messages: [{ role: 'system', content: withSchema }, messages[1]] }],
  ])('in mode %s', async (outputMode, expected) => {
    expect(await bodyWith({ api: 'chat', outputMode })).toEqual(expected);
  });

  test('carries the options', async () => {
    const body = await bodyWith({
      api: 'chat',
      effort: 'none',
      cacheKey: 'card-7',
      serviceTier: 'priority',
      tokenParam: 'max_completion_tokens',
    });
    expect(body).toMatchObject({
      max_completion_tokens: 500,
      reasoning_effort: 'none',
      prompt_cache_key: 'card-7',
      service_tier: 'priority',
    });
    expect(body).not.toHaveProperty('max_tokens');
  });

  test('leaves the room to think that was asked for', async () => {
    expect(await bodyWith({ effort: 'max', reasoningTokens: 1 })).toMatchObject({ max_tokens: 501 });
  });
});

describe('every mode gives the same reply', () => {
  test.each(['json_schema', 'tool', 'json_object', 'prompt'] as const)('%s', async (outputMode) => {
    for (const api of ['responses', 'chat'] as const) {
      const at = await start();
      const reply = await provider(at, { api, outputMode }).generate(request, recordingCall());
      expect(reply).toMatchObject({ stop: 'end', text: expect.stringMatching(/^\{"results":\[\{"key":"k1"/) });
    }
  });
});

function modeOf({ body }: Pick<MockRequest, 'body'>): OutputMode {
  if (body['tools'] !== undefined) return 'tool';
  const format = objectOf(body['response_format'] ?? objectOf(body['text'])['format'])['type'];
  return format === 'json_schema' || format === 'json_object' ? format : 'prompt';
}

function modesAt(at: MockServer): OutputMode[] {
  return at.requests.map(({ body }) => modeOf({ body: objectOf(body) }));
}

function refusing(taken: OutputMode, refusal: MockReply): (asked: MockRequest) => MockReply {
  return (asked) => (modeOf(asked) === taken ? {} : refusal);
}

describe('the ladder of modes', () => {
  const explained: MockReply = { status: 400, body: { error: { message: 'response_format or tools not supported' } } };

  test.each(['tool', 'json_object', 'prompt'] as const)(
    'steps down to %s within a call, and remembers it',
    async (taken) => {
      const at = await start({ respond: refusing(taken, explained) });
      const llm = provider(at);
      await llm.generate(request, recordingCall());
      const ladder: OutputMode[] = ['json_schema', 'tool', 'json_object', 'prompt'];
      expect(modesAt(at)).toEqual(ladder.slice(0, ladder.indexOf(taken) + 1));
      at.reset();
      await llm.generate(request, recordingCall());
      expect(modesAt(at)).toEqual([taken]);
    },
  );

  test('steps down as well when the server explains itself in a form that the SDK drops', async () => {
    const at = await start({ respond: refusing('prompt', { status: 422, body: { detail: [{ loc: ['body'] }] } }) });
    await provider(at).generate(request, recordingCall());
    expect(modesAt(at)).toEqual(['json_schema', 'tool', 'json_object', 'prompt']);
  });

  test('fails with the first refusal, and forgets it, when no mode is taken', async () => {
    const at = await start({ script: [explained], respond: () => ({ status: 400 }) });
    const llm = provider(at);
    expect(await failureOf(llm.generate(request, recordingCall()))).toMatchObject({ code: 'unsupported', status: 400 });
    at.reset();
    at.enqueue({});
    await llm.generate(request, recordingCall());
    expect(modesAt(at)).toEqual(['json_schema']);
  });

  test('ends at a failure of another kind', async () => {
    const at = await start({ script: [explained, { error: 500 }] });
    expect(await failureOf(provider(at).generate(request, recordingCall()))).toMatchObject({ code: 'server' });
    expect(modesAt(at)).toEqual(['json_schema', 'tool']);
  });

  test('is left alone by a 400 about something else', async () => {
    const at = await start({ respond: () => ({ error: 'context_length' }) });
    expect(await failureOf(provider(at).generate(request, recordingCall()))).toMatchObject({ code: 'too_large' });
    expect(at.requests).toHaveLength(1);
  });

  test('is climbed once by calls that run at the same time', async () => {
    const at = await start({ respond: refusing('prompt', explained) });
    const llm = provider(at);
    await Promise.all([1, 2, 3].map(() => llm.generate(request, recordingCall())));
    at.reset();
    await llm.generate(request, recordingCall());
    expect(modesAt(at)).toEqual(['prompt']);
  });

  test('is not there when a mode is named', async () => {
    const at = await start({ respond: refusing('prompt', explained) });
    const failure = await failureOf(provider(at, { outputMode: 'json_schema' }).generate(request, recordingCall()));
    expect(failure).toMatchObject({ code: 'unsupported' });
    expect(at.requests).toHaveLength(1);
  });
});

describe('the defaults follow the host', () => {
  const sent: { path: string; body: unknown }[] = [];
  const recordingFetch = async (url: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const sentRequest = new Request(url, init);
    sent.push({ path: new URL(sentRequest.url).pathname, body: await sentRequest.json() });
    return Response.json({ object: 'response', status: 'completed', output: [], choices: [{ message: {} }] });
  };
  const lastOf = async (client: OpenAIClient, api?: Api): Promise<(typeof sent)[number] | undefined> => {
    await openaiProvider(client, { model: 'm', api }).generate(request, recordingCall());
    return sent.at(-1);
  };
  const clientAt = (baseURL?: string): OpenAI =>
    new OpenAI({ apiKey: KEY, fetch: recordingFetch, ...(baseURL !== undefined && { baseURL }) });

  test.each([undefined, 'https://eu.api.openai.com/v1', 'https://x.openai.azure.com/openai/v1/'])(
    'to Responses at %s',
    async (baseURL) => {
      expect((await lastOf(clientAt(baseURL)))?.path).toMatch(/\/responses$/);
      expect((await lastOf(clientAt(baseURL), 'chat'))?.body).toHaveProperty('max_completion_tokens');
    },
  );

  test('to Responses with the client for Azure', async () => {
    const options = { apiKey: KEY, apiVersion: '2026-01-01', fetch: recordingFetch };
    const azure = new AzureOpenAI({ ...options, endpoint: 'https://x.openai.azure.com' });
    expect((await lastOf(azure))?.path).toMatch(/\/responses$/);
  });

  test.each([
    'http://localhost:11434/v1',
    'https://api.groq.com/openai/v1',
    'https://evil-api.openai.com.example/v1',
    'https://notapi.openai.com/v1',
  ])('to chat completions at %s', async (baseURL) => {
    const last = await lastOf(clientAt(baseURL));
    expect(last?.path).toMatch(/\/chat\/completions$/);
    expect(last?.body).toHaveProperty('max_tokens');
  });

  test('to Responses for a client that hides its host', async () => {
    const fake: OpenAIClient = { responses: { create: async () => ({ status: 'completed', output: [] }) } };
    const reply = await openaiProvider(fake, { model: 'm' }).generate(request, recordingCall());
    expect(reply).toEqual({ text: '', stop: 'end' });
  });

  test('messages name the host that is not OpenAI', async () => {
    const at = await start({ respond: () => ({ error: 500 }) });
    const failure = await failureOf(provider(at).generate(request, recordingCall()));
    expect(failure.message).toBe(`${new URL(at.url).host} answered 500 (server_error)`);
    const named = await failureOf(provider(at, { name: 'ollama' }).generate(request, recordingCall()));
    expect(named.message).toBe('ollama answered 500 (server_error)');
  });
});

describe('replies of Responses', () => {
  test('are the texts of the final message', async () => {
    const output = [
      { type: 'reasoning', content: [text('hm')] },
      { type: 'message', phase: 'commentary', content: [text('First I look.')] },
      { type: 'message', phase: 'final_answer', content: [text('{"a"'), text(':1}'), { type: 'output_text' }] },
    ];
    expect(await replyTo('responses', { status: 'completed', output })).toEqual({ text: '{"a":1}', stop: 'end' });
  });

  test('are the commentary when there is nothing else', async () => {
    const output = [{ type: 'message', phase: 'commentary', content: [text('x')] }];
    expect(await replyTo('responses', { status: 'completed', output })).toEqual({ text: 'x', stop: 'end' });
  });

  test.each([
    ['completed', undefined, 'end'],
    ['incomplete', 'max_output_tokens', 'length'],
    ['incomplete', 'content_filter', 'filter'],
    ['incomplete', 'steered', 'other'],
    ['incomplete', undefined, 'length'],
    ['in_progress', undefined, 'other'],
  ])('that are %s for %s stop for %s', async (status, reason, stop) => {
    const body = { status, incomplete_details: { reason }, output: [{ type: 'message', content: [text('x')] }] };
    expect(await replyTo('responses', body)).toEqual({ text: 'x', stop });
  });

  test.each([
    ['server_error', 'server'],
    ['rate_limit_exceeded', 'rate_limited'],
    ['invalid_prompt', 'refused'],
    ['bio_policy', 'refused'],
    ['something_new', 'server'],
  ])('that failed with %s fail the call', async (code, expected) => {
    const body = { status: 'failed', error: { code, message: 'less dense' }, output: [] };
    const failure = await failureOf(replyTo('responses', body));
    expect(failure).toMatchObject({ code: expected, vendorCode: code });
    expect(failure.message).toMatch(
      /^127\.0\.0\.1:\d+ (?:reported an error \(|answered with a success that holds no reply)/,
    );
  });

  test('that were cancelled fail the call', async () => {
    expect(await failureOf(replyTo('responses', { status: 'cancelled', output: [] }))).toMatchObject({
      code: 'server',
    });
  });
});

describe('replies of chat completions', () => {
  test.each([
    ['stop', 'end'],
    ['tool_calls', 'end'],
    ['length', 'length'],
    ['content_filter', 'filter'],
    ['function_call', 'other'],
    [null, 'other'],
  ])('that finish for %s stop for %s', async (finish, stop) => {
    expect(await replyTo('chat', choice(finish, { content: 'x' }))).toEqual({ text: 'x', stop });
  });

  test('may come as a list of parts, thinking among them', async () => {
    const content = [
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: '{"a"' },
      { type: 'text', text: ':1}' },
      { type: 'text' },
    ];
    expect(await replyTo('chat', choice('stop', { content }))).toEqual({ text: '{"a":1}', stop: 'end' });
  });

  test('may have no content at all', async () => {
    expect(await replyTo('chat', choice('stop', { content: null }))).toEqual({ text: '', stop: 'end' });
  });

  test('of a gateway that failed are classified by its code', async () => {
    const failures = [
      { error: { code: 429, message: 'slow' } },
      { error: { code: 'insufficient_quota' } },
      { error: { code: 402 } },
      { error: { message: 'Provider returned error' } },
      { choices: [] },
      { choices: [{ finish_reason: 'error', error: { code: 503 } }] },
      { choices: [{ finish_reason: 'error' }], error: { code: 413 } },
    ].map(async (body) => (await failureOf(replyTo('chat', body))).code);
    expect(await Promise.all(failures)).toEqual([
      'rate_limited',
      'quota',
      'quota',
      'server',
      'server',
      'overloaded',
      'too_large',
    ]);
  });

  test('report what they cost, also when they then fail', async () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3 };
    const at = await start({ script: [{ status: 200, body: { usage, choices: [{ finish_reason: 'error' }] } }] });
    const call = recordingCall();
    await failureOf(provider(at, { api: 'chat' }).generate(request, call));
    expect(call.reported.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
  });

  test('without usage report none', async () => {
    const call = recordingCall();
    const at = await start({
      script: [{ status: 200, body: { choices: [{ message: {} }], usage: { prompt_tokens: -1 } } }],
    });
    await provider(at, { api: 'chat' }).generate(request, call);
    expect(call.reported).not.toHaveProperty('usage');
  });
});

describe('the provider', () => {
  const client = new OpenAI({ apiKey: KEY });
  const make = (options: Partial<OpenAIProviderOptions> = {}): LLMProvider =>
    openaiProvider(client, { model: 'm', ...options });

  test('says what it is called and can do', () => {
    expect(make()).toMatchObject({ name: 'openai', capabilities: { feedback: true } });
    expect(make().capabilities).not.toHaveProperty('enforcesSchema');
    expect(make({ outputMode: 'tool' }).capabilities).toMatchObject({ enforcesSchema: true });
    expect(make({ outputMode: 'prompt', name: 'x' })).toMatchObject({
      name: 'x',
      capabilities: { enforcesSchema: false },
    });
  });

  test('has a fingerprint that follows host, api, model, effort and mode', () => {
    const prints = [
      make(),
      make({ model: 'n' }),
      make({ api: 'chat' }),
      make({ effort: 'low' }),
      make({ outputMode: 'tool' }),
      openaiProvider(new OpenAI({ apiKey: KEY, baseURL: 'https://a.example/v1' }), { model: 'm' }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(make().fingerprint).toBe(prints[0]);
  });

  test.each<[string, object]>([
    ['model', { model: undefined }],
    ['api', { api: 'completions' }],
    ['outputMode', { outputMode: 'json' }],
    ['tokenParam', { tokenParam: 'tokens' }],
    ['effort', { effort: 'huge' }],
    ['reasoningTokens', { reasoningTokens: Number.NaN }],
    ['cacheKey', { cacheKey: ' ' }],
    ['serviceTier', { serviceTier: 'cheap' }],
    ['name', { name: '' }],
    ['temperature', { temperature: 2.5 }],
  ])('refuses %s in %j', (field, options) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ name: 'GradingOptionsError', field }));
  });

  test('does not repeat a key that was put in the wrong place', () => {
    expect(() => make({ apiKey: KEY } as object)).toThrow(
      `apiKey is not an option: it belongs to the client: received a text of ${KEY.length} characters`,
    );
  });

  test.each<[string, unknown, Api]>([
    ['nothing', undefined, 'chat'],
    ['a client without chat', { responses: client.responses }, 'chat'],
    ['a client without Responses', { chat: client.chat }, 'responses'],
  ])('refuses %s as a client for %s', (_, wrong, api) => {
    const attempt = (): unknown => openaiProvider(wrong as OpenAIClient, { model: 'm', api });
    expect(attempt).toThrow(expect.objectContaining({ name: 'GradingOptionsError', field: 'client' }));
  });
});
