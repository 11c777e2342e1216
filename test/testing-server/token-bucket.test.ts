import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokenBucket } from '../../src/testing-server/token-bucket.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('createTokenBucket', () => {
  test('lets a burst through, then one per interval', () => {
    const bucket = createTokenBucket({ requestsPerMinute: 60, burst: 2 });
    expect(bucket.take()).toEqual({ limit: 60, remaining: 1, resetMs: 1_000, waitMs: 0 });
    expect(bucket.take()).toEqual({ limit: 60, remaining: 0, resetMs: 2_000, waitMs: 0 });
    expect(bucket.take()).toEqual({ limit: 60, remaining: 0, resetMs: 2_000, waitMs: 1_000 });
    vi.advanceTimersByTime(1_000);
    expect(bucket.take().waitMs).toBe(0);
  });

  test('never holds more than the burst', () => {
    const bucket = createTokenBucket({ requestsPerMinute: 60, burst: 2 });
    vi.advanceTimersByTime(60_000);
    expect(bucket.take().remaining).toBe(1);
  });

  test('holds a minute of requests by default', () => {
    expect(createTokenBucket({ requestsPerMinute: 60 }).take().remaining).toBe(59);
  });

  test('is full again after a refill', () => {
    const bucket = createTokenBucket({ requestsPerMinute: 1 });
    bucket.take();
    expect(bucket.take().waitMs).toBe(60_000);
    bucket.refill();
    expect(bucket.take().waitMs).toBe(0);
  });
});
