import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { SharedLimiter } from '../core/concurrency.js';
import type { SqlPool } from './job-engine.js';
import { wait } from './wait.js';

/** Limits of all workers together, per provider. */
export interface GlobalLimits {
  /** @default no limit */
  requestsPerMinute?: number | undefined;
  /** Tokens as estimated before a call: four characters each, and 100 per verdict. @default no limit */
  tokensPerMinute?: number | undefined;
}

/**
 * The store counts in fixed windows, so that a sliding second may hold one window more than a second has. Windows of a
 * twentieth of a second, used to so much of the limit, keep that under the limit itself.
 */
const WINDOWS_PER_SECOND = 20;
const USED_SHARE = 0.95;

/** A call that takes more of a window than this gets a window of its own, as long as the call is heavy. */
const LARGE_SHARE = 0.1;

/** After a database that did not answer, in milliseconds. */
const ASK_AGAIN_MS = 250;

/** What a window is made of. */
interface Windows {
  readonly points: number;
  readonly windowMs: number;
}

/**
 * Limits that hold over all processes on one database, kept by rate-limiter-flexible in a table. While the database is
 * away calls wait: without it nothing could be stored either.
 *
 * @param stopped Ends all waiting.
 */
export async function globalLimiter(
  pool: SqlPool,
  schema: string,
  { requestsPerMinute, tokensPerMinute }: GlobalLimits,
  stopped: AbortSignal,
): Promise<SharedLimiter> {
  // Windows of at least one request each.
  const perWindow = (requestsPerMinute ?? 0) / 60 / WINDOWS_PER_SECOND;
  const requests = requestsPerMinute && windowsOf(requestsPerMinute, Math.max(1, Math.floor(perWindow)));
  const tokens =
    tokensPerMinute && windowsOf(tokensPerMinute, Math.max(1, Math.floor(tokensPerMinute / 60 / WINDOWS_PER_SECOND)));
  const requestGate = requests && (await openGate(pool, schema, 'requests', requests, stopped));
  const tokenGate = tokens && (await openGate(pool, schema, 'tokens', tokens, stopped));
  return {
    // Requests last: what is counted in the shortest windows must not wait for anything else afterwards.
    async acquire(request) {
      if (tokenGate && request.tokens > 0) await tokenGate(request.provider, request.tokens);
      if (requestGate) await requestGate(request.provider, 1);
    },
  };
}

function windowsOf(perMinute: number, points: number): Windows {
  return { points, windowMs: Math.ceil((points * 60_000) / (perMinute * USED_SHARE)) };
}

async function openGate(
  pool: SqlPool,
  schema: string,
  kind: string,
  { points, windowMs }: Windows,
  stopped: AbortSignal,
): Promise<(provider: string, weight: number) => Promise<void>> {
  const limiter = await openLimiter(pool, schema, kind, { points, windowMs });
  return async (provider, weight) => {
    const isLarge = weight > 1 && weight > points * LARGE_SHARE;
    const consumed = isLarge ? points : weight;
    const options = isLarge ? { customDuration: Math.ceil((weight * windowMs) / points) / 1_000 } : {};
    while (!stopped.aborted) {
      const waitMs = await limiter.consume(provider, consumed, options).then(() => undefined, waitAfter);
      if (waitMs === undefined) return;
      await wait(waitMs, stopped);
    }
  };
}

/** A refusal says how long; anything else is a database that did not answer. */
function waitAfter(refusal: unknown): number {
  const isRefusal = typeof refusal === 'object' && refusal !== null && 'msBeforeNext' in refusal;
  // One more, since timers may be early.
  return isRefusal ? Number(refusal.msBeforeNext) + 1 : ASK_AGAIN_MS;
}

/** Loaded only where limits are set: the package is an optional peer. */
async function openLimiter(
  pool: SqlPool,
  schema: string,
  kind: string,
  { points, windowMs }: Windows,
): Promise<RateLimiterPostgres> {
  const { RateLimiterPostgres: Limiter } = await import('rate-limiter-flexible');
  return new Promise((resolve, reject) => {
    const limiter: RateLimiterPostgres = new Limiter(
      {
        storeClient: pool,
        storeType: 'pool',
        schemaName: schema,
        tableName: 'rate_limit',
        keyPrefix: kind,
        points,
        duration: windowMs / 1_000,
        // A window known to be full is not asked for again by this process.
        inMemoryBlockOnConsumed: points,
        clearExpiredByTimeout: false,
      },
      (error) => (error === undefined ? resolve(limiter) : reject(error)),
    );
  });
}
