import type { BulkProgress } from '../contract/bulk-vendor.js';
import type { ProviderError } from '../contract/errors.js';
import { countOf, objectOf, objectsOf, type JsonObject } from '../json/untyped-json.js';
import { toProviderError } from '../vendor/to-provider-error.js';

const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** Where a batch stays. */
const FINAL: ReadonlySet<unknown> = new Set(['failed', 'completed', 'expired', 'cancelled']);

/** How far a batch is, in our words. */
export function batchProgress(batch: JsonObject, vendor: string): BulkProgress {
  const counts = objectOf(batch['request_counts']);
  const failed = countOf(counts['failed']) ?? 0;
  const endedAt = countOf(batch['completed_at'] ?? batch['expired_at'] ?? batch['cancelled_at']);
  const createdAt = countOf(batch['created_at']);
  return {
    isEnded: FINAL.has(batch['status']),
    finished: (countOf(counts['completed']) ?? 0) + failed,
    failed,
    durationMs: endedAt === undefined || createdAt === undefined ? 0 : Math.max(0, endedAt - createdAt) * 1_000,
    error: batch['status'] === 'failed' ? rejection(batch, vendor) : undefined,
  };
}

/** The file was not taken, so none of its requests was. */
function rejection(batch: JsonObject, vendor: string): ProviderError {
  const [error] = objectsOf(objectOf(batch['errors'])['data']);
  return toProviderError({ status: 400, error }, NEVER_ABORTED, vendor);
}
