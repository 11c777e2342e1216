import { isProviderError, ProviderError } from '../contract/errors.js';
import type { FailureCode } from '../contract/failure.js';
import { type ErrorShape, readErrorShape } from './error-shape.js';
import { readRetryAfterMs } from './response-headers.js';
import { failureOfTransport, isTransportError, isUntrusted, systemCode } from './transport-failure.js';
import { failureOfStatus, failureOfVendorCode } from './vendor-code.js';

/** Waiting or asking once more cannot help these, whatever a header says. */
const FINAL: ReadonlySet<FailureCode> = new Set(['auth', 'quota', 'refused', 'too_large', 'not_found']);

const ADVICE: Partial<Record<FailureCode, string>> = {
  auth: '; check the API key and its permissions',
  quota: '; check the plan and the spending limit',
  not_found: '; check the name of the model and the base URL',
};

/**
 * Any error of an SDK, of the AI SDK or of `fetch` as a `ProviderError`, told by its shape. In this order: our own
 * abort, a `ProviderError` from within, the vendor's code, the HTTP status, the transport.
 *
 * The message is a sentence of ours with the status and the vendor's code. The vendor's own message is never shown: it
 * may quote the request, and on a 401 part of the key. The cause keeps names, codes and places only.
 *
 * @param vendor Names the other side in messages.
 */
export function toProviderError(error: unknown, signal: AbortSignal, vendor = 'The provider'): ProviderError {
  if (signal.aborted) return abortedError(signal.reason, vendor);
  const own = findProviderError(error);
  if (own !== undefined) return own;
  const shape = readErrorShape(error);
  const code = classify(shape);
  const isFinal = code === 'network' && isUntrusted(shape);
  return new ProviderError(code, describe(code, shape, vendor), {
    retryable: isFinal ? false : isRetryable(code, shape),
    scope: isFinal ? 'provider' : undefined,
    retryAfterMs: readRetryAfterMs(shape.header, Date.now()),
    status: shape.status,
    vendorCode: shape.codes[0],
    requestId: shape.requestId,
    cause: traceableCause(error),
  });
}

function abortedError(reason: unknown, vendor: string): ProviderError {
  if (isProviderError(reason)) return reason;
  const isTimeout = reason instanceof Error && reason.name === 'TimeoutError';
  return isTimeout
    ? new ProviderError('timeout', `${vendor} did not answer in time`, { cause: reason })
    : new ProviderError('aborted', `The call to ${vendor} was aborted`, { cause: reason });
}

/** A client with a fetch or middleware of its own may throw one, and SDKs wrap what fetch throws. */
function findProviderError(error: unknown): ProviderError | undefined {
  if (isProviderError(error)) return error;
  return error instanceof Error && isProviderError(error.cause) ? error.cause : undefined;
}

function classify(shape: ErrorShape): FailureCode {
  const { status, codes, text, header } = shape;
  const named = failureOfVendorCode(codes, text, status);
  if (named !== undefined) return named;
  if (status === undefined || status < 400) return unreadable(shape);
  // OpenRouter: a 402 that names a time is a limit, not an empty account.
  if (status === 402 && header('retry-after') !== undefined) return 'rate_limited';
  return failureOfStatus(status);
}

/** A success that cannot be read is a fault on the way, never the vendor's "no". */
function unreadable(shape: ErrorShape): FailureCode {
  const failure = failureOfTransport(shape);
  return failure === 'unknown' && shape.status !== undefined ? 'server' : failure;
}

function isRetryable(code: FailureCode, { header }: ErrorShape): boolean | undefined {
  const advice = header('x-should-retry');
  if (advice === 'false') return false;
  return advice === 'true' && !FINAL.has(code) ? true : undefined;
}

function describe(code: FailureCode, shape: ErrorShape, vendor: string): string {
  const { status, codes, parameter, chain } = shape;
  const details = [codes[0], parameter].filter((detail) => detail !== undefined).join(', ');
  const advice = ADVICE[code] ?? '';
  if (status !== undefined && status < 400) return `${vendor} answered ${status} with a body that cannot be read`;
  if (status !== undefined) return `${vendor} answered ${status}${details && ` (${details})`}${advice}`;
  if (details !== '') return `${vendor} reported an error (${details})${advice}`;
  if (code === 'timeout') return `${vendor} did not answer in time`;
  if (code === 'network') return describeConnection(shape, vendor);
  if (code === 'auth') return `The client of ${vendor} has no credentials${advice}`;
  return `The call to ${vendor} failed with ${chain[0]?.constructor.name ?? 'something that is no Error'}`;
}

function describeConnection(shape: ErrorShape, vendor: string): string {
  const { chain } = shape;
  if (!chain.some(isTransportError)) return `The answer of ${vendor} was cut off or is no JSON`;
  const reason = chain.map(systemCode).find((each) => each !== undefined);
  const advice = isUntrusted(shape) ? '; check the base URL, its certificate and its version of TLS' : '';
  return `The connection to ${vendor} failed${reason === undefined ? '' : ` (${reason})`}${advice}`;
}

const MAX_CAUSES = 6;

const MESSAGE_LEFT_OUT = 'message left out: it may quote the request';

/**
 * A stand-in for an SDK's error that can be logged: it keeps the name, the system code, the stack's places and the
 * causes, and drops the rest. Messages and fields of SDK errors may quote the request (the AI SDK keeps the whole
 * body), the response or the key; only the platform's own words on a broken connection are kept.
 */
export function traceableCause(error: unknown, depth = 0): Error | undefined {
  if (!(error instanceof Error) || depth >= MAX_CAUSES) return undefined;
  const copy = new Error(isTransportError(error) ? withoutAddress(error.message) : MESSAGE_LEFT_OUT);
  copy.name = error.name === 'Error' ? error.constructor.name : error.name;
  copy.stack = [`${copy.name}: ${copy.message}`, ...placesOf(error)].join('\n');
  const code = systemCode(error);
  if (code !== undefined) Object.assign(copy, { code });
  const cause = traceableCause(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
  if (cause !== undefined) copy.cause = cause;
  return copy;
}

/** An address may hold a key. */
function withoutAddress(message: string): string {
  return message.replace(/\(?https?:\/\/\S+/g, '(address)');
}

/** The lines below the message; the message itself may hold lines that look like them. */
function placesOf(error: Error): string[] {
  const stack = error.stack ?? '';
  const start = stack.indexOf(error.message);
  if (start === -1) return [];
  return stack
    .slice(start + error.message.length)
    .split('\n')
    .filter((line) => /^\s{1,8}at /.test(line));
}
