import { supportedSchema } from '../src/anthropic/supported-schema.js';
import { inspect } from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import AnthropicPrevious from 'anthropic-previous';
import type { LLMProvider, ModelRequest, RepeatedPrefix } from 'gradelanes';
import { anthropicProvider, type AnthropicClient, type AnthropicProviderOptions } from 'gradelanes/anthropic';
import type { MockServer } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { objectOf } from '../src/json/untyped-json.js';
import { failureOf } from './tools/failure-of.js';
import { useMockServers } from './tools/mock-servers.js';
import { modelRequest, recordingCall } from './tools/model-call.js';
import { wireFaults } from './tools/wire-faults.js';

const KEY = 'sk-ant-very-secret';
const request = modelRequest('because it is less dense', 'no idea');
const start = useMockServers();

const majors = [
  ['1.x', (url: string): AnthropicClient => new Anthropic({ apiKey: KEY, baseURL: url })],
  ['0.137', (url: string): AnthropicClient => new AnthropicPrevious({ apiKey: KEY, baseURL: url })],
] as const;

const provider = (at: MockServer, options: Partial<AnthropicProviderOptions> = {}): LLMProvider =>
  anthropicProvider(majors[0][1](at.url), { model: 'claude-haiku-5-5', ...options });

async function bodyWith(options: Partial<AnthropicProviderOptions>): Promise<unknown> {
  const at = await start();
  await provider(at, options).generate(request, recordingCall());
  return at.requests[0]?.body;
}

async function replyTo(body: object): Promise<unknown> {
  const at = await start({ script: [{ status: 200, body: { type: 'message', model: 'm', ...body } }] });
  return provider(at).generate(request, recordingCall());
}

function fingerprint(baseURL: string, options: Partial<AnthropicProviderOptions> = {}): string | undefined {
  return anthropicProvider(new Anthropic({ apiKey: KEY, baseURL }), { model: 'm', ...options }).fingerprint;
}

describe.each(majors)('with @anthropic-ai/sdk %s', (_, client) => {
  const make = (at: MockServer): LLMProvider => anthropicProvider(client(at.url), { model: 'claude-haiku-5-5' });

  test('a call is one request, and the reply is the text', async () => {
    const at = await start();
    const reply = await make(at).generate(request, recordingCall());
    expect(reply).toMatchObject({ stop: 'end', text: expect.stringMatching(/^\{"results":\[\{"key":"k1"/) });
    expect(at.requests).toMatchObject([{ path: '/v1/messages', status: 200, keys: ['k1', 'k2'] }]);
  });

  test('the request holds the schema and no sampling parameters', async () => {
    const at = await start();
    await make(at).generate(request, recordingCall());
    expect(at.requests[0]?.body).toEqual({
      model: 'claude-haiku-5-5',
      max_tokens: 500 + 4_096,
      system: [{ type: 'text', text: request.system }],
      messages: [{ role: 'user', content: request.prompt }],
      output_config: { format: { type: 'json_schema', schema: supportedSchema(request.schema) } },
    });
  });

  test('usage, model, request id and limits are reported', async () => {
    const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, cacheWriteTokens: 10, reasoningTokens: 5 };
    const at = await start({ script: [{ usage }], rateLimit: { requestsPerMinute: 50 } });
    const call = recordingCall();
    await make(at).generate(request, call);
    expect(call.reported).toMatchObject({
      usage,
      model: 'claude-haiku-5-5',
      requestId: 'req_01mock00000000',
      rateLimit: { requestLimit: 50, remainingRequests: 49, requestResetMs: expect.any(Number) },
    });
  });

  test.each(wireFaults)('%j is classified, after one request', async (reply, codes) => {
    const at = await start({ respond: () => reply });
    const call = recordingCall();
    const failure = await failureOf(make(at).generate(request, call));
    expect(codes).toContain(failure.code);
    expect(at.requests).toHaveLength(1);
    expect(inspect(failure, { depth: 20 })).not.toMatch(/less dense|sk-ant/);
    const hasHeaders = !('fault' in reply && reply.fault === 'reset');
    expect(call.reported.requestId).toBe(hasHeaders ? 'req_01mock00000000' : undefined);
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
    ['stallBody', 'req_01mock00000000'],
  ] as const)('an abort ends a call that meets %s, and frees its connection', async (fault, requestId) => {
    const at = await start({ respond: () => ({ fault }) });
    const abort = new AbortController();
    const call = recordingCall(abort.signal);
    const failure = failureOf(make(at).generate(request, call));
    await expect.poll(() => at.requests[0]?.body).toBeDefined();
    await expect.poll(() => call.reported.requestId).toBe(requestId);
    abort.abort(new DOMException('too slow', 'TimeoutError'));
    expect(await failure).toMatchObject({ code: 'timeout', message: 'Anthropic did not answer in time' });
    await expect.poll(() => at.inFlight).toBe(0);
  });

  test('many calls share one signal without a warning', async () => {
    const at = await start();
    const { signal } = new AbortController();
    const calls = Array.from({ length: 20 }, () => make(at).generate(request, recordingCall(signal)));
    expect(await Promise.all(calls)).toHaveLength(20);
  });

  test('room for a long reply needs no streaming', async () => {
    const at = await start();
    await make(at).generate({ ...request, maxOutputTokens: 60_000 }, recordingCall());
    expect(at.requests[0]?.body).toMatchObject({ max_tokens: 64_096 });
  });
});

describe('options', () => {
  test.each([
    ['low', 2_048],
    ['medium', 8_192],
    ['high', 16_384],
    ['xhigh', 32_768],
    ['max', 65_536],
  ] as const)('effort %s is sent and leaves room to think', async (effort, room) => {
    expect(await bodyWith({ effort })).toMatchObject({ output_config: { effort }, max_tokens: 500 + room });
  });

  test('room to think can be set', async () => {
    expect(await bodyWith({ reasoningTokens: 0 })).toMatchObject({ max_tokens: 500 });
  });

  describe('the prompt cache', () => {
    const long: ModelRequest = {
      ...request,
      system: `${'s'.repeat(8_000)}${'q'.repeat(8_000)}`,
      sharedCharacters: 8_000,
    };
    const ephemeral = { type: 'ephemeral' };
    const [shared, rest] = ['s'.repeat(8_000), 'q'.repeat(8_000)];

    async function blocksWith(
      options: Partial<AnthropicProviderOptions>,
      repeatedPrefix?: RepeatedPrefix,
      asked = long,
    ): Promise<unknown> {
      const at = await start();
      const call = { ...recordingCall(), ...(repeatedPrefix !== undefined && { repeatedPrefix }) };
      await provider(at, { model: 'claude-sonnet-5', ...options }).generate(asked, call);
      return objectOf(at.requests[0]?.body)['system'];
    }

    test.each([
      [true, ephemeral],
      ['5m', { type: 'ephemeral', ttl: '5m' }],
      ['1h', { type: 'ephemeral', ttl: '1h' }],
    ] as const)('takes what is long enough with cache %s', async (cache, cache_control) => {
      expect(await blocksWith({ cache })).toEqual([
        { type: 'text', text: shared, cache_control },
        { type: 'text', text: rest, cache_control },
      ]);
    });

    test('takes by default what other calls repeat, and nothing else', async () => {
      expect(await blocksWith({})).toEqual([{ type: 'text', text: long.system }]);
      expect(await blocksWith({}, 'shared')).toEqual([
        { type: 'text', text: shared, cache_control: ephemeral },
        { type: 'text', text: rest },
      ]);
      expect(await blocksWith({}, 'system')).toEqual([
        { type: 'text', text: shared, cache_control: ephemeral },
        { type: 'text', text: rest, cache_control: ephemeral },
      ]);
      expect(await blocksWith({ cache: false }, 'system')).toEqual([{ type: 'text', text: long.system }]);
    });

    test('takes nothing that is too short for the model', async () => {
      expect(await blocksWith({ cache: true }, 'shared', request)).toEqual([{ type: 'text', text: request.system }]);
      // 2,000 tokens are shared, 4,000 are in all.
      expect(await blocksWith({ cache: true, model: 'claude-haiku-4-5' })).toEqual([
        { type: 'text', text: long.system },
      ]);
      expect(await blocksWith({ cache: true, model: 'claude-sonnet-4-6' })).toEqual([
        { type: 'text', text: long.system, cache_control: ephemeral },
      ]);
    });
  });

  test('cache false marks nothing', async () => {
    expect(await bodyWith({ cache: false })).toMatchObject({ system: [{ type: 'text', text: request.system }] });
  });

  test('prompt mode writes the schema into the prompt instead', async () => {
    const body = objectOf(await bodyWith({ outputMode: 'prompt' }));
    expect(body).not.toHaveProperty('output_config');
    const [{ text }] = body['system'] as [{ text: string }];
    expect(text.startsWith(request.system)).toBe(true);
    expect(text.endsWith(`\n${JSON.stringify(request.schema)}`)).toBe(true);
  });

  test('undefined means the default', async () => {
    const nothing = {
      effort: undefined,
      cache: undefined,
      reasoningTokens: undefined,
      name: undefined,
      outputMode: undefined,
    };
    expect(await bodyWith(nothing)).toEqual(await bodyWith({}));
  });

  test('say what the provider is called and can do', async () => {
    const at = await start();
    expect(provider(at)).toMatchObject({ name: 'anthropic', capabilities: { enforcesSchema: true, feedback: true } });
    expect(provider(at, { name: 'claude', outputMode: 'prompt' })).toMatchObject({
      name: 'claude',
      capabilities: { enforcesSchema: false },
    });
  });

  test.each<[string, unknown]>([
    ['model', { model: '' }],
    ['model', {}],
    ['effort', { model: 'm', effort: 'none' }],
    ['cache', { model: 'm', cache: '2h' }],
    ['reasoningTokens', { model: 'm', reasoningTokens: -1 }],
    ['reasoningTokens', { model: 'm', reasoningTokens: 1.5 }],
    ['name', { model: 'm', name: 7 }],
    ['outputMode', { model: 'm', outputMode: 'json' }],
    ['modle', { model: 'm', modle: 'm' }],
    ['toString', { model: 'm', toString: 'm' }],
    ['options', undefined],
  ])('that make no sense are refused: %s in %j', (field, options) => {
    const make = (): unknown => anthropicProvider(new Anthropic({ apiKey: KEY }), options as AnthropicProviderOptions);
    expect(make).toThrow(expect.objectContaining({ name: 'GradingOptionsError', field }));
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['another client', { chat: {} }],
  ])('%s instead of a client is refused', (_, client) => {
    const make = (): unknown => anthropicProvider(client as AnthropicClient, { model: 'm' });
    expect(make).toThrow(expect.objectContaining({ name: 'GradingOptionsError', field: 'client' }));
  });
});

describe('fingerprints', () => {
  test('are the same for the same settings, and differ for others', () => {
    expect(fingerprint('https://a.example/')).toBe(fingerprint('https://a.example/'));
    const others = [
      fingerprint('https://b.example/'),
      fingerprint('https://a.example/', { model: 'n' }),
      fingerprint('https://a.example/', { effort: 'low' }),
    ];
    expect(new Set([fingerprint('https://a.example/'), ...others]).size).toBe(4);
  });

  test('hold no credentials of the base URL', () => {
    expect(fingerprint('https://user:secret@a.example/v1?key=secret')).not.toContain('secret');
  });
});

describe('the schema', () => {
  const items = { type: 'integer', minimum: 0, maximum: 5, multipleOf: 1 };
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      maximum: { type: 'string', minLength: 1, pattern: '^a', description: 'a property called like a keyword' },
      levels: { type: 'array', items, minItems: 2, maxItems: 3, uniqueItems: true },
      some: { type: 'array', items: { $ref: '#/$defs/pattern' }, minItems: 1 },
      either: { oneOf: [items, { type: 'null' }] },
      both: { anyOf: [items], allOf: [items] },
      fixed: { enum: [1, 2], const: 1 },
    },
    required: ['maximum'],
    $defs: { pattern: { type: 'string', maxLength: 4 } },
  };

  test('is rid of what the vendor rejects, and of nothing else', async () => {
    const at = await start();
    await provider(at).generate({ ...request, schema }, recordingCall());
    expect(at.requests[0]?.status).toBe(200);
    expect(objectOf(objectOf(objectOf(at.requests[0]?.body)['output_config'])['format'])['schema']).toEqual({
      type: 'object',
      properties: {
        maximum: { type: 'string', description: 'a property called like a keyword' },
        levels: { type: 'array', items: { type: 'integer' } },
        some: { type: 'array', items: { $ref: '#/$defs/pattern' }, minItems: 1 },
        either: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
        both: { anyOf: [{ type: 'integer' }], allOf: [{ type: 'integer' }] },
        fixed: { enum: [1, 2], const: 1 },
      },
      required: ['maximum'],
      additionalProperties: false,
      $defs: { pattern: { type: 'string' } },
    });
  });
});

describe('replies', () => {
  test.each([
    ['end_turn', 'end'],
    ['stop_sequence', 'end'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'refusal'],
    ['pause_turn', 'other'],
    [null, 'other'],
  ])('that stop for %s stop for %s', async (stop_reason, stop) => {
    expect(await replyTo({ stop_reason, content: [{ type: 'text', text: 'x' }] })).toEqual({ text: 'x', stop });
  });

  test('are all text blocks, without the thinking before them', async () => {
    const content = [
      { type: 'thinking', thinking: 'hm', text: 'no' },
      { type: 'text', text: '{"a"' },
      { type: 'text', text: ':1}' },
      { type: 'text' },
    ];
    expect(await replyTo({ stop_reason: 'end_turn', content })).toEqual({ text: '{"a":1}', stop: 'end' });
  });

  test.each([
    ['length', 'length'],
    ['refusal', 'refusal'],
    ['filter', 'refusal'],
  ] as const)('%s of the model is no failure of the call', async (fault, stop) => {
    const at = await start({ script: [{ fault }] });
    expect(await provider(at).generate(request, recordingCall())).toMatchObject({ stop });
  });

  test('without usage report none', async () => {
    const call = recordingCall();
    const at = await start({ script: [{ status: 200, body: { content: [], usage: { input_tokens: 'many' } } }] });
    await provider(at).generate(request, call);
    expect(call.reported).not.toHaveProperty('usage');
  });
});

describe('clients', () => {
  test('without a key are told apart from a broken network', async () => {
    const at = await start();
    const client = new Anthropic({ apiKey: null, authToken: null, baseURL: at.url, profile: null });
    const failure = await failureOf(anthropicProvider(client, { model: 'm' }).generate(request, recordingCall()));
    expect(failure).toMatchObject({ code: 'auth', scope: 'provider' });
  });

  test('to a port that nobody listens on fail on the network', async () => {
    const at = await start();
    const client = majors[0][1](at.url);
    await at.close();
    const failure = await failureOf(anthropicProvider(client, { model: 'm' }).generate(request, recordingCall()));
    expect(failure).toMatchObject({ code: 'network', message: 'The connection to Anthropic failed (ECONNREFUSED)' });
  });

  test('wrapped so that only a plain promise is left still work', async () => {
    const call = recordingCall();
    const content = [{ type: 'text', text: 'hello' }];
    const fake: AnthropicClient = {
      messages: { create: async () => ({ content, stop_reason: 'end_turn', model: 'm' }) },
    };
    expect(await anthropicProvider(fake, { model: 'm' }).generate(request, call)).toEqual({
      text: 'hello',
      stop: 'end',
    });
    expect(call.reported).toEqual({ model: 'm' });
  });

  test('wrapped so that the response is out of reach still tell the request id', async () => {
    const at = await start();
    const { messages } = new Anthropic({ apiKey: KEY, baseURL: at.url });
    const call = recordingCall();
    const wrapped: AnthropicClient = {
      messages: { create: async (body, options) => messages.create({ ...body, stream: false }, options) },
    };
    await anthropicProvider(wrapped, { model: 'm' }).generate(request, call);
    expect(call.reported.requestId).toBe('req_01mock00000000');
  });

  test('that throw at once fail the call, not the program', async () => {
    const fake: AnthropicClient = {
      messages: {
        create: () => {
          throw new RangeError('no');
        },
      },
    };
    const failure = await failureOf(
      anthropicProvider(fake, { model: 'm', name: 'Claude' }).generate(request, recordingCall()),
    );
    expect(failure).toMatchObject({ code: 'unknown', message: 'The call to Anthropic failed with RangeError' });
  });

  test.each([
    ['text', 'hello', 'text'],
    ['a page', ' <html>', 'a web page'],
    ['a list', [], 'a list'],
    ['nothing', null, 'an empty body'],
    ['a number', 7, 'a number'],
  ])('that hand out %s give a fault of the server', async (_, value, kind) => {
    const fake: AnthropicClient = { messages: { create: async () => value } };
    const failure = await failureOf(anthropicProvider(fake, { model: 'm' }).generate(request, recordingCall()));
    expect(failure).toMatchObject({ code: 'server', message: `Anthropic answered with ${kind} instead of JSON` });
  });
});
