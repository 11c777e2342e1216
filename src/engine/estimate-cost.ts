import { bindProviders } from './providers/bound-provider.js';
import { estimateCall } from './spending/estimate-tokens.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { pickOptions } from '../input/option-facts.js';
import { resolveOptions } from '../input/resolve-options.js';
import { costOf, dearestPrice, priceOf } from './spending/prices.js';
import type { GradingProvider } from '../contract/provider.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { CostEstimate } from '../contract/report.js';
import type { TokenUsage } from '../contract/result.js';
import { runGrading } from './grade-list.js';
import { addUsage } from './telemetry/token-usage.js';

/**
 * Estimates what a run would take, without a call: answers go the way of a real run, up to the texts of its calls.
 * Counts the first provider only, and neither retries, thinking, second opinions nor what a cache would save.
 *
 * @param answers What would be graded.
 * @param options The options of the run; `budget.prices` turns tokens into money.
 * @returns Calls, tokens and cost. Tokens are estimated from the length of the texts.
 * @throws {GradingOptionsError} (as a rejection) for misuse.
 *
 * @example
 * ```ts
 * import { estimateCost } from 'gradelanes';
 * import { mockLLM } from 'gradelanes/testing';
 *
 * const prices = { mock: { inputPerMillion: 1, outputPerMillion: 5 } };
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' };
 * const { requests, cost = 0 } = await estimateCost([answer], { provider: mockLLM(), budget: { prices } });
 * console.log(requests, cost < 0.01); // 1 true
 * ```
 */
export async function estimateCost(answers: readonly AnswerToGrade[], options: GradingOptions): Promise<CostEstimate> {
  // A run whose provider only counts: rules, batches and identical answers are what they would be.
  const resolved = resolveOptions(options);
  const [provider] = bindProviders(resolved);
  let usage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  const counter: GradingProvider = {
    capabilities: { ...provider?.capabilities, cachedPrefixTokens: undefined },
    grade: async (items) => {
      if (provider !== undefined) usage = addUsage(usage, estimateCall({ provider, items, correction: undefined }));
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
  // Dry run: every call is counted and none is made.
  const dry = { ...pickOptions('estimate', options), provider: counter };
  const { metrics } = await runGrading(answers, dry, undefined);
  const { requests, localCount, coalescedCount } = metrics;
  // What works inside the process costs nothing.
  if (provider === undefined || provider.isLocal) {
    return { requests: 0, inputTokens: 0, outputTokens: 0, cost: 0, localCount, coalescedCount };
  }
  const prices = resolved.budget?.limits.prices ?? {};
  const price = priceOf(prices, provider, undefined) ?? dearestPrice(prices);
  const { inputTokens, outputTokens } = usage;
  const cost = price && costOf(price, usage);
  return { requests, inputTokens, outputTokens, cost, localCount, coalescedCount };
}
