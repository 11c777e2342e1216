// Every provider and every double of this package keeps the contract that a user's own provider must keep.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import Anthropic from '@anthropic-ai/sdk';
import { promptGrader, type Provider } from 'gradelanes';
import { aiSdkProvider } from 'gradelanes/ai-sdk';
import { anthropicProvider } from 'gradelanes/anthropic';
import { offlineProvider } from 'gradelanes/offline';
import { openaiDecisionsProvider, openaiProvider } from 'gradelanes/openai';
import {
  faultyProvider,
  memoryCassette,
  mockLLM,
  mockProvider,
  providerContract,
  recordProvider,
  replayProvider,
  type ContractCase,
} from 'gradelanes/testing';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { useMockServers } from './tools/mock-servers.js';

const start = useMockServers();
const openai = (url: string): OpenAI => new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` });
const openaiModels = (url: string): ReturnType<typeof createOpenAI> =>
  createOpenAI({ apiKey: 'test', baseURL: `${url}/v1` });

const inProcess: readonly [string, () => Provider][] = [
  ['offlineProvider', () => offlineProvider()],
  ['mockProvider', () => mockProvider(0.5)],
  ['mockProvider with a delay', () => mockProvider(0.5, { delayMs: 5 })],
  ['mockProvider that takes one answer per call', () => mockProvider(1, { capabilities: { maxItemsPerCall: 1 } })],
  ['mockLLM', () => mockLLM(1)],
  ['promptGrader(mockLLM)', () => promptGrader(mockLLM(1))],
  ['faultyProvider(mockProvider) without faults', () => faultyProvider(mockProvider(), [])],
  ['faultyProvider(mockLLM) without faults', () => faultyProvider(mockLLM(), [])],
  ['recordProvider(mockProvider)', () => recordProvider(mockProvider(), memoryCassette())],
  ['recordProvider(mockLLM)', () => recordProvider(mockLLM(), memoryCassette())],
];

const overHttp: readonly [string, (url: string) => Provider][] = [
  ['openaiProvider, Responses', (url) => openaiProvider(openai(url), { model: 'gpt-6-luna', api: 'responses' })],
  ['openaiProvider, chat completions', (url) => openaiProvider(openai(url), { model: 'gpt-6-luna', api: 'chat' })],
  ['openaiDecisionsProvider', (url) => openaiDecisionsProvider(openai(url))],
  [
    'anthropicProvider',
    (url) => anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: url }), { model: 'claude-haiku-5-5' }),
  ],
  ['aiSdkProvider, OpenAI Responses', (url) => aiSdkProvider(openaiModels(url).responses('gpt-6-luna'))],
  ['aiSdkProvider, OpenAI chat', (url) => aiSdkProvider(openaiModels(url).chat('gpt-6-luna'))],
  [
    'aiSdkProvider, Anthropic',
    (url) => aiSdkProvider(createAnthropic({ apiKey: 'test', baseURL: `${url}/v1` })('claude-haiku-5-5')),
  ],
];

describe.each(inProcess)('the contract of %s', (_, makeProvider) => {
  keep(providerContract(makeProvider));
});

describe.each(overHttp)('the contract of %s, over HTTP', (_, makeProvider) => {
  keep(providerContract(async () => makeProvider((await start()).url)));
});

describe.each<[string, () => Provider]>([
  ['model', () => mockLLM(1)],
  ['verdict', () => mockProvider(1)],
])('the contract of replayProvider, of a cassette of the level %s', (_, makeProvider) => {
  keep(providerContract(async () => replayProvider(await recordedContract(makeProvider))));
});

function keep(cases: readonly ContractCase[]): void {
  for (const { name, run } of cases) {
    test(`${name}: kept`, async () => {
      expect(await run()).toBeUndefined();
    });
  }
}

/** A cassette of all that the contract asks. */
async function recordedContract(makeProvider: () => Provider): Promise<ReturnType<typeof memoryCassette>> {
  const store = memoryCassette();
  const recording = recordProvider(makeProvider(), store);
  for (const { run } of providerContract(() => recording)) await run();
  return store;
}
