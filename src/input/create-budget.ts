import { checkOptions } from './check-input.js';
import type { Budget, BudgetOptions } from '../contract/grading-options.js';
import { budgetSchema } from './option-schemas.js';

/**
 * Makes a budget that several runs share. A call that would pass it is not made: its answer fails as `budget_exceeded`,
 * unless a local provider later in the list can grade it. Only calls in flight can cost more than was expected of them.
 *
 * @param limits How many tokens, requests and how much money the runs may take together.
 * @returns The budget, which tells what was spent.
 * @throws {GradingOptionsError} for misuse, such as `maxCost` without prices.
 *
 * @example
 * ```ts
 * import { createBudget, gradeAnswersWithFallback } from 'gradelanes';
 * import { mockProvider } from 'gradelanes/testing';
 *
 * const budget = createBudget({ maxRequests: 1_000 });
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' };
 * await gradeAnswersWithFallback([answer], { provider: mockProvider(), budget });
 * console.log(budget.spent.requests); // 1
 * ```
 */
export function createBudget(limits: BudgetOptions): Budget {
  return { limits: checkOptions(budgetSchema, limits, 'budget'), spent: { requests: 0, tokens: 0, cost: 0 } };
}
