import type { FailureCode } from '../contract/failure.js';
import type { ErrorShape } from './error-shape.js';

const TIMEOUT =
  /^(?:ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|TimeoutError|Request timed out\.)$/;

/** System and undici codes, and those of Bun. */
const NETWORK_CODE =
  /^(?:E[A-Z]{3,20}|EAI_[A-Z]{3,20}|UND_ERR_[A-Z_]{3,40}|ERR_(?:SSL|TLS)_[A-Z\d_/]{3,60}|[A-Z_]{0,40}CERT[A-Z_]{0,40}|UNABLE_TO_VERIFY_LEAF_SIGNATURE|Connection(?:Refused|Closed|Reset)|FailedToOpenSocket)$/;

/** What Node, Chromium, WebKit, Firefox, workerd and Deno say of a connection that failed, and what the SDKs make of it. */
const NETWORK_MESSAGE =
  /^(?:fetch failed|terminated|Failed to fetch|Load failed|NetworkError when attempting to fetch resource\.?|network error|Network connection lost\.?|Connection error\.|Request was aborted\.|(?:client )?error sending request\b.*|Cannot connect to API\b.*)$/i;

/** What platforms say of a certificate they do not trust, of a port that speaks no TLS and of one that speaks another. */
const UNTRUSTED_MESSAGE =
  /\bcertificate\b|wrong version number|packet length too long|fatal alert: (?:HandshakeFailure|ProtocolVersion)|corrupt message/i;

/** OpenSSL and Bun of a handshake that failed; what breaks a connection that was safe, or passes by itself, is left out. */
const UNTRUSTED_CODE =
  /^(?:EPROTO|ERR_(?:SSL|TLS)_(?!.*(?:BAD_RECORD_MAC|DECRYPTION_FAILED|INTERNAL_ERROR|UNEXPECTED_EOF|TIMEOUT)).+)$/;

const NAMED: Readonly<Record<string, FailureCode>> = {
  AI_LoadAPIKeyError: 'auth',
  AI_NoSuchModelError: 'not_found',
  AI_UnsupportedFunctionalityError: 'unsupported',
  AI_InvalidPromptError: 'invalid_request',
  AI_EmptyResponseBodyError: 'server',
  AI_InvalidResponseDataError: 'server',
  AI_TypeValidationError: 'server',
  AI_JSONParseError: 'network',
  // The body was cut, or somebody on the way replaced it.
  SyntaxError: 'network',
  // Not by our signal: somebody else's timer.
  AbortError: 'network',
};

/** The failure that an error without a status stands for: no whole response came. */
export function failureOfTransport({ chain, isRetryable }: ErrorShape): FailureCode {
  const marks = chain.flatMap((error) => [error.name, error.message, systemCode(error) ?? '']);
  if (marks.some((mark) => TIMEOUT.test(mark))) return 'timeout';
  const named = chain.map((error) => NAMED[error.name]).find((failure) => failure !== undefined);
  if (named !== undefined) return named;
  return chain.some(isTransportError) || isRetryable ? 'network' : 'unknown';
}

/** Whether no safe connection can be had: every call would fail alike, and waiting helps none. */
export function isUntrusted({ chain }: ErrorShape): boolean {
  return chain.some((error) => UNTRUSTED_MESSAGE.test(error.message) || UNTRUSTED_CODE.test(systemCode(error) ?? ''));
}

/** Whether an error is one of the platform's own about a connection, whose message quotes no request. */
export function isTransportError(error: Error): boolean {
  return NETWORK_CODE.test(systemCode(error) ?? '') || NETWORK_MESSAGE.test(error.message) || TIMEOUT.test(error.name);
}

/** `ECONNRESET` and the like. */
export function systemCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' && NETWORK_CODE.test(error.code) ? error.code : undefined;
}
