import type { TokenUsage } from '../../contract/result.js';

const KINDS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

/** The sum; a kind that neither side reports stays absent. */
export function addUsage(first: TokenUsage | undefined, second: TokenUsage): TokenUsage {
  if (first === undefined) return { ...second };
  return mapUsage(second, (kind, tokens) => (first[kind] === undefined ? tokens : first[kind] + (tokens ?? 0)));
}

/** One answer's even share of a call: may be a fraction, so that the shares sum to the call's tokens. */
export function shareUsage(usage: TokenUsage, shares: number): TokenUsage {
  if (shares === 1) return usage;
  return mapUsage(usage, (_, tokens) => (tokens === undefined ? undefined : tokens / shares));
}

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

/** The counts that are counts; `undefined` if the two that matter are not. Providers may be plain JavaScript. */
export function checkedUsage(usage: TokenUsage | undefined): TokenUsage | undefined {
  if (usage === undefined || !isCount(usage.inputTokens) || !isCount(usage.outputTokens)) return undefined;
  return mapUsage(usage, (_, tokens) => (isCount(tokens) ? tokens : undefined));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
