import type { SharedLimiter } from '../contract/controller.js';
import {
  windowLimiter,
  type SharedRates,
  type WindowSettings,
  type WindowStore,
} from '../engine/limits/window-limiter.js';
import type { SqlPool } from './job-engine.js';
import { wait } from './wait.js';

/** Limits of all workers together, per provider. */
export type GlobalLimits = SharedRates;

/**
 * Limits that hold over all processes on one database, kept by rate-limiter-flexible in a table. While the database is
 * away calls wait: without it nothing could be stored either.
 *
 * @param stopped Ends all waiting.
 */
export function globalLimiter(
  pool: SqlPool,
  schema: string,
  limits: GlobalLimits,
  stopped: AbortSignal,
): Promise<SharedLimiter> {
  return windowLimiter(limits, {
    open: (settings) => openLimiter(pool, schema, settings),
    prefix: '',
    wait: (ms) => wait(ms, stopped),
    stopped,
    isPatient: true,
  });
}

/** Loaded only where limits are set: the package is an optional peer. */
async function openLimiter(pool: SqlPool, schema: string, settings: WindowSettings): Promise<WindowStore> {
  const { RateLimiterPostgres } = await import('rate-limiter-flexible');
  return new Promise((resolve, reject) => {
    const table = { storeClient: pool, storeType: 'pool', schemaName: schema, tableName: 'rate_limit' };
    const limiter: WindowStore = new RateLimiterPostgres(
      { ...table, ...settings, clearExpiredByTimeout: false },
      (error) => (error === undefined ? resolve(limiter) : reject(error)),
    );
  });
}
