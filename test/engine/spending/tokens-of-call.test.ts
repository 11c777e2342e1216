import { describe, expect, test } from 'vitest';
import { bindProviders } from '../../../src/engine/providers/bound-provider.js';
import { resolveOptions } from '../../../src/input/resolve-options.js';
import type { GradingItem, Provider } from '../../../src/contract/provider.js';
import { tokensOfCall } from '../../../src/engine/spending/estimate-tokens.js';
import { question } from '../../sample-answers.js';

const plain: Provider = { grade: async () => [] };
const model: Provider = { generate: async () => '' };

function item(change: Partial<GradingItem> = {}): GradingItem {
  return { id: '1', question, answer: 'answer', ...change };
}

function count(provider: Provider, items: readonly GradingItem[], instructions?: string): number {
  const [bound] = bindProviders(resolveOptions({ provider }));
  if (bound === undefined) throw new Error('no provider');
  return tokensOfCall(bound, items, instructions);
}

describe('the tokens that the texts of a call come to', () => {
  test('are those of the question and the answer, and a hundred for the verdict', () => {
    expect(count(plain, [item()])).toBe(100 + Math.ceil((JSON.stringify(question).length + 6) / 4));
  });

  test('grow with the answers', () => {
    expect(count(plain, [item({ answer: 'x'.repeat(406) })])).toBe(count(plain, [item()]) + 100);
    expect(count(plain, [item(), item()])).toBeGreaterThan(200);
  });

  test('hold what the library writes for a model', () => {
    expect(count(model, [item()]) - count(plain, [item()])).toBe(250);
  });

  test(`hold the teacher's instructions`, () => {
    expect(count(plain, [item()], 'x'.repeat(4_000))).toBe(count(plain, [item()]) + 1_000);
  });

  test('hold the material of the run once, however many answers share it', () => {
    const context = 'x'.repeat(4_000);
    expect(count(plain, [item({ context })])).toBe(count(plain, [item()]) + 1_000);
    expect(count(plain, [item({ context }), item({ context })])).toBe(count(plain, [item(), item()]) + 1_000);
  });

  test(`hold a question's own material once`, () => {
    const context = 'x'.repeat(4_000);
    const own = item({ question: { ...question, context }, context });
    expect(count(plain, [own]) - count(plain, [item()])).toBeLessThan(1_010);
    const both = [own, item({ context: 'y'.repeat(4_000) })];
    expect(count(plain, both) - count(plain, [item(), item()])).toBeGreaterThan(2_000);
  });
});
