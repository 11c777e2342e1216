import { isProviderError, ProviderError } from '../../contract/errors.js';
import type { FailureCode, FailureScope } from '../../contract/failure.js';
import { plainLine } from '../../json/plain-line.js';
import { textOf } from '../../json/untyped-json.js';

/** Longer messages are no sentences for people. */
const LONGEST_MESSAGE = 1_000;

/** Longer ids are none. */
const LONGEST_ID = 200;

/** A record over every code, so that the compiler asks for a new one. */
const CODES: { readonly [Code in FailureCode]: true } = {
  rate_limited: true,
  overloaded: true,
  timeout: true,
  network: true,
  server: true,
  truncated: true,
  malformed: true,
  too_large: true,
  refused: true,
  auth: true,
  quota: true,
  not_found: true,
  invalid_request: true,
  unsupported: true,
  aborted: true,
  deadline_exceeded: true,
  budget_exceeded: true,
  unknown: true,
};

const SCOPES: { readonly [Scope in FailureScope]: true } = { item: true, call: true, provider: true };

/**
 * Whatever a provider threw, as an error that the engine can rely on. A sound `ProviderError` is taken as it is; one
 * whose fields were changed since is made anew. The message of a foreign error stays out of results: it may hold
 * anything. The error itself is the cause. Never throws.
 */
export function asProviderError(error: unknown, providerName: string): ProviderError {
  let deed = 'threw an unreadable object';
  try {
    if (isProviderError(error)) return isSound(error) ? error : soundCopy(error);
    deed = error instanceof Error ? `threw ${plainLine(error.name, LONGEST_ID)}` : `threw a ${typeof error}`;
  } catch {
    // There is nothing more to say of it.
  }
  return new ProviderError('unknown', `${providerName} ${deed}; see the call-ended event`, { cause: error });
}

function isSound(error: ProviderError): boolean {
  const { code, message, retryable, scope, retryAfterMs, requestId } = error;
  return (
    Object.hasOwn(CODES, code) &&
    Object.hasOwn(SCOPES, scope) &&
    typeof retryable === 'boolean' &&
    typeof message === 'string' &&
    message.length <= LONGEST_MESSAGE &&
    isOptional(retryAfterMs, isDelay) &&
    isOptional(requestId, (id) => typeof id === 'string' && plainLine(id, LONGEST_ID) === id)
  );
}

function soundCopy(error: ProviderError): ProviderError {
  const { code, message, retryable, scope, retryAfterMs, requestId, status, vendorCode } = error;
  return new ProviderError(
    Object.hasOwn(CODES, code) ? code : 'unknown',
    typeof message === 'string' ? message.slice(0, LONGEST_MESSAGE) : '',
    {
      retryable: typeof retryable === 'boolean' ? retryable : undefined,
      scope: Object.hasOwn(SCOPES, scope) ? scope : undefined,
      retryAfterMs: isDelay(retryAfterMs) ? retryAfterMs : undefined,
      requestId: textOf(requestId) === undefined ? undefined : plainLine(String(requestId), LONGEST_ID),
      status: typeof status === 'number' ? status : undefined,
      vendorCode: textOf(vendorCode),
      cause: error,
    },
  );
}

function isOptional(value: unknown, holds: (value: unknown) => boolean): boolean {
  return value === undefined || holds(value);
}

function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1;
}
