import type { HeaderReader } from './header-reader.js';
import type { RateLimitHint } from './provider.js';
import { responseDateMs } from './retry-after.js';

/** What the headers say of one kind of limit. */
interface Meter {
  limit: number;
  remaining: number | undefined;
  resetMs: number | undefined;
}

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
  const requests = openaiMeter(header, 'requests') ?? anthropicMeter(header, 'requests', nowMs);
  const tokens =
    openaiMeter(header, 'tokens') ??
    anthropicMeter(header, 'tokens', nowMs) ??
    tightest(anthropicMeter(header, 'input-tokens', nowMs), anthropicMeter(header, 'output-tokens', nowMs));
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

function openaiMeter(header: HeaderReader, kind: string): Meter | undefined {
  return meter(header(`x-ratelimit-limit-${kind}`), header(`x-ratelimit-remaining-${kind}`), () =>
    goDurationMs(header(`x-ratelimit-reset-${kind}`)),
  );
}

function anthropicMeter(header: HeaderReader, kind: string, nowMs: number): Meter | undefined {
  const prefix = `anthropic-ratelimit-${kind}`;
  return meter(header(`${prefix}-limit`), header(`${prefix}-remaining`), () => {
    const resetAtMs = Date.parse(header(`${prefix}-reset`) ?? '');
    // A real response carried a reset one second before its own date.
    return Number.isNaN(resetAtMs) ? undefined : Math.max(0, resetAtMs - responseDateMs(header, nowMs));
  });
}

function meter(
  limitText: string | undefined,
  remainingText: string | undefined,
  readResetMs: () => number | undefined,
): Meter | undefined {
  const limit = wholeNumber(limitText);
  if (limit === undefined || limit === 0) return undefined;
  return { limit, remaining: wholeNumber(remainingText), resetMs: readResetMs() };
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
