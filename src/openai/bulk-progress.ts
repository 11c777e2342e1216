import type { BulkLabel, BulkProgress, BulkSearch, FoundBatch } from '../contract/bulk-vendor.js';
import type { ProviderError } from '../contract/errors.js';
import { countOf, type JsonObject, objectOf, objectsOf, textOf } from '../json/untyped-json.js';
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

/** How long a batch that was lost is looked for, in seconds: its window is one day. */
const LOOK_BACK_SECONDS = 3 * 24 * 60 * 60;

/** Batches that hold no replies, or not all that they should. */
const GIVEN_UP: ReadonlySet<unknown> = new Set(['failed', 'cancelling', 'cancelled']);

/** What a batch carries of ours, so that listing finds it again: the vendor takes 16 texts. */
export function batchMetadata({ runId, first, end, requests }: BulkLabel): Record<string, string> {
  return {
    gradelanes_run: runId,
    gradelanes_first: String(first),
    gradelanes_end: String(end),
    gradelanes_requests: String(requests),
  };
}

/** Finds a batch of the last days by its metadata. */
export async function findBatch(
  newestFirst: AsyncIterable<unknown>,
  { runId, first, knownIds }: BulkSearch,
): Promise<FoundBatch | undefined> {
  const oldest = Date.now() / 1_000 - LOOK_BACK_SECONDS;
  for await (const each of newestFirst) {
    const batch = objectOf(each);
    if (Number(batch['created_at']) < oldest) return undefined;
    const batchId = textOf(batch['id']) ?? '';
    const metadata = objectOf(batch['metadata']);
    const isMeant = metadata['gradelanes_run'] === runId && metadata['gradelanes_first'] === String(first);
    if (!isMeant || knownIds.has(batchId) || GIVEN_UP.has(batch['status'])) continue;
    return { batchId, end: Number(metadata['gradelanes_end']), requests: Number(metadata['gradelanes_requests']) };
  }
  return undefined;
}
