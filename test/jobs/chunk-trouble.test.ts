import type { FailedAnswer, FailureCode, GradingFailure } from 'gradelanes';
import { describe, expect, test } from 'vitest';
import { commonestCode, isDoubtful, isFinal, isOfWorker, rootsOf } from '../../src/jobs/chunk-trouble.js';

function failure(code: FailureCode, causes?: readonly GradingFailure[]): GradingFailure {
  return { code, message: code, scope: 'call', retryable: true, ...(causes && { causes }) };
}

function left(error: GradingFailure, attempts = 1): FailedAnswer {
  return { status: 'failed', index: 0, error, attempts, durationMs: 0, queuedMs: 0 };
}

describe('a failure', () => {
  test.each(['rate_limited', 'overloaded', 'network', 'auth', 'quota', 'not_found', 'budget_exceeded'] as const)(
    'that is %s says nothing about the answer',
    (code) => {
      expect(isOfWorker([failure('server'), failure(code)])).toBe(true);
      expect(isFinal(failure(code))).toBe(false);
    },
  );

  test.each(['timeout', 'server', 'unknown'] as const)('that is %s may be the fault of either', (code) => {
    expect(isOfWorker([failure(code)])).toBe(false);
    expect(isDoubtful([failure(code)])).toBe(true);
    expect(isFinal(failure(code))).toBe(false);
  });

  test.each(['malformed', 'truncated', 'too_large', 'refused', 'invalid_request', 'unsupported'] as const)(
    'that is %s is the answer’s own, for good',
    (code) => {
      expect(isFinal(failure(code))).toBe(true);
      expect(isOfWorker([failure(code)]) || isDoubtful([failure(code)])).toBe(false);
    },
  );
});

describe('the roots of what is left', () => {
  test('are the failures that an open circuit follows from', () => {
    const roots = rootsOf([left(failure('overloaded', [failure('timeout'), failure('timeout')]))]);
    expect(roots.map(({ code }) => code)).toEqual(['timeout', 'timeout']);
  });

  test('are not those of answers that no call was made for', () => {
    const spared = left(failure('overloaded'), 0);
    expect(rootsOf([spared, spared, left(failure('server'))])).toEqual([failure('server')]);
    expect(rootsOf([spared])).toEqual([failure('overloaded')]);
  });

  test('are named by the commonest', () => {
    expect(commonestCode([failure('server'), failure('network'), failure('network')])).toBe('network');
    expect(commonestCode([])).toBeUndefined();
  });
});
