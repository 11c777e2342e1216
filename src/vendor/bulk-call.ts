import { ProviderError } from '../contract/errors.js';
import type { JsonObject } from '../json/untyped-json.js';
import { callVendor, type VendorCall, type VendorRequestOptions } from './call-vendor.js';
import { toProviderError } from './to-provider-error.js';

/** What adapters pass to calls that may be repeated: the client's own retries and timeout do. */
export interface BulkRequestOptions {
  signal: AbortSignal;
}

/** A call to a Batch API of which nothing is measured. */
export function callBulk(
  vendor: string,
  signal: AbortSignal,
  start: (options: VendorRequestOptions) => VendorCall,
): Promise<JsonObject> {
  return callVendor(vendor, { signal, attempt: 1, callId: 'bulk', report: () => {} }, start);
}

/** What a stream of rows or batches throws, as a `ProviderError`. */
export async function* withProviderErrors<T>(
  vendor: string,
  signal: AbortSignal,
  open: () => AsyncIterable<T> | PromiseLike<AsyncIterable<T>>,
): AsyncGenerator<T> {
  try {
    yield* await open();
  } catch (error) {
    throw toProviderError(error, signal, vendor);
  }
}

/** Why a request of a batch that has ended was never answered. */
export function unanswered(vendor: string, why: 'expired' | 'cancelled'): ProviderError {
  const message = `${vendor} did not answer this request before its batch ${why === 'expired' ? 'expired' : 'was cancelled'}`;
  return new ProviderError(why === 'expired' ? 'timeout' : 'aborted', message, { scope: 'item' });
}
