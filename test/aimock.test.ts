// An outside witness: a mock server that nobody here wrote.
import Anthropic from '@anthropic-ai/sdk';
import { LLMock, type ChaosConfig, type ChatCompletionRequest } from '@copilotkit/aimock';
import { gradeAnswersWithFallback, type LLMProvider } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import { expectEveryAnswerOnce } from 'gradelanes/testing';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { timeLapseClock } from './chaos/time-lapse-clock.js';
import { outcomes, sampleAnswers } from './sample-answers.js';
import { failureOf } from './tools/failure-of.js';
import { modelRequest, recordingCall } from './tools/model-call.js';

const mock = new LLMock({ port: 0, logLevel: 'silent' });
const request = modelRequest('because it is less dense');
const reply = '{"results":[{"key":"k1","levels":[4]}]}';
const usage = { input_tokens: 12, output_tokens: 5, prompt_tokens: 12, completion_tokens: 5, total_tokens: 17 };

beforeAll(async () => {
  await mock.start();
});
afterEach(() => {
  mock.clearFixtures();
  mock.clearChaos();
});
afterAll(async () => {
  await mock.stop();
});

const providers: readonly [string, () => LLMProvider][] = [
  [
    'Anthropic messages',
    () => anthropicProvider(new Anthropic({ apiKey: 'x', baseURL: mock.url }), { model: 'claude-haiku-5-5' }),
  ],
  [
    'OpenAI Responses',
    () => openaiProvider(openai(), { model: 'gpt-6-luna', api: 'responses', outputMode: 'json_schema' }),
  ],
  [
    'OpenAI chat completions',
    () => openaiProvider(openai(), { model: 'gpt-6-luna', api: 'chat', outputMode: 'json_schema' }),
  ],
];

function openai(): OpenAI {
  return new OpenAI({ apiKey: 'x', baseURL: `${mock.url}/v1` });
}

describe.each(providers)('aimock speaks %s, and', (_, make) => {
  test('a reply comes through with its usage and model', async () => {
    mock.onMessage(/<answer/, { content: reply, usage });
    const call = recordingCall();
    expect(await make().generate(request, call)).toEqual({ text: reply, stop: 'end' });
    expect(call.reported).toMatchObject({ model: expect.any(String), usage: { inputTokens: 12, outputTokens: 5 } });
  });

  test('a reply that was cut is told apart', async () => {
    mock.onMessage(/<answer/, { content: reply.slice(0, 20), finishReason: 'length' });
    expect(await make().generate(request, recordingCall())).toEqual({ text: reply.slice(0, 20), stop: 'length' });
  });

  test.each([
    [400, 'invalid_request'],
    [401, 'auth'],
    [403, 'auth'],
    [404, 'not_found'],
    [413, 'too_large'],
    [429, 'rate_limited'],
    [500, 'server'],
    [503, 'overloaded'],
    [529, 'overloaded'],
  ])('status %i is %s', async (status, code) => {
    mock.onMessage(/<answer/, { error: { message: 'Bad' }, status });
    expect(await failureOf(make().generate(request, recordingCall()))).toMatchObject({ code, status });
  });

  test('a 429 carries the time to wait', async () => {
    mock.onMessage(/<answer/, { error: { message: 'Slow', type: 'rate_limit_error' }, status: 429, retryAfter: 7 });
    expect(await failureOf(make().generate(request, recordingCall()))).toMatchObject({ retryAfterMs: 7_000 });
  });

  test.each<[string, ChaosConfig, string[]]>([
    ['a dropped connection', { disconnectRate: 1 }, ['network']],
    ['a broken body', { malformedRate: 1 }, ['network', 'server']],
    ['a dropped request', { dropRate: 1 }, ['server']],
    ['a rate limit', { rateLimitRate: 1 }, ['rate_limited']],
  ])('%s fails the call', async (__, chaos, codes) => {
    mock.onMessage(/<answer/, { content: reply });
    mock.setChaos(chaos);
    const failure = await failureOf(make().generate(request, recordingCall()));
    expect(codes).toContain(failure.code);
    expect(failure.retryable).toBe(true);
  });

  test('with all its faults at once, every answer comes back once, and each call is one request', async () => {
    mock.clearRequests();
    mock.onMessage(/<answer/, gradeAll);
    mock.setChaos({ dropRate: 0.06, malformedRate: 0.06, rateLimitRate: 0.2, disconnectRate: 0.06, latencyMs: 5 });
    const answers = sampleAnswers(40);
    // Its rate limits ask for a whole second.
    const options = { provider: make(), clock: timeLapseClock(50), localGrading: false } as const;
    const report = await gradeAnswersWithFallback(answers, options);
    expectEveryAnswerOnce(report, answers);
    expect(outcomes(report).filter((outcome) => outcome === 0.8).length).toBe(report.metrics.gradedCount);
    expect(report.metrics.gradedCount).toBeGreaterThan(30);
    expect(Math.min(report.metrics.retries, report.metrics.rateLimited)).toBeGreaterThan(0);
    expect(mock.getRequests()).toHaveLength(report.metrics.requests);
  });

  test('an abort ends a call that takes too long', async () => {
    mock.onMessage(/<answer/, { content: reply }, { latency: 60_000 });
    const abort = new AbortController();
    const failure = failureOf(make().generate(request, recordingCall(abort.signal)));
    setImmediate(() => abort.abort());
    expect(await failure).toMatchObject({ code: 'aborted' });
  });
});

/** Gives every answer of a request the same mark. */
function gradeAll({ messages }: ChatCompletionRequest): { content: string } {
  const keys = [...JSON.stringify(messages).matchAll(/<answer key=\\"(\w+)\\"/g)].map(([, key]) => key);
  return { content: JSON.stringify({ results: keys.map((key) => ({ key, levels: [4] })) }) };
}
