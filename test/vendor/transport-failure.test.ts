import { describe, expect, test } from 'vitest';
import { readErrorShape } from '../../src/vendor/error-shape.js';
import type { FailureCode } from '../../src/contract/failure.js';
import { failureOfTransport, isTransportError, isUntrusted, systemCode } from '../../src/vendor/transport-failure.js';

const errorWith = (properties: object): Error => Object.assign(new Error('x'), properties);
const classify = (properties: object): FailureCode => failureOfTransport(readErrorShape(errorWith(properties)));

describe('failureOfTransport', () => {
  test.each<[string, FailureCode]>([
    ['AI_LoadAPIKeyError', 'auth'],
    ['AI_NoSuchModelError', 'not_found'],
    ['AI_UnsupportedFunctionalityError', 'unsupported'],
    ['AI_InvalidPromptError', 'invalid_request'],
    ['AI_EmptyResponseBodyError', 'server'],
    ['AI_InvalidResponseDataError', 'server'],
    ['AI_TypeValidationError', 'server'],
    ['AI_JSONParseError', 'network'],
    ['SyntaxError', 'network'],
    ['AbortError', 'network'],
    ['TimeoutError', 'timeout'],
    ['MyTimeoutErrorOfOldTimes', 'unknown'],
    ['RangeError', 'unknown'],
  ])('takes an error named %s for %s', (name, failure) => {
    expect(classify({ name })).toBe(failure);
  });

  test.each<[string, FailureCode]>([
    ['ETIMEDOUT', 'timeout'],
    ['ESOCKETTIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['UND_ERR_SOCKET', 'network'],
    ['ECONNREFUSED', 'network'],
    ['ENOTFOUND', 'network'],
    ['EAI_AGAIN', 'network'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'network'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'network'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'network'],
    ['EPROTO', 'network'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network'],
    ['ConnectionClosed', 'network'],
    ['ConnectionReset', 'network'],
    ['FailedToOpenSocket', 'network'],
    ['ERR_INVALID_URL', 'unknown'],
    ['MY_ECONNREFUSED', 'unknown'],
  ])('takes an error with code %s for %s', (code, failure) => {
    expect(classify({ code })).toBe(failure);
  });

  test.each<[string, FailureCode]>([
    ['Request timed out.', 'timeout'],
    ['Request timed out. Really', 'unknown'],
    ['fetch failed', 'network'],
    ['my fetch failed', 'unknown'],
    ['fetch failed badly', 'unknown'],
    ['NetworkError when attempting to fetch resource', 'network'],
    ['Network connection lost', 'network'],
    ['network error', 'network'],
    ['client error sending request for url', 'network'],
    ['Cannot connect to API: other side closed', 'network'],
  ])('takes an error that says "%s" for %s', (message, failure) => {
    expect(classify({ message })).toBe(failure);
  });

  test('looks at every cause', () => {
    const cause = errorWith({ cause: errorWith({ code: 'ECONNRESET' }) });
    expect(classify({ cause })).toBe('network');
    expect(classify({ cause: errorWith({ name: 'SyntaxError' }) })).toBe('network');
  });
});

describe('isUntrusted', () => {
  test.each([
    ['EPROTO', true],
    ['ERR_SSL_WRONG_VERSION_NUMBER', true],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', true],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true],
    ['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', false],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', false],
    ['ERR_SSL_UNEXPECTED_EOF_WHILE_READING', false],
    ['ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', false],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', false],
    ['ECONNRESET', false],
    ['MY_EPROTO', false],
  ])('of code %s is %s, wherever in the chain of causes it is', (code, expected) => {
    expect(isUntrusted(readErrorShape(errorWith({ code })))).toBe(expected);
    expect(isUntrusted(readErrorShape(errorWith({ cause: errorWith({ code }) })))).toBe(expected);
  });

  test.each([
    ['self-signed certificate', true],
    ['error:0A00010B:SSL routines:tls_validate_record_header:wrong version number', true],
    ['error:0A0000C6:SSL routines:tls_get_more_records:packet length too long', true],
    ['client error (Connect): received fatal alert: ProtocolVersion', true],
    ['client error (Connect): received fatal alert: HandshakeFailure', true],
    ['client error (Connect): received corrupt message of type InvalidContentType', true],
    ['client error (Connect): tls handshake eof', false],
    ['read ECONNRESET', false],
    ['certificates', false],
  ])('of "%s" is %s', (message, expected) => {
    expect(isUntrusted(readErrorShape(errorWith({ message })))).toBe(expected);
  });
});

describe('systemCode', () => {
  test.each([
    ['ECONNRESET', 'ECONNRESET'],
    ['insufficient_quota', undefined],
    [42, undefined],
    [undefined, undefined],
  ])('of %j is %j', (code, expected) => {
    expect(systemCode(errorWith({ code }))).toBe(expected);
  });

  test('of an error without a code is absent', () => {
    expect(systemCode(new Error('x'))).toBeUndefined();
    expect(isTransportError(new Error('x'))).toBe(false);
  });
});
