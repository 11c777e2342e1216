/** Limits that several processes share, over any store of rate-limiter-flexible: Redis, Valkey, PostgreSQL, memory. */
export { createSharedLimiter } from './limiter/create-shared-limiter.js';
export { redisStore } from './limiter/redis-store.js';

export type { SharedLimiterOptions } from './limiter/create-shared-limiter.js';
export type { SharedRates, WindowSettings, WindowStore } from './engine/limits/window-limiter.js';
export type { RedisLimiter, RedisWindowSettings } from './limiter/redis-store.js';
