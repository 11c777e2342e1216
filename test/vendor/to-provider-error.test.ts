import { inspect } from 'node:util';
import {
  APIConnectionError as AnthropicConnectionError,
  APIConnectionTimeoutError as AnthropicTimeoutError,
  APIError as AnthropicError,
} from '@anthropic-ai/sdk';
import { APICallError, LoadAPIKeyError, NoSuchModelError, UnsupportedFunctionalityError } from '@ai-sdk/provider';
import { fc, test } from '@fast-check/vitest';
import { APIError as AnthropicPreviousError } from 'anthropic-previous';
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError, OpenAIError } from 'openai';
import { APIError as PreviousAPIError } from 'openai-previous';
import { describe, expect } from 'vitest';
import { ProviderError } from '../../src/contract/errors.js';
import type { FailureCode } from '../../src/contract/failure.js';
import { toProviderError } from '../../src/vendor/to-provider-error.js';

const RUNNING = new AbortController().signal;
const classify = (error: unknown): ProviderError => toProviderError(error, RUNNING, 'OpenAI');

/** The error of every SDK for an answer of OpenAI. */
function openaiErrors(status: number, inner: object | undefined, headers: Record<string, string> = {}): unknown[] {
  const body = inner === undefined ? undefined : { error: inner };
  return [
    APIError.generate(status, body, undefined, new Headers(headers)),
    PreviousAPIError.generate(status, body, undefined, new Headers(headers)),
    apiCallError(status, body, headers),
  ];
}

/** The error of every SDK for an answer of Anthropic. */
function anthropicErrors(status: number, inner: object, headers: Record<string, string> = {}): unknown[] {
  const body = { type: 'error', error: inner };
  return [
    AnthropicError.generate(status, body, undefined, new Headers(headers)),
    AnthropicPreviousError.generate(status, body, undefined, new Headers(headers)),
    apiCallError(status, body, headers),
  ];
}

function apiCallError(statusCode: number, body: object | undefined, responseHeaders: Record<string, string>): unknown {
  return new APICallError({
    message: 'Bad',
    url: 'https://example.org',
    requestBodyValues: {},
    statusCode,
    responseHeaders,
    responseBody: body === undefined ? '' : JSON.stringify(body),
  });
}

const withCode = (code: string, message = 'failed'): Error => Object.assign(new Error(message), { code });
const everything = (value: unknown): string => inspect(value, { depth: 20, showHidden: true });
const codesOf = (errors: readonly unknown[]): FailureCode[] => errors.map((error) => classify(error).code);

describe('an answer of OpenAI, whichever SDK wraps it,', () => {
  test.each<[number, string, FailureCode]>([
    [400, 'invalid_request_error', 'invalid_request'],
    [400, 'context_length_exceeded', 'too_large'],
    [400, 'content_filter', 'refused'],
    [400, 'invalid_prompt', 'refused'],
    [400, 'json_validate_failed', 'malformed'],
    [401, 'invalid_api_key', 'auth'],
    [402, 'payment', 'quota'],
    [403, 'unsupported_country_region_territory', 'auth'],
    [404, 'model_not_found', 'not_found'],
    [408, 'slow', 'timeout'],
    [409, 'conflict', 'server'],
    [413, 'large', 'too_large'],
    [422, 'unprocessable', 'invalid_request'],
    [429, 'rate_limit_exceeded', 'rate_limited'],
    [429, 'slow_down', 'rate_limited'],
    [429, 'insufficient_quota', 'quota'],
    [429, 'credit_balance_exhausted', 'quota'],
    [429, 'organization_spend_limit_exceeded', 'quota'],
    [429, 'project_spend_limit_exceeded', 'quota'],
    [429, 'organization_usage_limit_exceeded', 'quota'],
    [429, 'billing_not_active', 'quota'],
    [429, 'billing_hard_limit_reached', 'quota'],
    [404, 'DeploymentNotFound', 'not_found'],
    [429, 'RESOURCE_EXHAUSTED', 'rate_limited'],
    [498, 'capacity_exceeded', 'overloaded'],
    [500, 'server_error', 'server'],
    [503, 'engine_overloaded', 'overloaded'],
  ])('%i with code %s is %s', (status, code, expected) => {
    const errors = openaiErrors(status, { message: 'Bad', type: 'some_type', param: null, code });
    expect(codesOf(errors)).toEqual([expected, expected, expected]);
  });

  test.each<[number, FailureCode]>([
    [400, 'invalid_request'],
    [405, 'unsupported'],
    [418, 'invalid_request'],
    [429, 'rate_limited'],
    [498, 'overloaded'],
    [499, 'server'],
    [501, 'unsupported'],
    [502, 'server'],
    [503, 'overloaded'],
    [504, 'timeout'],
    [520, 'server'],
    [529, 'overloaded'],
  ])('%i without a body is %s', (status, expected) => {
    expect(codesOf(openaiErrors(status, undefined))).toEqual([expected, expected, expected]);
  });

  test('keeps status, code and request id', () => {
    const failures = openaiErrors(
      429,
      { message: 'Bad', type: 'requests', param: null, code: 'rate_limit_exceeded' },
      { 'x-request-id': 'req_1', 'retry-after': '2' },
    ).map(classify);
    for (const failure of failures) {
      expect(failure).toMatchObject({ status: 429, vendorCode: 'rate_limit_exceeded', requestId: 'req_1' });
      expect(failure).toMatchObject({ retryAfterMs: 2_000, retryable: true, scope: 'call' });
      expect(failure.message).toBe('OpenAI answered 429 (rate_limit_exceeded)');
    }
  });

  test('names the field it complains about', () => {
    const [error] = openaiErrors(400, {
      message: 'Bad',
      type: 'invalid_request_error',
      param: 'text.format',
      code: null,
    });
    expect(classify(error).message).toBe('OpenAI answered 400 (invalid_request_error, text.format)');
  });

  test('is too large, not rate limited, when one request exceeds a minute of tokens', () => {
    const inner = { message: 'Request too large for gpt-6 on tokens per min (TPM)', code: 'rate_limit_exceeded' };
    expect(codesOf(openaiErrors(429, inner))).toEqual(['too_large', 'too_large', 'too_large']);
    expect(classify(openaiErrors(413, inner)[0]).retryable).toBe(false);
  });

  test.each<[number, string, FailureCode]>([
    [429, 'You exceeded your current quota, please check your plan and billing details.', 'quota'],
    [400, 'API key not valid. Please pass a valid API key.', 'auth'],
  ])('%i "%s" without a code is %s', (status, message, expected) => {
    expect(classify(openaiErrors(status, { message })[0]).code).toBe(expected);
  });

  test('402 with a time to wait is a limit, not an empty account', () => {
    expect(classify(openaiErrors(402, { message: 'Bad' }, { 'retry-after': '3' })[0]).code).toBe('rate_limited');
  });

  test.each([
    [400, "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."],
    [400, 'This model does not support response format `json_schema`.'],
    [400, 'This response_format type is unavailable now'],
    [404, 'No endpoints found that support tool use'],
    [404, 'No endpoints found that can handle the requested parameters.'],
    [422, 'response_format: extra inputs are not permitted'],
    [500, 'Failed to parse grammar'],
    [400, "Invalid schema for response_format 'grading'"],
  ])('%i "%s" is unsupported', (status, message) => {
    expect(classify(openaiErrors(status, { message, code: null })[0]).code).toBe('unsupported');
  });

  test('a fault of the server that mentions tools is not unsupported', () => {
    expect(classify(openaiErrors(503, { message: 'tools failed' })[0]).code).toBe('overloaded');
    expect(classify(openaiErrors(400, { message: 'tools are fine' })[0]).code).toBe('invalid_request');
  });
});

describe('an answer of Anthropic, whichever SDK wraps it,', () => {
  test.each<[number, string, FailureCode]>([
    [400, 'invalid_request_error', 'invalid_request'],
    [401, 'authentication_error', 'auth'],
    [402, 'billing_error', 'quota'],
    [403, 'permission_error', 'auth'],
    [404, 'not_found_error', 'not_found'],
    [413, 'request_too_large', 'too_large'],
    [429, 'rate_limit_error', 'rate_limited'],
    [500, 'api_error', 'server'],
    [504, 'timeout_error', 'timeout'],
    [529, 'overloaded_error', 'overloaded'],
  ])('%i of type %s is %s', (status, type, expected) => {
    expect(codesOf(anthropicErrors(status, { type, message: 'Bad' }))).toEqual([expected, expected, expected]);
  });

  test.each<[number, string, FailureCode]>([
    [429, 'enforced_spend_limit_reached', 'quota'],
    [429, 'contract_spend_limit_reached', 'quota'],
    [429, 'ramp_limit_exceeded', 'rate_limited'],
    [402, 'linked_organization_spend_limit_reached', 'quota'],
    [402, 'linked_organization_billing_unavailable', 'quota'],
    [413, 'request_body_too_large_after_decoding', 'too_large'],
  ])('%i with error_code %s is %s', (status, error_code, expected) => {
    const errors = anthropicErrors(status, { type: 'rate_limit_error', message: 'Bad', details: { error_code } });
    expect(codesOf(errors)).toEqual([expected, expected, expected]);
    expect(classify(errors[0]).vendorCode).toBe(error_code);
  });

  test.each<[string, FailureCode]>([
    ['prompt is too long: 250000 tokens > 200000 maximum', 'too_large'],
    ['Your credit balance is too low to access the Anthropic API.', 'quota'],
    ['You have reached your specified API usage limits.', 'quota'],
    ['Output blocked by content filtering policy', 'refused'],
    ['output_config.format.schema: For integer type, property maximum is not supported', 'unsupported'],
  ])('400 "%s" is %s', (message, expected) => {
    const errors = anthropicErrors(400, { type: 'invalid_request_error', message });
    expect(codesOf(errors)).toEqual([expected, expected, expected]);
  });

  test('keeps the request id, in a sentence of our own', () => {
    const [error] = anthropicErrors(429, { type: 'rate_limit_error', message: 'Bad' }, { 'request-id': 'req_2' });
    const failure = toProviderError(error, RUNNING, 'Anthropic');
    expect(failure).toMatchObject({ requestId: 'req_2', message: 'Anthropic answered 429 (rate_limit_error)' });
  });
});

describe('advice and scope', () => {
  test.each<[number, FailureCode, string, string]>([
    [401, 'auth', 'provider', 'OpenAI answered 401; check the API key and its permissions'],
    [402, 'quota', 'provider', 'OpenAI answered 402; check the plan and the spending limit'],
    [404, 'not_found', 'provider', 'OpenAI answered 404; check the name of the model and the base URL'],
    [400, 'invalid_request', 'item', 'OpenAI answered 400'],
    [500, 'server', 'call', 'OpenAI answered 500'],
  ])('of %i', (status, code, scope, message) => {
    expect(classify(openaiErrors(status, undefined)[0])).toMatchObject({ code, scope, message });
  });

  test('x-should-retry overrides the status in both directions', () => {
    expect(classify(openaiErrors(400, undefined, { 'x-should-retry': 'true' })[0]).retryable).toBe(true);
    expect(classify(openaiErrors(503, undefined, { 'x-should-retry': 'false' })[0]).retryable).toBe(false);
    expect(classify(openaiErrors(503, undefined, { 'x-should-retry': 'maybe' })[0]).retryable).toBe(true);
  });

  test('no header makes an empty account or a refusal worth a retry', () => {
    for (const code of ['insufficient_quota', 'content_filter', 'invalid_api_key', 'context_length_exceeded']) {
      const [error] = openaiErrors(429, { code }, { 'x-should-retry': 'true' });
      expect(classify(error).retryable).toBe(false);
    }
  });
});

describe('our own abort', () => {
  const [error] = openaiErrors(500, undefined);

  test('comes before everything else', () => {
    const failure = toProviderError(error, AbortSignal.abort('stop'), 'OpenAI');
    expect(failure).toMatchObject({ code: 'aborted', retryable: false, cause: 'stop' });
    expect(failure.message).toBe('The call to OpenAI was aborted');
  });

  test('is a timeout when its reason is one', () => {
    const reason = new DOMException('too slow', 'TimeoutError');
    const failure = toProviderError(error, AbortSignal.abort(reason), 'OpenAI');
    expect(failure).toMatchObject({ code: 'timeout', cause: reason, message: 'OpenAI did not answer in time' });
  });

  test('with a ProviderError as its reason is that error', () => {
    const reason = new ProviderError('deadline_exceeded', 'late');
    expect(toProviderError(error, AbortSignal.abort(reason))).toBe(reason);
  });
});

describe('a ProviderError from within', () => {
  const inner = new ProviderError('budget_exceeded', 'enough');

  test('passes as it is', () => {
    expect(classify(inner)).toBe(inner);
  });

  test('is found where the SDK has wrapped it', () => {
    expect(classify(new APIConnectionError({ cause: inner }))).toBe(inner);
  });
});

describe('a failure without a status', () => {
  test.each<[string, unknown, FailureCode]>([
    ['refused connection', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }), 'network'],
    ['reset connection', new AnthropicConnectionError({ cause: withCode('ECONNRESET') }), 'network'],
    ['cut body', new TypeError('terminated', { cause: withCode('UND_ERR_SOCKET') }), 'network'],
    ['Chromium', new TypeError('Failed to fetch'), 'network'],
    ['WebKit', new TypeError('Load failed'), 'network'],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.'), 'network'],
    ['workerd', new Error('Network connection lost.'), 'network'],
    ['Deno', new TypeError('error sending request for url (http://example.org/)'), 'network'],
    ['Bun', withCode('ConnectionRefused', 'Unable to connect.'), 'network'],
    ['several addresses', new AggregateError([withCode('ECONNREFUSED')], 'all failed'), 'network'],
    ['AI SDK', new APICallError({ message: 'x', url: '', requestBodyValues: {}, isRetryable: true }), 'network'],
    ['connect timeout', new TypeError('fetch failed', { cause: withCode('UND_ERR_CONNECT_TIMEOUT') }), 'timeout'],
    ['headers timeout', new TypeError('fetch failed', { cause: withCode('UND_ERR_HEADERS_TIMEOUT') }), 'timeout'],
    ['system timeout', new APIConnectionError({ cause: withCode('ETIMEDOUT') }), 'timeout'],
    ['SDK timeout', new AnthropicTimeoutError(), 'timeout'],
    ['DOM timeout', new DOMException('x', 'TimeoutError'), 'timeout'],
    ['half a JSON document', new SyntaxError('Unexpected end of JSON input'), 'network'],
    ['abort by somebody else', new APIUserAbortError(), 'network'],
    ['abort by somebody else in the body', new DOMException('x', 'AbortError'), 'network'],
    ['no key, Anthropic', new Error('Could not resolve authentication method. Expected one of'), 'auth'],
    ['no key, OpenAI', new OpenAIError('Missing credentials. Please pass an `apiKey`'), 'auth'],
    ['no key, AI SDK', new LoadAPIKeyError({ message: 'OpenAI API key is missing.' }), 'auth'],
    ['no model, AI SDK', new NoSuchModelError({ modelId: 'm', modelType: 'languageModel' }), 'not_found'],
    ['AI SDK cannot', new UnsupportedFunctionalityError({ functionality: 'x' }), 'unsupported'],
    ['a bug', new TypeError('x is not a function'), 'unknown'],
    ['a text', 'broken', 'unknown'],
    ['nothing', undefined, 'unknown'],
  ])('is told by its shape: %s', (_, error, expected) => {
    expect(classify(error).code).toBe(expected);
  });

  test('is told by its shape: a 200 that the AI SDK cannot read', () => {
    const half = new APICallError({
      message: 'Invalid JSON response',
      url: '',
      requestBodyValues: {},
      statusCode: 200,
      cause: new SyntaxError('x'),
    });
    const other = new APICallError({ message: 'Invalid', url: '', requestBodyValues: {}, statusCode: 200 });
    expect([classify(half).code, classify(other).code]).toEqual(['network', 'server']);
    expect(classify(other).message).toBe('OpenAI answered 200 with a body that cannot be read');
  });

  test.each<[unknown, string]>([
    [new TypeError('fetch failed', { cause: withCode('ECONNRESET') }), 'The connection to OpenAI failed (ECONNRESET)'],
    [new TypeError('fetch failed'), 'The connection to OpenAI failed'],
    [new SyntaxError('Unexpected token'), 'The answer of OpenAI was cut off or is no JSON'],
    [new APIConnectionTimeoutError(), 'OpenAI did not answer in time'],
    [
      new Error('Could not resolve authentication method'),
      'The client of OpenAI has no credentials; check the API key and its permissions',
    ],
    [new RangeError('secret'), 'The call to OpenAI failed with RangeError'],
    ['secret', 'The call to OpenAI failed with something that is no Error'],
  ])('is described without its own words', (error, message) => {
    expect(classify(error).message).toBe(message);
  });

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
    ['CERT_HAS_EXPIRED', 'certificate has expired'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames: Host: a. is not b"],
    [
      'ERR_SSL_WRONG_VERSION_NUMBER',
      '80EC:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:',
    ],
  ])('is final for the provider when no safe connection can be had: %s', (code, message) => {
    const failure = classify(new APIConnectionError({ cause: withCode(code, message) }));
    expect(failure).toMatchObject({ code: 'network', retryable: false, scope: 'provider' });
    expect(failure.message).toBe(
      `The connection to OpenAI failed (${code}); check the base URL, its certificate and its version of TLS`,
    );
  });

  test('is final also where the platform gives no code', () => {
    const failure = classify(new TypeError('error sending request for url: invalid peer certificate: UnknownIssuer'));
    expect(failure).toMatchObject({ code: 'network', retryable: false, scope: 'provider' });
  });

  test('other faults of TLS may pass', () => {
    const failure = classify(new APIConnectionError({ cause: withCode('ERR_SSL_BAD_RECORD_MAC', 'bad record mac') }));
    expect(failure).toMatchObject({ code: 'network', retryable: true, scope: 'call' });
  });

  test('causes that run in a circle end', () => {
    const one = new Error('one');
    one.cause = new Error('two', { cause: one });
    expect(classify(one).code).toBe('unknown');
  });
});

describe('privacy', () => {
  const secret = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    minLength: 20,
    maxLength: 40,
  });

  test.prop([secret, fc.constantFrom(400, 401, 422, 429, 500)])(
    'no word of a vendor, request or key is in the error or its causes',
    (text, status) => {
      const prose = `You said: ${text}`;
      const errors = [
        ...openaiErrors(status, { message: prose, type: prose, param: prose, code: prose }),
        ...anthropicErrors(status, { type: prose, message: prose, details: { error_code: prose } }),
        new APICallError({
          message: prose,
          url: prose,
          requestBodyValues: { prose },
          statusCode: status,
          responseBody: prose,
        }),
        new SyntaxError(`Unexpected token in "${prose}"`),
        new TypeError(`Invalid header value "Bearer ${prose}"`, { cause: new Error(prose) }),
        new Error(`${prose}\n    at ${prose} (file.js:1:1)`),
      ];
      for (const error of errors) expect(everything(classify(error))).not.toContain(text);
    },
  );

  test('the cause keeps name, place and the chain', () => {
    const cause = classify(new RangeError('secret', { cause: new TypeError('fetch failed') })).cause;
    expect(cause).toMatchObject({ name: 'RangeError', cause: { name: 'TypeError', message: 'fetch failed' } });
    expect(cause).toHaveProperty(
      'stack',
      expect.stringMatching(/^RangeError: message left out.*\n\s+at .*to-provider-error/),
    );
  });

  test('the cause keeps the code of a broken connection', () => {
    const inner = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    expect(classify(inner).cause).toMatchObject({ code: 'ECONNRESET', message: 'read ECONNRESET' });
    expect(classify(inner).vendorCode).toBeUndefined();
  });

  test('an error whose stack does not hold its message keeps no places', () => {
    const error = new Error('first');
    expect(error.stack).toContain('first');
    error.message = 'second';
    expect(classify(error).cause).toHaveProperty('stack', 'Error: message left out: it may quote the request');
  });
});
