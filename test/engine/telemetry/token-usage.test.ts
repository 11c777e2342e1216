import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { TokenUsage } from 'gradelanes';
import { addUsage, checkedUsage, shareUsage } from '../../../src/engine/telemetry/token-usage.js';

const usage: fc.Arbitrary<TokenUsage> = fc
  .record(
    {
      inputTokens: fc.nat(1_000_000),
      outputTokens: fc.nat(1_000_000),
      cacheReadTokens: fc.nat(1_000_000),
      cacheWriteTokens: fc.nat(1_000_000),
      reasoningTokens: fc.nat(1_000_000),
    },
    { requiredKeys: ['inputTokens', 'outputTokens'] },
  )
  .map((each) => ({ ...each }));

describe('addUsage', () => {
  test('starts with the first', () => {
    expect(addUsage(undefined, { inputTokens: 1, outputTokens: 2 })).toStrictEqual({ inputTokens: 1, outputTokens: 2 });
  });

  test('keeps what only one side knows, and what neither knows absent', () => {
    const sum = addUsage(
      { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3 },
      { inputTokens: 10, outputTokens: 20, reasoningTokens: 40 },
    );
    expect(sum).toStrictEqual({ inputTokens: 11, outputTokens: 22, cacheReadTokens: 3, reasoningTokens: 40 });
  });

  test.prop([usage, usage])('is the same in any order and changes neither side', (first, second) => {
    const copies = structuredClone([first, second]);
    expect(addUsage(first, second)).toEqual(addUsage(second, first));
    expect([first, second]).toEqual(copies);
  });
});

describe('shareUsage', () => {
  test.prop([usage, fc.integer({ min: 1, max: 20 })])('gives shares that sum to the whole', (whole, shares) => {
    const share = shareUsage(whole, shares);
    expect(Object.keys(share).toSorted()).toEqual(Object.keys(whole).toSorted());
    for (const [kind, tokens] of Object.entries(share)) {
      expect(tokens * shares).toBeCloseTo(whole[kind as keyof TokenUsage] ?? Number.NaN, 6);
    }
  });
});

describe('checkedUsage', () => {
  test.prop([usage])('takes over what are counts', (counts) => {
    const cached = (counts.cacheReadTokens ?? 0) + (counts.cacheWriteTokens ?? 0);
    const isApart = cached > counts.inputTokens;
    expect(checkedUsage(counts)).toEqual(isApart ? { ...counts, inputTokens: counts.inputTokens + cached } : counts);
  });

  test('drops a kind that is no count, and everything if one of the two that matter is none', () => {
    const good = { inputTokens: 1, outputTokens: 2 };
    expect(checkedUsage(undefined)).toBeUndefined();
    expect(checkedUsage({ ...good, cacheReadTokens: Number.NaN, reasoningTokens: -1 })).toStrictEqual(good);
    expect(checkedUsage({ ...good, extra: 5 } as TokenUsage)).toStrictEqual(good);
    for (const bad of [Number.NaN, -1, Infinity, '5', null, undefined]) {
      expect(checkedUsage({ ...good, inputTokens: bad as number })).toBeUndefined();
      expect(checkedUsage({ ...good, outputTokens: bad as number })).toBeUndefined();
    }
  });
});
