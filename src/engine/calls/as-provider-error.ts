import { isProviderError, ProviderError } from '../../contract/errors.js';
import type { FailureCode, FailureScope } from '../../contract/failure.js';
import { plainLine } from '../../json/plain-line.js';
import { textOf } from '../../json/untyped-json.js';

/** Longest message that is taken for a sentence for people, in UTF-16 units. */
const LONGEST_MESSAGE = 1_000;

/** Longest text that is taken for a request id or the name of an error, in UTF-16 units. */
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

/** A record over every scope, to look texts up that may be none. */
const SCOPES: { readonly [Scope in FailureScope]: true } = { item: true, call: true, provider: true };

/**
 * Anti-corruption layer: turns whatever a provider threw into an error that the engine can rely on. A sound
 * `ProviderError` is taken as it is; one whose fields were changed since is made anew. The message of a foreign error
 * stays out of results, as it may hold anything; the error itself is the cause. Never throws.
 */
export function asProviderError(error: unknown, providerName: string): ProviderError {
  // Even the name of what was thrown may be a getter that throws.
  let deed = 'threw an unreadable object';
  try {
    if (isProviderError(error)) return isSound(error) ? error : soundCopy(error);
    deed = error instanceof Error ? `threw ${plainLine(error.name, LONGEST_ID)}` : `threw a ${typeof error}`;
  } catch {
    // There is nothing more to say of it.
  }
  return new ProviderError('unknown', `${providerName} ${deed}; see the call-ended event`, { cause: error });
}

/** True if all fields that the engine reads have a value of their type, within the bounds of this file. */
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

/** A `ProviderError` of the fields that are sound; a field that is not falls back to the default of its code. */
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

/** True for an absent value, and for one that holds. */
function isOptional(value: unknown, holds: (value: unknown) => boolean): boolean {
  return value === undefined || holds(value);
}

/** True for a delay that a timer can wait, in milliseconds: setTimeout takes at most 2^31 - 1. */
function isDelay(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 2 ** 31 - 1;
}
