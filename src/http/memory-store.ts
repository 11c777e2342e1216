import type { Clock } from '../contract/clock.js';
import type { IdempotencyStore } from './review-handler-options.js';

/** A store of at most so many values; the one written longest ago goes first. */
export function memoryStore(maxValues: number, clock: Clock): IdempotencyStore {
  const entries = new Map<string, { value: unknown; endsAtMs: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      return entry === undefined || entry.endsAtMs <= clock.now() ? undefined : entry.value;
    },
    set: (key, value, ttlMs = Infinity) => {
      entries.delete(key);
      entries.set(key, { value, endsAtMs: clock.now() + ttlMs });
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size > maxValues) entries.delete(oldest);
    },
  };
}
