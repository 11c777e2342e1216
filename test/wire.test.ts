import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersWithFallback,
  isGradingAborted,
  type FailureCode,
  type GradingOptions,
  type LLMProvider,
} from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import { expectEveryAnswerOnce, seededRandom } from 'gradelanes/testing';
import { mockServer, type MockReply, type MockRequest, type MockServer } from 'gradelanes/testing-server';
import { outcomes, sampleAnswers } from './sample-answers.js';

const plain = { localGrading: false, retry: false } as const;

/** The real SDKs, as an app uses them. */
const sdks: readonly { name: string; provider: (url: string) => LLMProvider }[] = [
  {
    name: 'openai, Responses',
    provider: (url) =>
      openaiProvider(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }), { model: 'gpt-6-luna', api: 'responses' }),
  },
  {
    name: 'openai, chat completions',
    provider: (url) =>
      openaiProvider(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }), { model: 'gpt-6-luna', api: 'chat' }),
  },
  {
    name: 'anthropic',
    provider: (url) =>
      anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: url }), { model: 'claude-haiku-5-5' }),
  },
];

let respond: ((request: MockRequest) => MockReply | undefined) | undefined;
let latencyMs = 0;
let server: MockServer;

beforeEach(async () => {
  respond = undefined;
  latencyMs = 0;
  server = await mockServer({
    respond: (request) => respond?.(request),
    latencyMs: () => latencyMs,
    score: (text) => Number(text.slice('answer '.length)) / 5,
  });
});

afterEach(async () => {
  await server.close();
});

/** The answers of every request, as positions. */
const sent = (): number[][] =>
  server.requests.map(({ answers }) => answers.map((text) => Number(text.slice('answer '.length))));
const byFirst = ([first = 0]: number[], [second = 0]: number[]): number => first - second;

/** Turns of the event loop until the server knows that a connection is gone. */
async function untilIdle(): Promise<void> {
  const until = performance.now() + 2_000;
  while (server.inFlight > 0 && performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(sdks)('$name over HTTP', ({ provider: makeProvider }) => {
  let provider: LLMProvider;

  beforeEach(async () => {
    provider = makeProvider(server.url);
    // The first call loads chunks and opens a connection.
    await gradeAnswersConcurrently(sampleAnswers(1), { ...plain, provider });
    server.reset();
  });

  test('grades in order, and calls in flight never exceed the limit', async () => {
    // Long enough for a busy machine to have all three under way.
    latencyMs = 100;
    const answers = sampleAnswers(6);
    const report = await gradeAnswersWithFallback(answers, { ...plain, provider, maxConcurrentTasks: 3 });
    expectEveryAnswerOnce(report, answers);
    expect(outcomes(report)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(server.peakInFlight).toBe(3);
    expect(sent().toSorted(byFirst)).toEqual([[0], [1], [2], [3], [4], [5]]);
  });

  test('measures what the server saw', async () => {
    server.reset();
    latencyMs = 300;
    const { metrics } = await gradeAnswersWithFallback(sampleAnswers(6), { ...plain, provider, maxConcurrentTasks: 3 });
    expect(metrics.requests).toBe(server.requests.length);
    expect(metrics.concurrentExecutionCount).toBe(server.peakInFlight);
    // A call takes at least as long as the server holds its reply back, and no longer than the run: how much of the
    // time between is the machine's is for a bench.
    expect(metrics.averageTaskDurationMs).toBeGreaterThanOrEqual(latencyMs - 1);
    expect(metrics.averageTaskDurationMs).toBeLessThanOrEqual(metrics.totalProcessingTimeMs);
  });

  test('counts the tokens that the server counted', async () => {
    respond = () => ({ usage: { inputTokens: 120, outputTokens: 30 } });
    const { metrics, results } = await gradeAnswersWithFallback(sampleAnswers(3), { ...plain, provider });
    expect(metrics.usage).toMatchObject({ inputTokens: 360, outputTokens: 90 });
    expect(results[0]?.usage).toMatchObject({ inputTokens: 120, outputTokens: 30 });
  });

  test.each<[string, MockReply, FailureCode, Partial<GradingOptions>]>([
    ['a server error', { error: 500 }, 'server', {}],
    ['an overload', { error: 529 }, 'overloaded', {}],
    ['a bad request', { error: 400 }, 'invalid_request', {}],
    ['too long a prompt', { error: 'context_length' }, 'too_large', {}],
    ['no reply', { fault: 'hang' }, 'timeout', { attemptTimeoutMs: 1_500 }],
    ['half a reply and silence', { fault: 'stallBody' }, 'timeout', { attemptTimeoutMs: 1_500 }],
    ['a dropped connection', { fault: 'reset' }, 'network', {}],
    ['a connection dropped half-way', { fault: 'resetMidBody' }, 'network', {}],
    ['a refusal', { fault: 'refusal' }, 'refused', {}],
    ['a filter', { fault: 'filter' }, 'refused', {}],
    ['prose', { text: 'I would give this full marks.' }, 'malformed', {}],
    ['an empty object', { text: '{}' }, 'malformed', {}],
    ['cut JSON', { fault: 'malformed' }, 'malformed', {}],
    ['a reply cut at the limit', { fault: 'length' }, 'truncated', {}],
    ['a score out of range', { verdicts: [{ levels: [9] }] }, 'malformed', {}],
    ['a score in words', { verdicts: [{ levels: ['high'] }] }, 'malformed', {}],
    ['the key of another call', { verdicts: [{ key: 'abc123' }] }, 'malformed', {}],
    ['no verdict', { verdicts: [null] }, 'malformed', {}],
  ])('loses one of five answers to %s, and none of the others', async (_, reply, code, options) => {
    respond = ({ answers }) => (answers.includes('answer 2') ? reply : undefined);
    const report = await gradeAnswersConcurrently(sampleAnswers(5), { ...plain, provider, ...options });
    expect(outcomes(report)).toEqual([0, 0.2, code, 0.6, 0.8]);
    const isAskedAgain = code === 'malformed' || code === 'truncated';
    expect(report.metrics.requests).toBe(isAskedAgain ? 6 : 5);
    expect(server.requests).toHaveLength(report.metrics.requests);
    await untilIdle();
    expect(server.inFlight).toBe(0);
  });

  test('loses one answer of a batch to nonsense, after asking for it alone', async () => {
    respond = ({ answers }) => (answers.length > 1 ? { verdicts: [undefined, { levels: ['high'] }] } : undefined);
    const report = await gradeAnswersInBatch(sampleAnswers(4), { ...plain, provider });
    expect(outcomes(report)).toEqual([0, 0.2, 0.4, 0.6]);
    expect(sent()).toEqual([[0, 1, 2, 3], [1]]);
    expect(server.requests[1]?.body).toMatchObject({});
    expect(JSON.stringify(server.requests[1]?.body)).toContain('Your last reply was rejected');
  });

  test('falls from parallel to batch to sequential with only what is still ungraded', async () => {
    respond = ({ answers, attempt }) =>
      attempt === 1 && answers.some((text) => text === 'answer 1' || text === 'answer 3') ? { error: 503 } : undefined;
    const answers = sampleAnswers(5);
    const report = await gradeAnswersWithFallback(answers, { ...plain, provider });
    expectEveryAnswerOnce(report, answers);
    expect(outcomes(report)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    expect(sent().slice(0, 5).toSorted(byFirst)).toEqual([[0], [1], [2], [3], [4]]);
    expect(sent().slice(5)).toEqual([[1, 3], [1], [3]]);
    expect(report.metrics).toMatchObject({ processingModeUsed: 'sequential_fallback', requests: 8 });
  });

  test('stops at a wrong key after at most as many calls as may run at once', async () => {
    latencyMs = 10;
    respond = () => ({ error: 401 });
    const report = await gradeAnswersWithFallback(sampleAnswers(20), { ...plain, provider, maxConcurrentTasks: 4 });
    expect(new Set(outcomes(report))).toEqual(new Set(['auth']));
    expect(server.requests.length).toBeLessThanOrEqual(4);
    expect(JSON.stringify(report)).not.toContain('"test"');
  });

  test('never sends an answer again that was graded, whatever fails', async () => {
    const random = seededRandom(7);
    const failures: readonly MockReply[] = [{ error: 500 }, { fault: 'reset' }, { text: 'prose' }, { fault: 'length' }];
    const graded = new Set<string>();
    const sentAgain: string[] = [];
    respond = ({ answers }) => {
      sentAgain.push(...answers.filter((text) => graded.has(text)));
      const failure = random() < 0.4 ? failures[Math.floor(random() * failures.length)] : undefined;
      if (failure === undefined) for (const text of answers) graded.add(text);
      return failure;
    };
    const answers = sampleAnswers(6);
    const retry = { maxAttempts: 3, baseDelayMs: 1 };
    for (let round = 0; round < 5; round += 1) {
      graded.clear();
      const report = await gradeAnswersWithFallback(answers, { ...plain, provider, retry, maxConcurrentTasks: 3 });
      expectEveryAnswerOnce(report, answers);
      expect(report.metrics.gradedCount).toBe(graded.size);
    }
    expect(sentAgain).toEqual([]);
    expect(server.peakInFlight).toBeLessThanOrEqual(3);
  });

  test('an abort closes the connections and leaves no call on the server', async () => {
    latencyMs = 5_000;
    const abort = new AbortController();
    respond = ({ index }) => {
      if (index === 1) abort.abort();
      return undefined;
    };
    const options = { ...plain, provider, maxConcurrentTasks: 2, signal: abort.signal };
    const error: unknown = await gradeAnswersWithFallback(sampleAnswers(5), options).catch((thrown: unknown) => thrown);
    expect(isGradingAborted(error) && error.report.metrics).toMatchObject({ leaked: 0, failedCount: 5 });
    await untilIdle();
    expect(server.inFlight).toBe(0);
    expect(server.requests.map(({ status }) => status)).toEqual(server.requests.map(() => 'aborted'));
    expect(server.requests).toHaveLength(2);
  });

  test('sends every request once: the SDK’s own retries are off', async () => {
    respond = () => ({ error: 500 });
    await gradeAnswersConcurrently(sampleAnswers(1), { ...plain, provider });
    expect(server.requests).toHaveLength(1);
  });

  test('sends no learner’s id, and asks vendors not to store', async () => {
    const answers = sampleAnswers(3, () => ({ learnerId: 'ada-lovelace', id: 'row-7' }));
    await gradeAnswersWithFallback(answers, { ...plain, provider });
    for (const { body, headers, path } of server.requests) {
      expect(JSON.stringify([body, headers])).not.toMatch(/ada-lovelace|row-7/);
      if (path.endsWith('/responses')) expect(body).toMatchObject({ store: false });
    }
  });
});
