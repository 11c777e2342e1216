import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { headerReader, readRetryAfterMs } from '../../src/vendor/response-headers.js';

const NOW_MS = Date.parse('2026-11-23T12:00:00Z');
const read = (headers: Record<string, string>): number | undefined => readRetryAfterMs(headerReader(headers), NOW_MS);

describe('readRetryAfterMs', () => {
  test('reads seconds, with and without decimals', () => {
    expect(read({ 'retry-after': '3' })).toBe(3_000);
    expect(read({ 'retry-after': '0' })).toBe(0);
    expect(read({ 'retry-after': ' 1.5 ' })).toBe(1_500);
  });

  test('prefers milliseconds', () => {
    expect(read({ 'retry-after-ms': '250', 'retry-after': '1' })).toBe(250);
    expect(read({ 'retry-after-ms': '250.2' })).toBe(251);
  });

  test('falls back to seconds when the milliseconds are unreadable', () => {
    expect(read({ 'retry-after-ms': 'soon', 'retry-after': '2' })).toBe(2_000);
  });

  test('counts an HTTP date from the date of the response, not from the local clock', () => {
    const headers = { 'retry-after': 'Fri, 20 Nov 2026 08:00:30 GMT', date: 'Fri, 20 Nov 2026 08:00:00 GMT' };
    expect(read(headers)).toBe(30_000);
  });

  test('counts an HTTP date from now when the response has no date', () => {
    expect(read({ 'retry-after': 'Mon, 23 Nov 2026 12:00:10 GMT' })).toBe(10_000);
    expect(read({ 'retry-after': 'Mon, 23 Nov 2026 12:00:10 GMT', date: 'today' })).toBe(10_000);
  });

  test('takes a date in the past for now', () => {
    expect(read({ 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' })).toBe(0);
  });

  test('reads the two old forms of an HTTP date', () => {
    expect(read({ 'retry-after': 'Monday, 23-Nov-26 12:00:10 GMT' })).toBe(10_000);
  });

  test.each([
    '',
    '-5',
    'soon',
    '1e999',
    'NaN',
    'Infinity',
    '1,5',
    '12 seconds',
    '99999999999999999999',
    'Sun, 99',
    'Sun, 22 Nov 2026',
  ])('ignores %j', (text) => {
    expect(read({ 'retry-after': text, 'retry-after-ms': text })).toBeUndefined();
  });

  test('never exceeds what a timer takes', () => {
    expect(read({ 'retry-after': '9999999999' })).toBe(2 ** 31 - 1);
  });

  test('is absent without a header', () => {
    expect(read({})).toBeUndefined();
  });

  test.prop([fc.string(), fc.string()])('is absent or a delay that a timer takes, whatever comes', (seconds, ms) => {
    const delayMs = read({ 'retry-after': seconds, 'retry-after-ms': ms }) ?? 0;
    expect(Number.isInteger(delayMs)).toBe(true);
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(delayMs).toBeLessThan(2 ** 31);
  });
});
