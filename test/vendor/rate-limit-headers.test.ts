import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { headerReader } from '../../src/vendor/response-headers.js';
import type { RateLimitHint } from '../../src/contract/provider.js';
import { readRateLimitHeaders } from '../../src/vendor/rate-limit-headers.js';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const read = (headers: Record<string, string>): RateLimitHint | undefined =>
  readRateLimitHeaders(headerReader(headers), NOW_MS);

describe('OpenAI headers', () => {
  test('give both limits and the time until the buckets are full', () => {
    const hint = read({
      'x-ratelimit-limit-requests': '5000',
      'x-ratelimit-remaining-requests': '4999',
      'x-ratelimit-reset-requests': '12ms',
      'x-ratelimit-limit-tokens': '200000',
      'x-ratelimit-remaining-tokens': '150000',
      'x-ratelimit-reset-tokens': '6m0s',
    });
    expect(hint).toEqual({
      requestLimit: 5_000,
      remainingRequests: 4_999,
      requestResetMs: 12,
      tokenLimit: 200_000,
      remainingTokens: 150_000,
      tokenResetMs: 360_000,
    });
  });

  test.each([
    ['1s', 1_000],
    ['120ms', 120],
    ['1.5s', 1_500],
    ['1h2m3s', 3_723_000],
    ['2m59.56s', 179_560],
    ['500us', 0.5],
    ['0s', 0],
  ])('read the Go duration %s', (text, ms) => {
    const hint = read({ 'x-ratelimit-limit-requests': '60', 'x-ratelimit-reset-requests': text });
    expect(hint?.requestResetMs).toBeCloseTo(ms, 6);
  });

  test.each(['', '12', 'soon', '-1s', '1d', 's', '1s ', '6m0', '1s1s1s1s1s'])(
    'leave out the unreadable reset %j',
    (text) => {
      const hint = read({ 'x-ratelimit-limit-requests': '60', 'x-ratelimit-reset-requests': text });
      expect(hint).toMatchObject({ requestLimit: 60, requestResetMs: undefined });
    },
  );

  test.each(['0', '-1', '', 'none', '1.5'])('with the limit %j say nothing, as on Azure', (limit) => {
    expect(read({ 'x-ratelimit-limit-requests': limit, 'x-ratelimit-remaining-requests': '10' })).toBeUndefined();
  });

  test('with an unreadable rest keep the limit', () => {
    const hint = read({ 'x-ratelimit-limit-tokens': '1000', 'x-ratelimit-remaining-tokens': '-1' });
    expect(hint).toMatchObject({ tokenLimit: 1_000, remainingTokens: undefined, requestLimit: undefined });
  });
});

describe('Anthropic headers', () => {
  const requests = {
    'anthropic-ratelimit-requests-limit': '50',
    'anthropic-ratelimit-requests-remaining': '49',
    'anthropic-ratelimit-requests-reset': '2026-11-23T12:00:05Z',
  };

  test('give the limit and the reset as a time from now', () => {
    expect(read(requests)).toMatchObject({ requestLimit: 50, remainingRequests: 49, requestResetMs: 5_000 });
  });

  test('count the reset from the date of the response', () => {
    const hint = read({ ...requests, date: 'Mon, 23 Nov 2026 12:00:03 GMT' });
    expect(hint?.requestResetMs).toBe(2_000);
  });

  test('may carry a reset before the date of the response', () => {
    const hint = read({ ...requests, date: 'Mon, 23 Nov 2026 12:00:06 GMT' });
    expect(hint?.requestResetMs).toBe(0);
  });

  test('give the tightest token limit where the vendor names it', () => {
    const hint = read({
      'anthropic-ratelimit-tokens-limit': '40000',
      'anthropic-ratelimit-tokens-remaining': '39000',
      'anthropic-ratelimit-input-tokens-limit': '30000',
      'anthropic-ratelimit-input-tokens-remaining': '10',
    });
    expect(hint).toMatchObject({ tokenLimit: 40_000, remainingTokens: 39_000, tokenResetMs: undefined });
  });

  test.each([
    [1_000, 7_000, 30_000, 1_000],
    [25_000, 1_000, 8_000, 1_000],
    [29_000, undefined, 30_000, 29_000],
  ])('else take the tighter of input (%s left) and output (%s left)', (input, output, limit, remaining) => {
    const hint = read({
      'anthropic-ratelimit-input-tokens-limit': '30000',
      'anthropic-ratelimit-input-tokens-remaining': String(input),
      ...(output !== undefined && {
        'anthropic-ratelimit-output-tokens-limit': '8000',
        'anthropic-ratelimit-output-tokens-remaining': String(output),
      }),
    });
    expect(hint).toMatchObject({ tokenLimit: limit, remainingTokens: remaining });
  });

  test('with output limits alone give those', () => {
    const hint = read({ 'anthropic-ratelimit-output-tokens-limit': '8000' });
    expect(hint).toMatchObject({ tokenLimit: 8_000, remainingTokens: undefined });
  });

  test('with an unreadable reset leave it out', () => {
    const hint = read({ ...requests, 'anthropic-ratelimit-requests-reset': 'later' });
    expect(hint).toMatchObject({ requestLimit: 50, requestResetMs: undefined });
  });
});

test('other headers say nothing', () => {
  expect(read({ 'content-type': 'application/json', 'retry-after': '5' })).toBeUndefined();
});

test.prop([
  fc.dictionary(fc.constantFrom('limit', 'remaining', 'reset'), fc.string()),
  fc.constantFrom('x', 'anthropic'),
])('whatever comes, numbers are not negative and finite', (values, vendor) => {
  const name = (field: string): string =>
    vendor === 'x' ? `x-ratelimit-${field}-requests` : `anthropic-ratelimit-requests-${field}`;
  const hint = read(Object.fromEntries(Object.entries(values).map(([field, value]) => [name(field), value])));
  for (const value of Object.values(hint ?? {}).filter((each) => each !== undefined)) {
    expect(Number.isFinite(value) && value >= 0).toBe(true);
  }
});
