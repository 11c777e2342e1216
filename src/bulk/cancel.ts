import { checkProviderOptions } from '../input/option-rules.js';
import { checkHandle, type BulkHandle } from './bulk-handle.js';
import type { PollOptions } from './bulk-options.js';
import { anything, vendorRule } from './bulk-run.js';

/**
 * Asks the vendor to stop the batches that have not ended. It takes a while until they have: `poll` tells, and `collect`
 * then gives what was graded before.
 *
 * @param handle What `submit` gave, as it came back from storage.
 * @param options The vendor.
 * @throws {GradingOptionsError} (as a rejection) for misuse.
 * @throws {ProviderError} (as a rejection) when the vendor cannot be asked.
 *
 * @example
 * ```ts
 * import { cancel, type BulkHandle, type BulkVendor } from 'gradelanes/bulk';
 *
 * const stop = (handle: BulkHandle, vendor: BulkVendor): Promise<void> => cancel(handle, { vendor });
 * ```
 */
export async function cancel(handle: BulkHandle, options: PollOptions): Promise<void> {
  checkProviderOptions(options, { vendor: vendorRule, signal: anything });
  const { vendor, signal = new AbortController().signal } = options;
  for (const { batchId } of checkHandle(handle, vendor).parts) {
    if (batchId === undefined) continue;
    const { isEnded } = await vendor.progress(batchId, signal);
    if (!isEnded) await vendor.cancel(batchId, signal);
  }
}
