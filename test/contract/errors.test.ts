import { describe, expect, test, vi } from 'vitest';
import {
  GradingAbortedError,
  gradeAnswersWithFallback,
  GradingOptionsError,
  isGradingAborted,
  isGradingOptionsError,
  isProviderError,
  ProviderError,
  type FailureCode,
} from 'gradelanes';
import { mockProvider } from 'gradelanes/testing';

const guards = { isProviderError, isGradingOptionsError, isGradingAborted };

describe('ProviderError', () => {
  test.each<[FailureCode, string, boolean]>([
    ['rate_limited', 'call', true],
    ['overloaded', 'call', true],
    ['timeout', 'call', true],
    ['network', 'call', true],
    ['server', 'call', true],
    ['truncated', 'call', false],
    ['malformed', 'call', false],
    ['too_large', 'call', false],
    ['refused', 'item', false],
    ['auth', 'provider', false],
    ['quota', 'provider', false],
    ['not_found', 'provider', false],
    ['invalid_request', 'item', false],
    ['unsupported', 'call', false],
    ['aborted', 'call', false],
    ['deadline_exceeded', 'call', false],
    ['budget_exceeded', 'call', false],
    ['unknown', 'call', false],
  ])('of code %s has scope %s and retryable %s unless it says otherwise', (code, scope, retryable) => {
    expect(new ProviderError(code, 'failed')).toMatchObject({ code, scope, retryable });
    const opposite = { scope: 'item', retryable: !retryable } as const;
    expect(new ProviderError(code, 'failed', opposite)).toMatchObject(opposite);
  });

  test('carries what it is given', () => {
    const cause = new Error('socket');
    const options = { retryAfterMs: 5, status: 429, vendorCode: 'rate_limit', requestId: 'req_1', cause };
    const error = new ProviderError('rate_limited', 'slow down', options);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'ProviderError', message: 'slow down', ...options });
  });

  test('has a cause only if it was given one', () => {
    expect('cause' in new ProviderError('server', 'down')).toBe(false);
    expect('cause' in new ProviderError('server', 'down', { cause: undefined })).toBe(true);
  });
});

describe('GradingOptionsError', () => {
  test('says field, rule and value, and is a TypeError', () => {
    const error = new GradingOptionsError('batchSize', 'must be an integer from 1 to 10', '11');
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe('batchSize must be an integer from 1 to 10: received 11');
    expect(error.name).toBe('GradingOptionsError');
  });
});

describe('GradingAbortedError', () => {
  test('is named like every other abort and carries report and reason', async () => {
    const report = await gradeAnswersWithFallback([], { provider: mockProvider() });
    const error = new GradingAbortedError(report, 'left');
    expect(error).toMatchObject({ name: 'AbortError', cause: 'left' });
    expect(error.report).toBe(report);
  });
});

describe('the guards', () => {
  const errors = {
    isProviderError: new ProviderError('server', 'down'),
    isGradingOptionsError: new GradingOptionsError('a', 'b', 'c'),
    isGradingAborted: Object.assign(new Error('aborted'), { [Symbol.for('gradelanes.GradingAbortedError')]: true }),
  };

  test('know their own error and no other, also from another copy of this package', () => {
    for (const [guardName, guard] of Object.entries(guards)) {
      for (const [errorName, error] of Object.entries(errors)) expect(guard(error)).toBe(guardName === errorName);
    }
  });

  test.each([undefined, null, 'ProviderError', 7, {}, new Error('x'), new DOMException('x', 'AbortError'), () => {}])(
    'know nothing of %o',
    (value) => {
      for (const guard of Object.values(guards)) expect(guard(value)).toBe(false);
    },
  );

  test('agree with instanceof, also for errors of another copy of this package', async () => {
    vi.resetModules();
    const copy = await import('../../src/contract/errors.js');
    const theirs = [new copy.ProviderError('server', 'down'), new copy.GradingOptionsError('a', 'b', 'c')];
    expect(theirs.map((error) => [error instanceof ProviderError, error instanceof GradingOptionsError])).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(errors.isGradingAborted instanceof GradingAbortedError).toBe(true);
  });

  test('leave instanceof of a subclass to its own instances', () => {
    class OwnError extends ProviderError {}
    expect(new ProviderError('server', 'down') instanceof OwnError).toBe(false);
    expect(new OwnError('server', 'down') instanceof OwnError).toBe(true);
    expect(new OwnError('server', 'down') instanceof ProviderError).toBe(true);
  });

  test('leave no mark that is copied or printed', () => {
    const symbols = Object.getOwnPropertySymbols(errors.isProviderError);
    expect(
      symbols.filter((symbol) => Object.prototype.propertyIsEnumerable.call(errors.isProviderError, symbol)),
    ).toEqual([]);
  });
});
