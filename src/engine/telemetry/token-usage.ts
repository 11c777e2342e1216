import type { TokenUsage } from '../../contract/result.js';
import { countOf, objectOf } from '../../json/untyped-json.js';

/** Kinds of tokens that a usage may count. */
const KINDS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

/** Sum of two usages. A kind that neither side reports stays absent: unknown is not 0. */
export function addUsage(first: TokenUsage | undefined, second: TokenUsage): TokenUsage {
  if (first === undefined) return { ...second };
  return mapUsage(second, (kind, tokens) => (first[kind] === undefined ? tokens : first[kind] + (tokens ?? 0)));
}

/** One answer's even share of a call: may be a fraction, so that the shares sum to the call's tokens. */
export function shareUsage(usage: TokenUsage, shares: number): TokenUsage {
  if (shares === 1) return usage;
  return mapUsage(usage, (_, tokens) => (tokens === undefined ? undefined : tokens / shares));
}

/** A usage with each kind replaced; a kind that becomes `undefined` is absent. */
function mapUsage(
  usage: TokenUsage,
  change: (kind: (typeof KINDS)[number], tokens: number | undefined) => number | undefined,
): TokenUsage {
  const changed: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  for (const kind of KINDS) {
    const tokens = change(kind, usage[kind]);
    if (tokens !== undefined) changed[kind] = tokens;
  }
  return changed;
}

/**
 * The sound counts of a usage; `undefined` if the two that matter are not, as providers may be plain JavaScript. A
 * server whose cache read or wrote more tokens than came in counts those apart: they are added to the input.
 */
export function checkedUsage(told: unknown): TokenUsage | undefined {
  const counts = objectOf(told);
  const inputTokens = tokensOf(counts['inputTokens']);
  const outputTokens = tokensOf(counts['outputTokens']);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const usage = mapUsage({ inputTokens, outputTokens }, (kind) => tokensOf(counts[kind]));
  const cachedTokens = (usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0);
  return cachedTokens > inputTokens ? { ...usage, inputTokens: inputTokens + cachedTokens } : usage;
}

/** A count of tokens. More than a safe integer is no count of anything, and would make sums infinite. */
function tokensOf(value: unknown): number | undefined {
  const tokens = countOf(value);
  return tokens === undefined || tokens > Number.MAX_SAFE_INTEGER ? undefined : tokens;
}
