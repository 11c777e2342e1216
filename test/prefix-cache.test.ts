// What the vendors' servers see of prompts that begin alike: cache marks, and the order of calls.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { gradeAnswersWithFallback, type AnswerToGrade, type GradingOptions } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import type { MockServer } from 'gradelanes/testing-server';
import { expect, test } from 'vitest';
import { objectOf, objectsOf } from '../src/json/untyped-json.js';
import { useMockServers } from './tools/mock-servers.js';
import { sampleAnswers } from './sample-answers.js';

const start = useMockServers();
const CARD = 'Ice is less dense than water, which is why it floats. '.repeat(100);
const plain = { localGrading: false, guards: false, retry: false } as const;

const claude = ({ url }: MockServer, cache?: boolean): GradingOptions['provider'] =>
  anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: url }), { model: 'claude-sonnet-5', cache });

async function grade(answers: readonly AnswerToGrade[], options: GradingOptions): Promise<void> {
  const { metrics } = await gradeAnswersWithFallback(answers, { ...plain, ...options });
  expect(metrics.gradedCount).toBe(answers.length);
}

/** Requests that arrived before the first had its response. */
function beforeFirstEnded({ requests }: MockServer): number {
  const [first] = requests;
  return requests.filter(({ at }) => at < (first?.endedAt ?? Infinity)).length;
}

function marks({ requests }: MockServer): readonly (readonly boolean[])[] {
  return requests.map(({ body }) => objectsOf(objectOf(body)['system']).map((block) => 'cache_control' in block));
}

test('Anthropic: long material is marked by default, and one call goes before the rest', async () => {
  const at = await start({ latencyMs: 150 });
  const answers = sampleAnswers(8, (index) => ({ question: { prompt: `Why does ice float, in ${index} words?` } }));
  await grade(answers, { provider: claude(at), context: CARD });
  expect(marks(at)).toEqual(answers.map(() => [true, false]));
  const prefixes = at.requests.map(({ body }) => objectsOf(objectOf(body)['system'])[0]?.['text']);
  expect(new Set(prefixes).size).toBe(1);
  expect(prefixes[0]).toContain('less dense');
  expect(beforeFirstEnded(at)).toBe(1);
  expect(at.peakInFlight).toBe(5);
});

test('Anthropic: short material is neither marked nor waited for', async () => {
  const at = await start({ latencyMs: 150 });
  await grade(sampleAnswers(5), { provider: claude(at) });
  expect(marks(at).flat()).not.toContain(true);
  expect(beforeFirstEnded(at)).toBe(5);
});

test('Anthropic: with cache false long material is neither marked nor waited for', async () => {
  const at = await start({ latencyMs: 150 });
  await grade(sampleAnswers(5), { provider: claude(at, false), context: CARD });
  expect(marks(at).flat()).not.toContain(true);
  expect(beforeFirstEnded(at)).toBe(5);
});

test('OpenAI: with a cache key one call goes before the rest, and all carry the key', async () => {
  const at = await start({ latencyMs: 150 });
  const client = new OpenAI({ apiKey: 'test', baseURL: `${at.url}/v1` });
  const provider = openaiProvider(client, { model: 'gpt-6-luna', cacheKey: 'deck-1' });
  await grade(sampleAnswers(5), { provider, context: CARD });
  expect(beforeFirstEnded(at)).toBe(1);
  expect(at.requests.map(({ body }) => objectOf(body)['prompt_cache_key'])).toEqual(Array(5).fill('deck-1'));
});
