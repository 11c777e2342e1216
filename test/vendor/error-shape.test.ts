import { describe, expect, test } from 'vitest';
import { plainName, readErrorShape } from '../../src/vendor/error-shape.js';

describe('readErrorShape', () => {
  test.each([
    ['status', { status: 418 }],
    ['statusCode', { statusCode: 418 }],
  ])('reads the status from %s', (_, error) => {
    expect(readErrorShape(error).status).toBe(418);
  });

  test.each([100, 599])('takes the status %i', (status) => {
    expect(readErrorShape({ status }).status).toBe(status);
  });

  test.each([99, 600, 400.5, '400', Number.NaN, null])('does not take %j for a status', (status) => {
    expect(readErrorShape({ status }).status).toBeUndefined();
  });

  test.each<[string, object]>([
    [
      "Anthropic's SDK",
      { status: 400, error: { type: 'error', error: { code: 'a', type: 'b', message: 'm', param: 'p' } } },
    ],
    ["OpenAI's SDK", { status: 400, error: { code: 'a', type: 'b', message: 'm', param: 'p' } }],
    [
      'the parsed data of the AI SDK',
      { data: { error: { code: 'a', type: 'b', message: 'm', param: 'p' } }, responseBody: '{}' },
    ],
    ['the text of the AI SDK', { responseBody: '{"error":{"code":"a","type":"b","message":"m","param":"p"}}' }],
  ])('reads code, type, message and field from %s', (_, error) => {
    expect(readErrorShape(error)).toMatchObject({ codes: ['a', 'b'], text: 'm', parameter: 'p' });
  });

  test('orders the codes from special to general, each once', () => {
    const error = { code: 'c', type: 'd', status: 'e', details: { error_code: 'a' } };
    const shape = readErrorShape({ status: 400, errorCode: 'b', code: 'c', error });
    expect(shape.codes).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test("takes the error's own code only beside a status, else it is the system's", () => {
    expect(readErrorShape({ status: 400, code: 'own' }).codes).toEqual(['own']);
    expect(readErrorShape({ code: 'own' }).codes).toEqual([]);
  });

  test.each([{ responseBody: 'no JSON' }, { responseBody: '[]' }, { responseBody: 7 }, {}, 'text', null])(
    'finds nothing in %j',
    (error) => {
      expect(readErrorShape(error)).toMatchObject({ codes: [], text: '', chain: [], isRetryable: false });
    },
  );

  test('reads the advice of the AI SDK', () => {
    expect(readErrorShape({ isRetryable: true }).isRetryable).toBe(true);
    expect(readErrorShape({ isRetryable: 'true' }).isRetryable).toBe(false);
  });

  test.each<[string, object]>([
    ['the error', { requestID: 'req_1', headers: new Headers({ 'request-id': 'req_2' }) }],
    ['a Headers object', { headers: new Headers({ 'request-id': 'req_1', 'x-request-id': 'req_2' }) }],
    ["OpenAI's header", { headers: new Headers({ 'x-request-id': 'req_1', 'apim-request-id': 'req_2' }) }],
    ["Azure's header", { responseHeaders: { 'Apim-Request-Id': 'req_1' } }],
  ])('reads the request id from %s', (_, error) => {
    expect(readErrorShape(error).requestId).toBe('req_1');
  });

  test.each([{ headers: null }, { headers: 7 }, { headers: { get: 'x' } }, { headers: { 'request-id': 7 } }])(
    'does without the headers of %j',
    (error) => {
      expect(readErrorShape(error).requestId).toBeUndefined();
    },
  );

  test('joins the messages of the error and its causes, a line each, and cuts them', () => {
    const error = new Error('one', { cause: new Error('two') });
    expect(readErrorShape(error).text.split('\n').slice(0, 2)).toEqual(['one', 'two']);
    expect(readErrorShape(new Error('x'.repeat(10_000))).text).toHaveLength(4_000);
  });

  test('follows six causes at most', () => {
    const deep = Array.from({ length: 9 }).reduce<Error | undefined>((cause) => new Error('x', { cause }), undefined);
    expect(readErrorShape(deep).chain).toHaveLength(6);
  });
});

describe('plainName', () => {
  test.each(['rate_limit_error', 'text.format', 'messages[0].content', 'a-b', 'a'.repeat(64)])('takes %s', (name) => {
    expect(plainName(name)).toBe(name);
  });

  test.each(['', 'two words', '1st', 'a'.repeat(65), 'a"b', ' a', 'a\n', 7, null])('does not take %j', (name) => {
    expect(plainName(name)).toBeUndefined();
  });
});
