import { fc, test as property } from '@fast-check/vitest';
import { countTokens } from 'gpt-tokenizer';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import {
  createBudget,
  estimateCost,
  gradeAnswersWithFallback,
  ProviderError,
  type BudgetOptions,
  type GradingOptions,
  type GradingProvider,
  type TokenUsage,
} from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { openaiProvider } from 'gradelanes/openai';
import { expectEveryAnswerOnce, manualClock, seededRandom } from 'gradelanes/testing';
import { mockServer } from 'gradelanes/testing-server';
import { deck } from '../../../examples/deck.js';
import { outcomes, question, sampleAnswers } from '../../sample-answers.js';

const prices = { 'model-1': { inputPerMillion: 1, outputPerMillion: 4, cacheReadPerMillion: 0.1 } };
const usage = { inputTokens: 80, outputTokens: 20 };

/** A provider that takes 10 ms and tells what it took. */
function spender(told: (call: number) => TokenUsage | undefined = () => usage) {
  const clock = manualClock();
  let calls = 0;
  let inFlight = 0;
  let peak = 0;
  const provider: GradingProvider = {
    name: 'spender',
    grade: async (items, { report }) => {
      const call = ++calls;
      peak = Math.max(peak, ++inFlight);
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, 10);
      });
      inFlight--;
      report({ usage: told(call), model: 'model-1-2026-10-01' });
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  const run = async (count: number, options: Partial<GradingOptions>) => {
    const answers = sampleAnswers(count, () => ({
      question: { ...question, referenceAnswers: ['Ice is less dense than water.'] },
    }));
    const common = { localGrading: false, provider, clock, random: seededRandom(7) };
    const report = await clock.runUntil(gradeAnswersWithFallback(answers, { ...common, ...options }));
    expectEveryAnswerOnce(report, answers);
    return report;
  };
  return { provider, run, calls: () => calls, peak: () => peak };
}

describe('a budget', () => {
  test.each<[string, BudgetOptions, number]>([
    ['requests', { maxRequests: 7 }, 7],
    ['tokens', { maxTokens: 1_000 }, 10],
    ['money', { maxCost: 0.00161, prices }, 10],
  ])('of %s lets only calls through that it has room for', async (_, budget, most) => {
    const { run, calls } = spender();
    const report = await run(30, { budget });
    const { gradedCount, failedCount, requests } = report.metrics;
    expect([calls(), requests, gradedCount, failedCount]).toEqual([most, most, most, 30 - most]);
    const failed = report.results.find(({ status }) => status === 'failed');
    expect(failed).toMatchObject({ attempts: 0, error: { code: 'budget_exceeded', scope: 'call', retryable: true } });
  });

  property.prop(
    [fc.array(fc.nat({ max: 400 }), { minLength: 40, maxLength: 40 }), fc.integer({ min: 1, max: 4_000 })],
    {
      numRuns: 25,
    },
  )('is never passed by more than the calls in flight', async (tokens, maxTokens) => {
    const { run, peak } = spender((call) => ({ inputTokens: tokens[call - 1] ?? 0, outputTokens: 0 }));
    const { metrics } = await run(40, { budget: { maxTokens } });
    expect((metrics.usage?.inputTokens ?? 0) - maxTokens).toBeLessThanOrEqual(peak() * 400);
  });

  test('lets a local provider grade what it has no room for', async () => {
    const { run, provider } = spender();
    const report = await run(6, { provider: [provider, offlineProvider()], budget: { maxRequests: 2 } });
    expect(report.metrics).toMatchObject({ gradedCount: 6, failedCount: 0, requests: 6 });
    expect(
      report.results.filter(
        (result) => result.status === 'graded' && result.reviewReasons.includes('offline_stand_in'),
      ),
    ).toHaveLength(4);
    expect(report.metrics.fallbacks).toMatchObject([{ kind: 'provider', code: 'budget_exceeded', answerCount: 4 }]);
  });

  test('is shared by the runs that it is handed to', async () => {
    const { run } = spender();
    const budget = createBudget({ maxRequests: 5 });
    expect((await run(3, { budget })).metrics.gradedCount).toBe(3);
    expect((await run(3, { budget })).metrics.gradedCount).toBe(2);
    expect(budget.spent).toMatchObject({ requests: 5, tokens: 500 });
  });

  test('counts calls that failed and second copies, and what calls cost that told nothing', async () => {
    const { run } = spender((call) => (call === 2 ? undefined : usage));
    const budget = createBudget({ prices });
    const { metrics } = await run(4, { budget });
    expect(metrics.cost).toBeCloseTo((3 * (80 + 4 * 20)) / 1e6, 12);
    expect(budget.spent.requests).toBe(4);
    expect(budget.spent.tokens).toBeGreaterThan(300);
    const failing = spender();
    const failed = createBudget({ prices });
    const provider: GradingProvider = {
      grade: async (_, { report }) => {
        report({ usage, model: 'model-1' });
        throw new ProviderError('refused', 'no');
      },
    };
    const report = await failing.run(2, { provider, budget: failed, mode: 'parallel' });
    expect(report.metrics.cost).toBeCloseTo((2 * 160) / 1e6, 12);
    expect(failed.spent).toMatchObject({ requests: 2, tokens: 200 });
  });

  test('counts what the vendor rejected as a request alone', async () => {
    const { run } = spender();
    const budget = createBudget({});
    const provider: GradingProvider = { grade: () => Promise.reject(new ProviderError('server', 'down')) };
    await run(1, { provider, budget, retry: false, mode: 'sequential' });
    expect(budget.spent).toEqual({ requests: 1, tokens: 0, cost: 0 });
  });

  test('says nothing of cost where a model has no price, and counts it as the dearest', async () => {
    const { run } = spender();
    const budget = createBudget({ prices: { other: { inputPerMillion: 10, outputPerMillion: 10 } } });
    expect((await run(2, { budget, mode: 'parallel' })).metrics.cost).toBeUndefined();
    expect(budget.spent.cost).toBeCloseTo((2 * 100 * 10) / 1e6, 12);
  });

  test('charges input that the vendor had in its cache at its own price', async () => {
    const { run } = spender(() => ({ ...usage, cacheReadTokens: 50 }));
    const { metrics } = await run(1, { budget: { prices } });
    expect(metrics.cost).toBeCloseTo((30 * 1 + 50 * 0.1 + 20 * 4) / 1e6, 12);
  });

  test('does not fail answers that fit once the calls in flight have turned out cheap', async () => {
    const { run } = spender(() => ({ inputTokens: 5, outputTokens: 5 }));
    const { metrics } = await run(40, { budget: { maxTokens: 450 } });
    expect(metrics.gradedCount).toBeGreaterThanOrEqual(35);
  });

  test('ends with the run: an abort waits for no room', async () => {
    const { run } = spender();
    const abort = new AbortController();
    const aborted = run(20, {
      budget: { maxTokens: 200 },
      signal: abort.signal,
      onEvent: ({ type }) => void (type === 'call-started' && abort.abort()),
    });
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' });
  });

  test.each<[string, unknown]>([
    ['budget', 5],
    ['budget.maxTokens', { maxTokens: -1 }],
    ['budget.maxRequest', { maxRequest: 3 }],
    ['budget', { maxCost: 1 }],
    ['budget.prices', { prices: { model: { inputPerMillion: 1 } } }],
  ])('%s is checked', async (field, budget) => {
    const { provider } = spender();
    const options = { provider, budget } as GradingOptions;
    await expect(gradeAnswersWithFallback([], options)).rejects.toMatchObject({ field });
  });
});

describe('estimateCost', () => {
  test.each(['parallel', 'batch'] as const)(
    'is within a quarter of what the deck takes in %s mode, counted by a real tokenizer',
    async (mode) => {
      await using server = await mockServer({ countTokens });
      const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'test' });
      const options = { provider: openaiProvider(client, { model: 'model-1' }), mode, budget: { prices } };
      const estimate = await estimateCost(deck, options);
      expect(server.requests).toHaveLength(0);
      const { metrics } = await gradeAnswersWithFallback(deck, options);
      const { inputTokens = 0, outputTokens = 0 } = metrics.usage ?? {};
      const ratios = {
        tokens: (estimate.inputTokens + estimate.outputTokens) / (inputTokens + outputTokens),
        cost: (estimate.cost ?? 0) / (metrics.cost ?? 0),
      };
      expect(estimate).toMatchObject({ requests: metrics.requests, localCount: metrics.localCount });
      expect(Math.abs(ratios.tokens - 1)).toBeLessThan(0.25);
      expect(Math.abs(ratios.cost - 1)).toBeLessThan(0.25);
    },
  );

  test('counts identical answers once, and nothing for a local provider', async () => {
    const same = sampleAnswers(5, () => ({ answer: 'the same' }));
    const { provider, calls } = spender();
    expect(await estimateCost(same, { provider })).toMatchObject({ requests: 1, coalescedCount: 4, cost: undefined });
    expect(await estimateCost(same, { provider: offlineProvider(), budget: { prices } })).toMatchObject({
      requests: 0,
      inputTokens: 0,
      cost: 0,
    });
    expect(calls()).toBe(0);
    expect(outcomes(await gradeAnswersWithFallback(same, { provider: offlineProvider() }))).toHaveLength(5);
  });
});
