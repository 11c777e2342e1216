import type { BoundProvider } from '../providers/bound-provider.js';
import type { PriceTable, TokenPrice } from '../../contract/grading-options.js';
import type { TokenUsage } from '../../contract/result.js';

/**
 * Finds the price of a model: its own entry, else the longest that its name begins with (vendors add dates), else that of
 * the provider's name, else one that the provider's fingerprint names.
 */
export function priceOf(
  prices: PriceTable,
  { name, identity }: BoundProvider,
  model: string | undefined,
): TokenPrice | undefined {
  const names = Object.keys(prices);
  // The longest name wins: "gpt-x-mini" before "gpt-x".
  const begins = names.filter((each) => model?.startsWith(each)).toSorted((a, b) => b.length - a.length);
  // A fingerprint may hold the model's name, as a JSON string.
  const isNamed = (each: string): boolean => typeof identity === 'string' && identity.includes(JSON.stringify(each));
  return prices[begins[0] ?? names.find((each) => each === name) ?? names.find(isNamed) ?? ''];
}

/** The dearest entry, for a model that has none: a budget must not be passed. */
export function dearestPrice(prices: PriceTable): TokenPrice | undefined {
  const sum = ({ inputPerMillion, outputPerMillion }: TokenPrice): number => inputPerMillion + outputPerMillion;
  return Object.values(prices).toSorted((first, second) => sum(second) - sum(first))[0];
}

/**
 * Cost of tokens, in the currency of the prices, which are per million tokens. Input counts include what a vendor's
 * cache read or wrote; some servers tell cached tokens beside them, which are then more than all input and cost what
 * they cost, never less than nothing.
 */
export function costOf(price: TokenPrice, usage: TokenUsage): number {
  const { inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 } = usage;
  const { inputPerMillion, outputPerMillion, cacheReadPerMillion, cacheWritePerMillion } = price;
  const perMillion =
    Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens) * inputPerMillion +
    cacheReadTokens * (cacheReadPerMillion ?? inputPerMillion) +
    cacheWriteTokens * (cacheWritePerMillion ?? inputPerMillion) +
    outputTokens * outputPerMillion;
  return perMillion / 1_000_000;
}
