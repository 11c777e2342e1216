import { ProviderError } from '../contract/errors.js';
import { objectOf } from '../json/untyped-json.js';
import { toProviderError } from '../vendor/to-provider-error.js';

const NEVER_ABORTED = new AbortController().signal;

/**
 * An error that came as the body of a success: a failed response, OpenRouter's `{ error: { code: 429 } }`, or a body
 * with nothing in it. Without a known code it is a fault of the server, which may pass.
 */
export function bodyError(error: unknown, label: string): ProviderError {
  const { code } = objectOf(error);
  const failure = toProviderError({ status: code, error }, NEVER_ABORTED, label);
  if (failure.code !== 'unknown') return failure;
  return new ProviderError('server', `${label} answered with a success that holds no reply`, {
    vendorCode: failure.vendorCode,
  });
}
