// Cassettes over the real SDKs: recorded against a server, and replayed where there is none.
import Anthropic from '@anthropic-ai/sdk';
import {
  gradeAnswersConcurrently,
  type GradingReport,
  type LLMProvider,
  type Provider,
  type SingleModeOptions,
} from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import {
  expectEveryAnswerOnce,
  memoryCassette,
  recordProvider,
  replayProvider,
  seededRandom,
  type CassetteStore,
} from 'gradelanes/testing';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { outcomes, sampleAnswers } from './sample-answers.js';
import { useMockServers } from './tools/mock-servers.js';

const KEY = 'sk-very-secret-0123456789';
const answers = sampleAnswers(3, (index) => ({ id: `id ${index}`, learnerId: `learner ${index}` }));
const start = useMockServers();

/** The real SDKs, as an app uses them. */
const sdks: readonly { name: string; model: string; provider: (url: string, model: string) => LLMProvider }[] = [
  {
    name: 'openai, Responses',
    model: 'gpt-6-luna',
    provider: (url, model) =>
      openaiProvider(new OpenAI({ apiKey: KEY, baseURL: `${url}/v1` }), { model, api: 'responses' }),
  },
  {
    name: 'openai, chat completions',
    model: 'gpt-6-luna',
    provider: (url, model) => openaiProvider(new OpenAI({ apiKey: KEY, baseURL: `${url}/v1` }), { model, api: 'chat' }),
  },
  {
    name: 'anthropic',
    model: 'claude-haiku-5-5',
    provider: (url, model) => anthropicProvider(new Anthropic({ apiKey: KEY, baseURL: url }), { model }),
  },
];

function grade(
  provider: Provider,
  { seed = 2, ...options }: Partial<SingleModeOptions> & { seed?: number } = {},
  asked = answers,
): Promise<GradingReport> {
  return gradeAnswersConcurrently(asked, { provider, retry: false, random: seededRandom(seed), ...options });
}

/** The first failure of a run in which nothing could be graded. */
function firstMessage({ results, metrics }: GradingReport): string {
  expect(metrics.gradedCount).toBe(0);
  const [first] = results;
  return first?.status === 'failed' ? `${first.error.code}: ${first.error.message}` : '';
}

describe.each(sdks)('a cassette of $name', ({ model, provider }) => {
  let store: CassetteStore & { read: () => string | undefined };
  let recorded: GradingReport;
  let url: string;
  let keys: readonly string[];

  beforeEach(async () => {
    store = memoryCassette();
    const server = await start({ score: (text) => Number(text.slice('answer '.length)) / 5 });
    url = server.url;
    recorded = await grade(recordProvider(provider(url, model), store), { seed: 1 });
    keys = server.requests.flatMap((request) => request.keys);
    await server.close();
    vi.stubGlobal('fetch', () => Promise.reject(new Error('there is no network')));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('is what the server said, and the server is gone', async () => {
    expect(outcomes(recorded)).toEqual([0, 0.2, 0.4]);
    expect(outcomes(await grade(provider(url, model)))).toEqual(['network', 'network', 'network']);
  });

  test.each<[string, () => Promise<Provider>]>([
    ['by itself', () => replayProvider(store)],
    ['in front of the SDK', async () => recordProvider(provider(url, model), store, { mode: 'strict' })],
  ])('replays %s without a network, although the random keys differ', async (_, open) => {
    const replaying = await open();
    const replayed = await grade(replaying);
    expectEveryAnswerOnce(replayed, answers);
    expect(outcomes(replayed)).toEqual(outcomes(recorded));
    expect(replayed.metrics.usage).toEqual(recorded.metrics.usage);
    expect(replayed.results).toMatchObject(answers.map(() => ({ model, feedback: 'Mock feedback.' })));
    expect(replaying).toMatchObject({ mismatches: [] });
  });

  test('holds placeholders for the keys of each call, no credentials and no ids of learners', () => {
    const text = store.read() ?? '';
    expect(text).toContain('<answer key=\\"<key 1>\\">\\"answer 1\\"</answer>');
    expect(text).toContain('"key": "<key 1>"');
    expect(keys).toHaveLength(answers.length);
    for (const secret of [...keys, KEY, 'learner 0', 'id 0']) expect(text).not.toContain(secret);
  });

  test.each<[string, Partial<SingleModeOptions>, string[]]>([
    ['prompt', { instructions: 'Be kind.' }, ['+ "Marking instructions: \\"Be kind.\\""']],
    ['schema', { feedback: false }, ['- "feedback": {', '- "feedback"']],
  ])('fails strict replay when the %s changed, and shows the difference', async (_, change, lines) => {
    const replaying = await replayProvider(store);
    const message = firstMessage(await grade(replaying, change));
    expect(message).toMatch(
      /^invalid_request: no recorded call matches this one\. Against the nearest, entry 1 of 3:\n/,
    );
    for (const line of lines) expect(message).toContain(`\n${line}`);
    expect(replaying.mismatches).toHaveLength(answers.length);
    expect(replaying.staleEntries()).toHaveLength(answers.length);
  });

  test('fails strict replay when the model changed, and shows the difference', async () => {
    const live = recordProvider(provider(url, 'another-model'), store, { mode: 'strict' });
    const message = firstMessage(await grade(live));
    expect(message).toMatch(
      new RegExp(String.raw`\n- "model": "[^\n]*${model}[^\n]*\n\+ "model": "[^\n]*another-model`),
    );
    expect(message).not.toContain('system');
  });

  test('fails strict replay when the answer changed, and shows the difference', async () => {
    const changed = sampleAnswers(1, () => ({ answer: 'answer one' }));
    const message = firstMessage(await grade(await replayProvider(store), {}, changed));
    expect(message).toContain('\n- "prompt": "<answer key=\\"<key 1>\\">\\"answer 0\\"</answer>",');
    expect(message).toContain('\n+ "prompt": "<answer key=\\"<key 1>\\">\\"answer one\\"</answer>",');
    expect(message).toContain("record again with mode 'record'");
  });
});
