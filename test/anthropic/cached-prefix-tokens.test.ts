import { expect, test } from 'vitest';
import { cachedPrefixTokens } from '../../src/anthropic/cached-prefix-tokens.js';

test.each([
  ['claude-opus-5', 512],
  ['claude-fable-5', 512],
  ['claude-sonnet-5', 1_024],
  ['claude-opus-4-8', 1_024],
  ['claude-sonnet-4-5-20250929', 1_024],
  ['claude-sonnet-4-20250514', 1_024],
  ['anthropic.claude-sonnet-4-5-20250929-v1:0', 1_024],
  ['claude-sonnet-4-5@20250929', 1_024],
  ['claude-sonnet-4-6', 2_048],
  ['claude-opus-4-7', 2_048],
  ['claude-opus-4-5-20251101', 4_096],
  ['claude-haiku-4-5', 4_096],
  ['claude-opus-5-5', 512],
  ['claude-haiku-5-5', 512],
  ['claude-sonnet-5-5', 512],
  ['claude-fable-5-1', 512],
  ['claude-mythos-5-2', 512],
  ['claude-sonnet-5-20260901', 1_024],
  ['claude-haiku-5-5-20261007', 512],
  ['claude-opus-6', 512],
  ['claude-sonnet-10-1', 512],
  ['a-model-of-my-own', 4_096],
])('%s caches from %i tokens on', (model, tokens) => {
  expect(cachedPrefixTokens(model)).toBe(tokens);
});
