import { describe, expect, test } from 'vitest';
import { traceableCause } from '../../src/vendor/to-provider-error.js';

class VendorError extends Error {}

describe('traceableCause', () => {
  test('keeps the name, or the name of the class', () => {
    expect(traceableCause(new VendorError('secret'))?.name).toBe('VendorError');
    expect(traceableCause(new DOMException('secret', 'DataError'))?.name).toBe('DataError');
    expect(traceableCause(new RangeError('secret'))?.name).toBe('RangeError');
  });

  test('leaves out the message and every field', () => {
    const copy = traceableCause(
      Object.assign(new VendorError('secret'), { requestBodyValues: 'secret', code: 'secret' }),
    );
    expect(copy?.message).toBe('message left out: it may quote the request');
    expect(copy).not.toHaveProperty('requestBodyValues');
    expect(copy).not.toHaveProperty('code');
    expect(copy).not.toHaveProperty('cause');
  });

  test("keeps the platform's words on a broken connection, without the address", () => {
    const error = Object.assign(new TypeError('error sending request for url (https://a.example/?key=secret)'), {
      code: 'ECONNRESET',
    });
    expect(traceableCause(error)).toMatchObject({
      message: 'error sending request for url (address)',
      code: 'ECONNRESET',
    });
  });

  test('keeps the places, and no line of a message that looks like one', () => {
    const stack = traceableCause(new Error('one\n    at secret (secret.js:1:1)'))?.stack ?? '';
    const [head, ...places] = stack.split('\n');
    expect(head).toBe('Error: message left out: it may quote the request');
    expect(places.length).toBeGreaterThan(0);
    expect(places.every((line) => /^ +at /.test(line))).toBe(true);
    expect(stack).not.toContain('secret');
  });

  test('drops what follows the places, such as a printed cause', () => {
    const error = new Error('one');
    error.stack = 'Error: one\n    at here (a.js:1:1)\nCaused by: at secret\n    at there (b.js:1:1)';
    expect(traceableCause(error)?.stack).toBe(
      'Error: message left out: it may quote the request\n    at here (a.js:1:1)\n    at there (b.js:1:1)',
    );
  });

  test('follows six causes at most, and the first of several errors', () => {
    const deep = Array.from({ length: 9 }).reduce<Error | undefined>((cause) => new Error('x', { cause }), undefined);
    let depth = 0;
    for (let copy: unknown = traceableCause(deep); copy instanceof Error; copy = copy.cause) depth += 1;
    expect(depth).toBe(6);
    const several = new AggregateError([new TypeError('fetch failed'), new Error('x')]);
    expect(traceableCause(several)).toMatchObject({ cause: { name: 'TypeError', message: 'fetch failed' } });
  });

  test.each(['text', undefined, { message: 'secret' }])('is absent for %j', (thrown) => {
    expect(traceableCause(thrown)).toBeUndefined();
  });
});
