import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EngineJob } from '../../src/jobs/job-engine.js';
import { JobLease } from '../../src/jobs/job-lease.js';

const job: EngineJob = {
  id: 'job',
  data: {},
  retryCount: 2,
  heartbeatSeconds: 30,
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('JobLease', () => {
  test('trusts a claim for a third of its length, then asks once for all who wait', async () => {
    const { lease, touch } = leaseOf(async () => ({ affected: 1 }));
    vi.advanceTimersByTime(9_999);
    expect(lease.certain()).toBeUndefined();
    vi.advanceTimersByTime(1);
    await Promise.all([lease.certain(), lease.certain()]);
    expect(touch.mock.calls).toEqual([['queue', { id: 'job', retryCount: 2 }]]);
    expect(lease.certain()).toBeUndefined();
  });

  test('counts the trust from the moment of asking, not of the answer', async () => {
    const { lease, touch } = leaseOf(async () => {
      vi.advanceTimersByTime(9_000);
      return { affected: 1 };
    });
    vi.advanceTimersByTime(10_000);
    await lease.certain();
    vi.advanceTimersByTime(1_000);
    await lease.certain();
    expect(touch).toHaveBeenCalledTimes(2);
  });

  test('is lost for good when the engine has given the job to another', async () => {
    const { lease } = leaseOf(async () => ({ affected: 0 }));
    vi.advanceTimersByTime(60_000);
    await expect(lease.certain()).rejects.toMatchObject({ code: 'aborted' });
    expect(lease.signal.aborted).toBe(true);
    await expect(lease.certain()).rejects.toMatchObject({ code: 'aborted' });
  });

  test('asks again while the database is away, since no grade could be stored', async () => {
    const answers = [Promise.reject(new Error('terminating connection')), Promise.resolve({ affected: 1 })];
    answers[0]?.catch(() => {});
    const { lease, touch } = leaseOf(() => answers.shift() ?? Promise.reject(new Error('no more')));
    vi.advanceTimersByTime(10_000);
    const certain = lease.certain();
    await vi.advanceTimersByTimeAsync(250);
    await certain;
    expect(touch).toHaveBeenCalledTimes(2);
  });

  test('does not ask a worker that stops to wait for the database', async () => {
    const stopped = new AbortController();
    const { lease } = leaseOf(() => Promise.reject(new Error('terminating connection')), stopped.signal);
    vi.advanceTimersByTime(10_000);
    const certain = expect(lease.certain()).rejects.toMatchObject({ code: 'aborted' });
    stopped.abort();
    await vi.advanceTimersByTimeAsync(250);
    await certain;
    expect(lease.signal.aborted).toBe(false);
  });

  test('does not trust a clock that was set back', async () => {
    const { lease, touch } = leaseOf(async () => ({ affected: 1 }));
    vi.setSystemTime(Date.now() - 3_600_000);
    await lease.certain();
    expect(touch).toHaveBeenCalledTimes(1);
  });
});

function leaseOf(answer: () => Promise<object>, stopped: AbortSignal = new AbortController().signal) {
  const touch = vi.fn<(queue: string, job: { id: string; retryCount: number }) => Promise<object>>(answer);
  return { lease: new JobLease({ touch }, 'queue', job, 30, stopped), touch };
}
