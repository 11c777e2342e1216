import { fc } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import { costOf } from '../../../src/engine/spending/prices.js';

const { assert, nat, property } = fc;

test('no usage costs less than nothing, however a server counts what it cached [no-negative-cost]', () => {
  const tokens = nat({ max: 1_000_000 });
  const price = { inputPerMillion: 3, outputPerMillion: 15, cacheReadPerMillion: 0.3 };
  assert(
    property(tokens, tokens, tokens, tokens, (inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens) => {
      const usage = { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens };
      expect(costOf(price, usage)).toBeGreaterThanOrEqual(costOf(price, { inputTokens: 0, outputTokens }) - 1e-9);
    }),
  );
  const beside = { inputTokens: 100, outputTokens: 0, cacheReadTokens: 1_000_000 };
  expect(costOf(price, beside)).toBeCloseTo(0.3, 9);
});
