import { ProviderError, type CallContext, type Clock, type GradingProvider, type LLMProvider } from 'gradelanes';
import { headerReader, readRetryAfterMs } from '../../src/vendor/response-headers.js';
import { readRateLimitHeaders } from '../../src/vendor/rate-limit-headers.js';
import { delay } from '../../src/testing/time/waiting.js';
import type { VendorWire } from '../../src/testing-server/dialect.js';

/** A vendor's limit, and how it tells of it. */
export interface VendorLimit {
  readonly perMinute: number;
  readonly burst: number;
  /** Whose headers come with every response; none without. */
  readonly headers: VendorWire | undefined;
  /** How a rejection says when to come back. */
  readonly retryAfter: 'milliseconds' | 'seconds' | 'none';
}

/** A provider behind a token bucket, and how many calls it turned away. */
export interface RateLimitedProvider extends GradingProvider {
  readonly rejectedCount: number;
}

/** A model behind a limit of tokens, and how many it took. */
export interface TokenLimitedProvider extends LLMProvider {
  readonly rejectedCount: number;
  readonly tokensTaken: number;
}

/** A rejection needs no model. */
const REJECTION_MS = 5;

/** Other than the engine takes a text to have, as with most models. */
const CHARACTERS_PER_TOKEN = 3;
const TOKENS_PER_REPLY = 80;

/**
 * Answers after the time that `latencyMs` gives, or says 429 as a vendor would: its headers go through the real parser.
 * Calls arrive after `travelMs`, and so not always in the order in which they were sent.
 */
export function rateLimitedProvider(
  clock: Clock,
  limit: VendorLimit,
  latencyMs: () => number,
  travelMs: () => number = () => 0,
): RateLimitedProvider {
  const door = doorOf(clock, limit, 'requests', { latencyMs, travelMs });
  return {
    get rejectedCount() {
      return door.rejectedCount;
    },
    grade: async (items, { report }) => {
      await door.pass(1, report);
      return items.map(({ id }) => ({ id, score: 1 }));
    },
  };
}

/** The same with a limit of tokens: those of the real prompt and of the reply, which usage tells. */
export function tokenLimitedProvider(
  clock: Clock,
  limit: VendorLimit,
  latencyMs: () => number,
  travelMs: () => number = () => 0,
): TokenLimitedProvider {
  const door = doorOf(clock, limit, 'tokens', { latencyMs, travelMs });
  let tokensTaken = 0;
  return {
    get rejectedCount() {
      return door.rejectedCount;
    },
    get tokensTaken() {
      return tokensTaken;
    },
    generate: async ({ system, prompt, itemIds }, { report }) => {
      const inputTokens = Math.ceil((system.length + prompt.length) / CHARACTERS_PER_TOKEN);
      const usage = { inputTokens, outputTokens: TOKENS_PER_REPLY * itemIds.length };
      await door.pass(usage.inputTokens + usage.outputTokens, report);
      tokensTaken += usage.inputTokens + usage.outputTokens;
      report({ usage });
      const verdict = { why: 'right', feedback: 'Right.', levels: [5], confidence: 90, flags: [] };
      return JSON.stringify({ results: itemIds.map((key) => ({ key, ...verdict })) });
    },
  };
}

/** Lets calls through to the model, or turns them away. */
function doorOf(
  clock: Clock,
  limit: VendorLimit,
  kind: 'requests' | 'tokens',
  { latencyMs, travelMs }: { latencyMs: () => number; travelMs: () => number },
) {
  const take = tokenBucket(clock, limit);
  const door = {
    rejectedCount: 0,
    async pass(amount: number, report: CallContext['report']): Promise<void> {
      await delay(travelMs(), undefined, clock);
      const { headers: requestHeaders, retryAfterMs } = take(amount);
      const headers = Object.fromEntries(
        Object.entries(requestHeaders).map(([name, value]) => [name.replace('requests', kind), value]),
      );
      if (retryAfterMs !== undefined) door.rejectedCount += 1;
      await delay(retryAfterMs === undefined ? latencyMs() : REJECTION_MS, undefined, clock);
      report({ rateLimit: readRateLimitHeaders(headerReader(headers), clock.date()) });
      if (retryAfterMs === undefined) return;
      const header = headerReader({ ...headers, ...hintHeaders(limit.retryAfter, retryAfterMs) });
      throw new ProviderError('rate_limited', `too many ${kind}`, {
        status: 429,
        retryAfterMs: readRetryAfterMs(header, clock.date()),
      });
    },
  };
  return door;
}

function tokenBucket(clock: Clock, { perMinute, burst, headers }: VendorLimit) {
  const msPerUnit = 60_000 / perMinute;
  let level = burst;
  let atMs = 0;
  return (amount: number): { headers: Readonly<Record<string, string>>; retryAfterMs: number | undefined } => {
    level = Math.min(burst, level + (clock.now() - atMs) / msPerUnit);
    atMs = clock.now();
    // A call that comes just in time must not fail for the last bit of a fraction.
    const isThere = level >= amount - 1e-9;
    if (isThere) level -= amount;
    const waitMs = isThere ? 0 : (amount - level) * msPerUnit;
    const state = { limit: perMinute, remaining: Math.floor(level), resetMs: (burst - level) * msPerUnit, waitMs };
    return {
      headers: headers?.limitHeaders(state, clock.date()) ?? {},
      retryAfterMs: isThere ? undefined : waitMs,
    };
  };
}

function hintHeaders(kind: VendorLimit['retryAfter'], waitMs: number): Record<string, string> {
  if (kind === 'none') return {};
  return kind === 'seconds'
    ? { 'retry-after': String(Math.ceil(waitMs / 1_000)) }
    : { 'retry-after-ms': String(Math.ceil(waitMs)) };
}
