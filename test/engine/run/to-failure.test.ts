import { describe, expect, test } from 'vitest';
import { gradeAnswer, ProviderError, type GradingFailure, type ProviderErrorOptions } from 'gradelanes';
import { manualClock, mockProvider } from 'gradelanes/testing';
import { question } from '../../sample-answers.js';

async function failureOf(error: unknown): Promise<GradingFailure> {
  const clock = manualClock('2026-05-01T12:00:00Z');
  const provider = mockProvider(error as Error, { name: 'vendor' });
  const options = { provider, clock, localGrading: false, retry: { maxAttempts: 2, baseDelayMs: 0 } } as const;
  const result = await clock.runUntil(gradeAnswer({ question, answer: 'secret answer' }, options));
  if (result.status !== 'failed') throw new Error('the provider always fails');
  return result.error;
}

describe('a failure', () => {
  test('is the provider’s error as data', async () => {
    const error = new ProviderError('quota', 'the account is empty', {
      requestId: 'req_1',
      cause: new Error('secret'),
    });
    expect(await failureOf(error)).toStrictEqual({
      code: 'quota',
      message: 'the account is empty',
      scope: 'provider',
      retryable: false,
      provider: 'vendor',
      requestId: 'req_1',
    });
  });

  test('says when to come back, by the calendar', async () => {
    const error = new ProviderError('rate_limited', 'slow down', { retryAfterMs: 600_000 });
    expect(await failureOf(error)).toMatchObject({ code: 'rate_limited', retryAt: '2026-05-01T12:10:00.000Z' });
  });

  test.each([Infinity, Number.NaN, 1e99, -5, Number.MAX_SAFE_INTEGER])(
    'survives a Retry-After that is no time: %s',
    async (retryAfterMs) => {
      const { code, retryAt } = await failureOf(new ProviderError('overloaded', 'busy', { retryAfterMs }));
      expect(code).toBe('overloaded');
      if (retryAt !== undefined) expect(Date.parse(retryAt)).toBeGreaterThanOrEqual(Date.parse('2026-05-01T12:00:00Z'));
    },
  );

  test.each<[ProviderErrorOptions, Partial<GradingFailure>]>([
    [{ scope: 'provider' }, { scope: 'provider' }],
    [{ scope: 'item' }, { scope: 'item' }],
    [{ retryable: false }, { retryable: false }],
  ])('takes over what the error says of itself: %o', async (options, expected) => {
    expect(await failureOf(new ProviderError('server', 'down', options))).toMatchObject(expected);
  });

  test('by refusal gives the provider’s reason', async () => {
    const provider = mockProvider({ refused: 'out of scope' }, { name: 'vendor' });
    const result = await gradeAnswer({ question, answer: 'x' }, { provider, localGrading: false });
    expect(result).toMatchObject({
      error: {
        code: 'refused',
        scope: 'item',
        retryable: false,
        message: 'vendor declined to grade this answer: out of scope',
      },
    });
    const silent = mockProvider({ refused: true }, { name: 'vendor' });
    expect(await gradeAnswer({ question, answer: 'x' }, { provider: silent, localGrading: false })).toMatchObject({
      error: { message: 'vendor declined to grade this answer' },
    });
  });
});
