import type { WindowSettings, WindowStore } from '../engine/limits/window-limiter.js';

/**
 * Counts in windows of milliseconds, where the library's own script knows whole seconds. The call that fills a window may pass
 * what is left of it, however heavy it is: the window then stays closed for as long. ARGV: weight, unused, points, seconds.
 */
const WINDOW_SCRIPT = `
local points = tonumber(ARGV[3])
local windowMs = math.ceil(tonumber(ARGV[4]) * 1000)
redis.call('set', KEYS[1], 0, 'PX', windowMs, 'NX')
local consumed = redis.call('incrby', KEYS[1], ARGV[1])
local ttl = redis.call('pttl', KEYS[1])
if ttl < 0 then ttl = windowMs redis.call('pexpire', KEYS[1], ttl) end
if consumed > points and consumed - ARGV[1] < points then
  ttl = ttl + math.ceil((consumed - points) * windowMs / points)
  redis.call('pexpire', KEYS[1], ttl)
end
return {consumed, ttl}`;

/** The settings of a `RateLimiterRedis`: to be spread into its options. */
export interface RedisWindowSettings extends WindowSettings {
  customIncrTtlLuaScript: string;
}

/** The part of a `RateLimiterRedis` that is used. */
export interface RedisLimiter {
  consume(key: string, points: number, options: { customDuration: number }): Promise<unknown>;
}

/**
 * Makes a `store` of Redis or Valkey for `createSharedLimiter`. Give it a connection that no other limiter of
 * rate-limiter-flexible uses: each replaces the script of the one before it. Redis counts the time, so that the clocks of the
 * processes need not agree.
 *
 * @param open Makes the limiter from its settings.
 * @returns The store.
 *
 * @example
 * ```ts no-run
 * import { createSharedLimiter, redisStore } from 'gradelanes/limiter';
 * import { Redis } from 'ioredis';
 * import { RateLimiterRedis } from 'rate-limiter-flexible';
 *
 * const storeClient = new Redis('redis://localhost');
 * const limiter = await createSharedLimiter({
 *   store: redisStore((settings) => new RateLimiterRedis({ storeClient, ...settings })),
 *   requestsPerMinute: 3_000,
 * });
 * ```
 */
export function redisStore(
  open: (settings: RedisWindowSettings) => RedisLimiter,
): (settings: WindowSettings) => WindowStore {
  return (settings) => {
    const limiter = open({ ...settings, inMemoryBlockOnConsumed: 0, customIncrTtlLuaScript: WINDOW_SCRIPT });
    return {
      // Whole seconds are what sends the library through its script, which reads the window from the settings.
      consume: (key, points) => limiter.consume(key, points, { customDuration: 1 }),
      block: async () => {},
    };
  };
}
