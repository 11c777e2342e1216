import { type HeaderReader, responseDateMs } from './response-headers.js';
import type { RateLimitHint } from '../contract/provider.js';

/** What the headers say of one kind of limit. */
interface Meter {
  limit: number;
  remaining: number | undefined;
  resetMs: number | undefined;
}

/** Where they say it. Whole names: one put together for each response takes much longer to look up. */
interface MeterNames {
  limit: string;
  remaining: string;
  reset: string;
}

const OPENAI = { requests: openaiNames('requests'), tokens: openaiNames('tokens') };
const ANTHROPIC = {
  requests: anthropicNames('requests'),
  tokens: anthropicNames('tokens'),
  input: anthropicNames('input-tokens'),
  output: anthropicNames('output-tokens'),
};

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3 };

/**
 * What a response says of the account's limits. OpenAI and compatible servers send `x-ratelimit-*` with the reset as a
 * Go duration until the bucket is full; Anthropic sends `anthropic-ratelimit-*` with the reset as a date. Limits that
 * are 0, -1 or unreadable mean "unknown" (Azure sends them) and are left out.
 *
 * @param nowMs Milliseconds since the Unix epoch, for responses without `date`.
 * @returns `undefined` if no limit is known.
 */
export function readRateLimitHeaders(header: HeaderReader, nowMs: number): RateLimitHint | undefined {
  const requests = openaiMeter(header, OPENAI.requests) ?? anthropicMeter(header, ANTHROPIC.requests, nowMs);
  const tokens =
    openaiMeter(header, OPENAI.tokens) ??
    anthropicMeter(header, ANTHROPIC.tokens, nowMs) ??
    tightest(anthropicMeter(header, ANTHROPIC.input, nowMs), anthropicMeter(header, ANTHROPIC.output, nowMs));
  if (requests === undefined && tokens === undefined) return undefined;
  return {
    requestLimit: requests?.limit,
    remainingRequests: requests?.remaining,
    requestResetMs: requests?.resetMs,
    tokenLimit: tokens?.limit,
    remainingTokens: tokens?.remaining,
    tokenResetMs: tokens?.resetMs,
  };
}

function openaiNames(kind: string): MeterNames {
  const name = (part: string): string => `x-ratelimit-${part}-${kind}`;
  return { limit: name('limit'), remaining: name('remaining'), reset: name('reset') };
}

function anthropicNames(kind: string): MeterNames {
  const name = (part: string): string => `anthropic-ratelimit-${kind}-${part}`;
  return { limit: name('limit'), remaining: name('remaining'), reset: name('reset') };
}

function openaiMeter(header: HeaderReader, names: MeterNames): Meter | undefined {
  return meter(header, names, goDurationMs);
}

function anthropicMeter(header: HeaderReader, names: MeterNames, nowMs: number): Meter | undefined {
  return meter(header, names, (reset) => {
    const resetAtMs = Date.parse(reset ?? '');
    // A real response carried a reset one second before its own date.
    return Number.isNaN(resetAtMs) ? undefined : Math.max(0, resetAtMs - responseDateMs(header, nowMs));
  });
}

/** Most meters are not there, so nothing but the limit is looked up before it is known. */
function meter(
  header: HeaderReader,
  names: MeterNames,
  readResetMs: (reset: string | undefined) => number | undefined,
): Meter | undefined {
  const limit = wholeNumber(header(names.limit));
  if (limit === undefined || limit === 0) return undefined;
  return { limit, remaining: wholeNumber(header(names.remaining)), resetMs: readResetMs(header(names.reset)) };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text.trim()) ? Number(text) : undefined;
}

/** `6m0s`, `1.5s`, `120ms`; see https://pkg.go.dev/time#ParseDuration. */
function goDurationMs(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:\d{1,12}(?:\.\d{1,9})?(?:ms|us|h|m|s)){1,4}$/.test(text)) return undefined;
  const parts = text.matchAll(/([\d.]+)([a-z]+)/g);
  return [...parts].reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_MS[unit] ?? 0), 0);
}

function tightest(one: Meter | undefined, other: Meter | undefined): Meter | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const share = (each: Meter): number => (each.remaining ?? each.limit) / each.limit;
  return share(one) <= share(other) ? one : other;
}
