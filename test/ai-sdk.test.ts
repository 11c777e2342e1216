import { inspect } from 'node:util';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import type { LLMProvider } from 'gradelanes';
import { aiSdkProvider, type AiSdkCallOptions, type AiSdkModel, type AiSdkProviderOptions } from 'gradelanes/ai-sdk';
import type { MockServer } from 'gradelanes/testing-server';
import { describe, expect, test } from 'vitest';
import { failureOf } from './tools/failure-of.js';
import { useMockServers } from './tools/mock-servers.js';
import { modelRequest, recordingCall } from './tools/model-call.js';
import { wireFaults } from './tools/wire-faults.js';

const KEY = 'sk-very-secret';
const request = modelRequest('because it is less dense', 'no idea');
const start = useMockServers();

const models = {
  'openai.responses': ({ url }: MockServer): AiSdkModel =>
    createOpenAI({ apiKey: KEY, baseURL: `${url}/v1` }).responses('gpt-6-luna'),
  'openai.chat': ({ url }: MockServer): AiSdkModel =>
    createOpenAI({ apiKey: KEY, baseURL: `${url}/v1` }).chat('gpt-6-luna'),
  'anthropic.messages': ({ url }: MockServer): AiSdkModel =>
    createAnthropic({ apiKey: KEY, baseURL: `${url}/v1` })('claude-haiku-5-5'),
};
const names = Object.keys(models) as (keyof typeof models)[];

describe.each(names)('over the model of %s', (name) => {
  const make = (at: MockServer): LLMProvider => aiSdkProvider(models[name](at));
  const requestId = name === 'anthropic.messages' ? 'req_01mock00000000' : 'req_00000000';

  test('a call is one request, and the reply is the text', async () => {
    const at = await start();
    const reply = await make(at).generate(request, recordingCall());
    expect(reply).toMatchObject({ stop: 'end', text: expect.stringMatching(/^\{"results":\[\{"key":"k1"/) });
    expect(at.requests).toMatchObject([{ status: 200, keys: ['k1', 'k2'] }]);
  });

  test('the provider is called after the model', async () => {
    expect(make(await start())).toMatchObject({ name, capabilities: { feedback: true } });
  });

  test('usage, model, request id and limits are reported', async () => {
    const usage = { inputTokens: 100, outputTokens: 20, cacheReadTokens: 60, reasoningTokens: 5 };
    const at = await start({ script: [{ usage }], rateLimit: { requestsPerMinute: 50 } });
    const call = recordingCall();
    await make(at).generate(request, call);
    expect(call.reported).toMatchObject({
      usage,
      model: expect.stringMatching(/gpt-6-luna|claude-haiku-5-5/),
      requestId,
      rateLimit: { requestLimit: 50, remainingRequests: 49 },
    });
  });

  test.each(wireFaults)('%j is classified, after one request', async (reply, codes) => {
    const at = await start({ respond: () => reply });
    const call = recordingCall();
    const failure = await failureOf(make(at).generate(request, call));
    expect(codes).toContain(failure.code);
    expect(at.requests).toHaveLength(1);
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toMatch(/less dense|sk-/);
  });

  test('a wait that the vendor asks for is passed on, with request id and limits', async () => {
    const at = await start({ rateLimit: { requestsPerMinute: 1 } });
    await make(at).generate(request, recordingCall());
    const call = recordingCall();
    const failure = await failureOf(make(at).generate(request, call));
    expect(failure).toMatchObject({ code: 'rate_limited', status: 429, retryable: true });
    expect(failure.retryAfterMs).toBeGreaterThan(50_000);
    expect(call.reported).toMatchObject({ requestId: expect.any(String), rateLimit: { requestLimit: 1 } });
  });

  test.each(['hang', 'stallBody'] as const)(
    'an abort ends a call that meets %s, and frees its connection',
    async (fault) => {
      const at = await start({ respond: () => ({ fault }) });
      const abort = new AbortController();
      const failure = failureOf(make(at).generate(request, recordingCall(abort.signal)));
      await expect.poll(() => at.requests[0]?.body).toBeDefined();
      abort.abort();
      expect(await failure).toMatchObject({ code: 'aborted' });
      await expect.poll(() => at.inFlight).toBe(0);
    },
  );

  test.each(['length', 'filter'] as const)('%s of the model is no failure of the call', async (fault) => {
    const at = await start({ script: [{ fault }] });
    const reply = await make(at).generate(request, recordingCall());
    expect(reply).toMatchObject({ stop: fault });
  });
});

async function bodyOf(name: keyof typeof models, options?: AiSdkProviderOptions): Promise<unknown> {
  const at = await start();
  await aiSdkProvider(models[name](at), options).generate(request, recordingCall());
  return at.requests[0]?.body;
}

describe('what vendors are told', () => {
  test('OpenAI is told the schema, strictly, and not to store', async () => {
    const { schema, schemaName: name } = request;
    expect(await bodyOf('openai.responses')).toMatchObject({
      store: false,
      max_output_tokens: 4_596,
      text: { format: { type: 'json_schema', name, strict: true, schema } },
    });
    expect(await bodyOf('openai.chat')).toMatchObject({
      store: false,
      response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } },
    });
  });

  test('Anthropic is told the schema, and no sampling parameters', async () => {
    const body = await bodyOf('anthropic.messages');
    expect(body).toMatchObject({ output_config: { format: { type: 'json_schema' } }, max_tokens: 4_596 });
    expect(body).not.toHaveProperty('temperature');
    expect(body).not.toHaveProperty('store');
  });

  test('provider options are passed on, and beat ours', async () => {
    const providerOptions = { openai: { store: true, promptCacheKey: 'card-7' } };
    expect(await bodyOf('openai.responses', { providerOptions, reasoningTokens: 0 })).toMatchObject({
      store: true,
      prompt_cache_key: 'card-7',
      max_output_tokens: 500,
    });
  });
});

/** A model of our own, as another package might bring it. */
function modelThat(doGenerate: (options: AiSdkCallOptions) => unknown): AiSdkModel & { calls: AiSdkCallOptions[] } {
  const calls: AiSdkCallOptions[] = [];
  return {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'm',
    calls,
    doGenerate: async (options) => {
      calls.push(options);
      return doGenerate(options);
    },
  };
}

const ended = { finishReason: { unified: 'stop', raw: 'stop' }, warnings: [] };

async function replyOf(result: unknown): Promise<unknown> {
  return aiSdkProvider(modelThat(() => result)).generate(request, recordingCall());
}

describe('results', () => {
  test('are all text parts, without the reasoning', async () => {
    const content = [
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: '{"a"' },
      { type: 'text', text: ':1}' },
      { type: 'text' },
    ];
    expect(await replyOf({ ...ended, content })).toEqual({ text: '{"a":1}', stop: 'end' });
  });

  test.each(['{"a":1}', ''])('are the structured output where there is one: %j', async (structuredOutputText) => {
    const content = [{ type: 'text', text: 'prose' }];
    expect(await replyOf({ ...ended, content, structuredOutputText })).toEqual({
      text: structuredOutputText,
      stop: 'end',
    });
  });

  test.each([
    ['stop', 'end'],
    ['length', 'length'],
    ['content-filter', 'filter'],
    ['tool-calls', 'other'],
    ['interrupted', 'other'],
    ['unknown', 'other'],
  ])('that finish for %s stop for %s, in old and new shape', async (reason, stop) => {
    const content = [{ type: 'text', text: 'x' }];
    expect(await replyOf({ content, finishReason: { unified: reason } })).toEqual({ text: 'x', stop });
    expect(await replyOf({ content, finishReason: reason })).toEqual({ text: 'x', stop });
  });

  test('that finish for an error fail the call, and still report what they cost', async () => {
    const call = recordingCall();
    const model = modelThat(() => ({ content: [], finishReason: 'error', usage: { inputTokens: 7, outputTokens: 0 } }));
    expect(await failureOf(aiSdkProvider(model).generate(request, call))).toMatchObject({ code: 'server' });
    expect(call.reported.usage).toMatchObject({ inputTokens: 7, outputTokens: 0 });
  });

  test('that are none fail the call', async () => {
    expect(await failureOf(replyOf(undefined))).toMatchObject({ code: 'server', message: 'test returned no result' });
  });

  test('tell usage in the flat shape of V2 too', async () => {
    const call = recordingCall();
    const usage = { inputTokens: 10, outputTokens: 4, totalTokens: 14, reasoningTokens: 3, cachedInputTokens: 8 };
    await aiSdkProvider(modelThat(() => ({ ...ended, content: [], usage }))).generate(request, call);
    expect(call.reported.usage).toMatchObject({
      inputTokens: 10,
      outputTokens: 4,
      reasoningTokens: 3,
      cacheReadTokens: 8,
    });
  });

  test('without usage report none', async () => {
    const call = recordingCall();
    const usage = { inputTokens: { total: undefined }, outputTokens: { total: undefined } };
    await aiSdkProvider(modelThat(() => ({ ...ended, content: [], usage }))).generate(request, call);
    expect(call.reported).toEqual({});
  });
});

const systemOf = ({ prompt }: AiSdkCallOptions): unknown => prompt[0]?.content;

describe('a model that cannot enforce the schema', () => {
  const withSchema = `${request.system}\n\nReply with one JSON object that fits this JSON Schema, and nothing else:\n${JSON.stringify(request.schema)}`;

  test.each([
    { type: 'unsupported', feature: 'responseFormat', details: 'JSON response format schema is only supported' },
    { type: 'unsupported-setting', setting: 'responseFormat' },
  ])('and says so by %j gets it in the prompt from then on', async (warning) => {
    const model = modelThat(() => ({ ...ended, content: [], warnings: [warning] }));
    const provider = aiSdkProvider(model);
    for (let round = 0; round < 3; round++) await provider.generate(request, recordingCall());
    expect(model.calls.map(systemOf)).toEqual([request.system, withSchema, withSchema]);
  });

  test('and says something else is asked as before', async () => {
    const warnings = [
      { type: 'unsupported', feature: 'temperature' },
      { type: 'other', message: 'responseFormat' },
    ];
    const model = modelThat(() => ({ ...ended, content: [], warnings }));
    const provider = aiSdkProvider(model);
    for (let round = 0; round < 2; round++) await provider.generate(request, recordingCall());
    expect(model.calls.map(systemOf)).toEqual([request.system, request.system]);
  });

  test('and is known to gets it in the prompt from the start', async () => {
    const model = modelThat(() => ({ ...ended, content: [] }));
    await aiSdkProvider(model, { outputMode: 'prompt' }).generate(request, recordingCall());
    expect(model.calls.map(systemOf)).toEqual([withSchema]);
  });
});

describe('the provider', () => {
  const model = modelThat(() => ({ ...ended, content: [] }));

  test('may be named', () => {
    expect(aiSdkProvider(model, { name: 'mine' }).name).toBe('mine');
  });

  test('has no fingerprint of its own, for the model does not tell its server', () => {
    expect(aiSdkProvider(model).fingerprint).toBeUndefined();
    expect(aiSdkProvider(model, { fingerprint: 'luna at home' }).fingerprint).toBe('luna at home');
  });

  test('has the limits of its model, or those that it names', () => {
    expect(aiSdkProvider(model).limitKey).toEqual([model]);
    expect(aiSdkProvider(model, { limitKey: 'school' }).limitKey).toBe('school');
  });

  test.each<[string, object]>([
    ['name', { name: '' }],
    ['reasoningTokens', { reasoningTokens: -1 }],
    ['outputMode', { outputMode: 'tool' }],
    ['providerOptions', { providerOptions: [] }],
    ['model', { model: 'm' }],
  ])('refuses %s in %j', (field, options) => {
    expect(() => aiSdkProvider(model, options)).toThrow(
      expect.objectContaining({ name: 'GradingOptionsError', field }),
    );
  });

  test.each(['openai/gpt-6-luna', undefined])('refuses %j instead of a model', (wrong) => {
    const attempt = (): unknown => aiSdkProvider(wrong as unknown as AiSdkModel);
    expect(attempt).toThrow(expect.objectContaining({ name: 'GradingOptionsError', field: 'model' }));
  });
});
