import type { GradingProvider } from 'gradelanes';
import {
  openaiDecisionsProvider,
  type OpenAIDecisionsClient,
  type OpenAIDecisionsProviderOptions,
} from 'gradelanes/openai';
import type { MockServer } from 'gradelanes/testing-server';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { objectsOf, objectOf } from '../../src/json/untyped-json.js';
import { failureOf } from '../tools/failure-of.js';
import { useMockServers } from '../tools/mock-servers.js';
import { gradingItems, recordingCall } from '../tools/model-call.js';
import { wireFaults } from '../tools/wire-faults.js';

const start = useMockServers();
const items = gradingItems('because it is less dense', 'no idea');

function make({ url }: MockServer, options?: OpenAIDecisionsProviderOptions): GradingProvider {
  return openaiDecisionsProvider(new OpenAI({ apiKey: 'sk-secret', baseURL: `${url}/v1` }), options);
}

function levels(...probabilities: number[]): object[] {
  return probabilities.map((probability, value) => ({ value, probability }));
}

function attempt(client: unknown, options?: OpenAIDecisionsProviderOptions): () => unknown {
  return () => openaiDecisionsProvider(client as OpenAIDecisionsClient, options);
}

describe('openaiDecisionsProvider', () => {
  test('asks one question per answer, all in one call', async () => {
    const at = await start({ score: (text) => (text === 'no idea' ? 0.2 : 1) });
    const verdicts = await make(at).grade(items, recordingCall());
    expect(verdicts).toEqual([
      { id: 'k1', score: 1, confidence: 1 },
      { id: 'k2', score: 0.2, confidence: 1 },
    ]);
    expect(at.requests).toMatchObject([{ path: '/v1/decisions', answers: ['because it is less dense', 'no idea'] }]);
  });

  test('puts a text into no question but its own', async () => {
    const at = await start();
    await make(at, { instructions: 'Be kind.', cacheKey: 'card-7' }).grade(items, recordingCall());
    const body = objectOf(at.requests[0]?.body);
    const [first, second] = objectsOf(body['questions']).map(({ instructions }) => String(instructions));
    expect(body).toMatchObject({ model: 'gpt-6-luna', prompt_cache_key: 'card-7' });
    expect(body['input']).toMatch(/Why does ice float\?/);
    expect(body['input']).toMatch(/Be kind\./);
    expect(`${String(body['input'])}${second}`).not.toContain('because');
    expect(first).not.toContain('no idea');
  });

  test('reads the expected level from the probabilities', async () => {
    const verdicts = [
      { probabilities: levels(0, 0, 0.5, 0.5, 0, 0), confidence: 0.6 },
      { probabilities: levels(0.5, 0, 0, 0, 0, 0.5) },
    ];
    const at = await start({ script: [{ verdicts }] });
    expect(await make(at).grade(items, recordingCall())).toEqual([
      { id: 'k1', score: 0.5, confidence: 0.6 },
      { id: 'k2', score: 0.5, confidence: 1 },
    ]);
  });

  test('passes on a refusal of one question', async () => {
    const at = await start({ script: [{ verdicts: [{ type: 'refusal' }] }] });
    const verdicts = await make(at).grade(items, recordingCall());
    expect(verdicts).toMatchObject([
      { id: 'k1', refused: true },
      { id: 'k2', score: 1 },
    ]);
  });

  test('matches answers by name, and by place where they have none', async () => {
    const named = [{ name: 'answer_2', probabilities: [] }, null];
    const nameless = [{ name: null }, { name: null, type: 'refusal' }];
    const at = await start({ script: [{ verdicts: named }, { verdicts: nameless }] });
    expect(await make(at).grade(items, recordingCall())).toMatchObject([{ id: 'k2', malformed: expect.any(String) }]);
    expect(await make(at).grade(items, recordingCall())).toMatchObject([
      { id: 'k1', score: 1 },
      { id: 'k2', refused: true },
    ]);
  });

  test.each([
    [[{ probability: 1 }]],
    [[{ probability: 0 }, { probability: 0 }]],
    [[{ probability: 1 }, { probability: 'x' }]],
  ])('cannot read a verdict from %j', async (probabilities) => {
    const at = await start({ script: [{ verdicts: [{ probabilities }] }] });
    const [verdict] = await make(at).grade(items, recordingCall());
    expect(verdict).toEqual({ id: 'k1', malformed: 'the decision held no probabilities' });
  });

  test('reports usage, model and request id', async () => {
    const at = await start({ script: [{ usage: { inputTokens: 90, outputTokens: 0 } }] });
    const call = recordingCall();
    await make(at).grade(items, call);
    expect(call.reported).toMatchObject({
      usage: { inputTokens: 90, outputTokens: 0 },
      model: 'gpt-6-luna',
      requestId: 'req_00000000',
    });
  });

  test.each(wireFaults)('%j is classified, after one request', async (reply, codes) => {
    const at = await start({ respond: () => reply });
    expect(codes).toContain((await failureOf(make(at).grade(items, recordingCall()))).code);
    expect(at.requests).toHaveLength(1);
  });

  test('says that it isolates many items and writes no feedback', async () => {
    const provider = make(await start());
    expect(provider).toMatchObject({
      name: 'openai-decisions',
      capabilities: { maxItemsPerCall: 200, isolatesItems: true, feedback: false },
    });
    expect(make(await start(), { name: 'luna' }).name).toBe('luna');
  });

  test('refuses a client without decisions, and options that make no sense', () => {
    expect(attempt({ chat: {} })).toThrow('client must be a client of openai 7 or later');
    expect(attempt(undefined)).toThrow('client must be a client of openai 7 or later');
    expect(attempt(new OpenAI({ apiKey: 'x' }), { model: '' })).toThrow('model must be a text that is not empty');
  });
});
