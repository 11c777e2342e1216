import { checkProviderOptions } from '../input/option-rules.js';
import type { BulkProgress } from '../contract/bulk-vendor.js';
import { checkHandle, type BulkHandle } from './bulk-handle.js';
import type { PollOptions } from './bulk-options.js';
import { anything, vendorRule } from './bulk-run.js';

/** How far a run is. */
export interface BulkStatus {
  /** Everything was handed in and every batch has ended: `collect` can be called. */
  isEnded: boolean;
  /** Requests handed in so far. */
  requests: number;
  /** Those that have an outcome, good or bad. */
  finished: number;
  /** Those of them that have no reply. */
  failed: number;
  batches: { ended: number; total: number };
}

/**
 * Looks how far a run is. One short request per batch, and as often as you like: batches take minutes to hours.
 *
 * @param handle What `submit` gave, as it came back from storage.
 * @param options The vendor.
 * @throws {GradingOptionsError} (as a rejection) for misuse.
 * @throws {ProviderError} (as a rejection) when the vendor cannot be asked.
 *
 * @example
 * ```ts
 * import { poll, type BulkHandle, type BulkVendor } from 'gradelanes/bulk';
 *
 * const describe = async (handle: BulkHandle, vendor: BulkVendor): Promise<string> => {
 *   const { isEnded, finished, requests } = await poll(handle, { vendor });
 *   return isEnded ? 'done' : `${finished} of ${requests}`;
 * };
 * ```
 */
export async function poll(handle: BulkHandle, options: PollOptions): Promise<BulkStatus> {
  checkProviderOptions(options, { vendor: vendorRule, signal: anything });
  const { vendor, signal = new AbortController().signal } = options;
  const { parts, isSubmitted } = checkHandle(handle, vendor);
  const status = {
    isEnded: isSubmitted,
    requests: 0,
    finished: 0,
    failed: 0,
    batches: { ended: 0, total: parts.length },
  };
  for (const { batchId, requests } of parts) {
    const progress = batchId === undefined ? NOT_BEGUN : await vendor.progress(batchId, signal);
    status.isEnded &&= progress.isEnded;
    status.requests += requests;
    // A batch that is not taken has no outcomes to count.
    status.finished += progress.error === undefined ? progress.finished : requests;
    status.failed += progress.error === undefined ? progress.failed : requests;
    if (progress.isEnded) status.batches.ended++;
  }
  return status;
}

const NOT_BEGUN: BulkProgress = { isEnded: false, finished: 0, failed: 0, durationMs: 0 };
