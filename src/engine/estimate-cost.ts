import { estimateRun } from './estimate-run.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { CostEstimate } from '../contract/report.js';

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
  return estimateRun(answers, options);
}
