import type { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { LimiterRequest, SharedLimiter } from '../contract/controller.js';
import { countOf, objectOf } from '../json/untyped-json.js';
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
  const requests = requestsPerMinute && windowsOf(requestsPerMinute);
  const tokens = tokensPerMinute && windowsOf(tokensPerMinute);
  const requestGate = requests && (await openGate(pool, schema, 'requests', requests, stopped));
  const tokenGate = tokens && (await openGate(pool, schema, 'tokens', tokens, stopped));
  return {
    // Requests last: what is counted in the shortest windows must not wait for anything else afterwards.
    async acquire(request) {
      if (tokenGate && request.tokens > 0) await tokenGate(request, request.tokens);
      if (requestGate) await requestGate(request, 1);
    },
  };
}

/** Windows of at least one point each. */
function windowsOf(perMinute: number): Windows {
  const points = Math.max(1, Math.floor(perMinute / 60 / WINDOWS_PER_SECOND));
  return { points, windowMs: Math.ceil((points * 60_000) / (perMinute * USED_SHARE)) };
}

async function openGate(
  pool: SqlPool,
  schema: string,
  kind: string,
  { points, windowMs }: Windows,
  stopped: AbortSignal,
): Promise<(request: LimiterRequest, weight: number) => Promise<void>> {
  const open = (): Promise<RateLimiterPostgres> => openLimiter(pool, schema, kind, { points, windowMs });
  // Of workers that start at the same time and find no table, one makes it and the others fail: it is there then.
  const limiter = await open().catch(open);
  /** In milliseconds; `undefined` if the call may be made. */
  const waitFor = async (provider: string, weight: number): Promise<number | undefined> => {
    const refusal = await limiter.consume(provider, weight).then(() => undefined, refusalOf);
    if (refusal === undefined) return undefined;
    const { consumedPoints, msBeforeNext } = refusal;
    const wasOpen = consumedPoints >= weight && consumedPoints - weight < points;
    // One more, since timers may be early.
    if (!wasOpen) return msBeforeNext + 1;
    // The call that fills a window may pass what is left of it, however heavy it is: the next window waits for as long.
    const overdraftMs = ((consumedPoints - points) * windowMs) / points;
    await limiter.block(provider, Math.ceil(msBeforeNext + overdraftMs) / 1_000).catch(() => {});
    return undefined;
  };
  return async ({ provider, waiting }, weight) => {
    while (!stopped.aborted) {
      const waitMs = await waitFor(provider, weight);
      if (waitMs === undefined) return;
      waiting?.(waitMs);
      await wait(waitMs, stopped);
    }
  };
}

/** What the store says to a call that came too early; anything else is a database that did not answer. */
function refusalOf(reason: unknown): { consumedPoints: number; msBeforeNext: number } {
  const { consumedPoints, msBeforeNext } = objectOf(reason);
  return { consumedPoints: countOf(consumedPoints) ?? 0, msBeforeNext: countOf(msBeforeNext) ?? ASK_AGAIN_MS };
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
