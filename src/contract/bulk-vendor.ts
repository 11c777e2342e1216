import type { ProviderError } from './errors.js';
import type { CallReport, ModelReply, ModelRequest } from './provider.js';

/** How the requests of one batch become one document. */
export interface BulkFrame {
  before: string;
  between: string;
  after: string;
}

/** What tells one batch of a run from all others. */
export interface BulkLabel {
  /** The run. */
  runId: string;
  /** Position of the first answer that the batch covers. */
  first: number;
  /** Position after the last answer that it covers. */
  end: number;
  /** Requests in it; answers that a rule decides need none. */
  requests: number;
}

/** A batch that may have been created before a crash. */
export interface BulkSearch {
  runId: string;
  first: number;
  /** What was saved before it was created; `startedAt` in milliseconds since the Unix epoch. */
  announced?: { end: number; requests: number; startedAt: number } | undefined;
  /** Batches that are accounted for. */
  knownIds: ReadonlySet<string>;
  /** Whether a row is one of the run. */
  owns: (rowId: string) => boolean;
}

/** A batch that was created, but whose id was lost. */
export interface FoundBatch {
  batchId: string;
  end: number;
  requests: number;
}

/** How far a batch is. */
export interface BulkProgress {
  isEnded: boolean;
  /** Requests that have an outcome, good or bad. */
  finished: number;
  /** Those of them that have no reply; some vendors tell only at the end. */
  failed: number;
  /** How long the vendor took, in milliseconds; 0 where it does not say. */
  durationMs: number;
  /** Why the vendor took no request of it. */
  error?: ProviderError | undefined;
}

/** The outcome of one request: a reply, or why there is none. */
export type BulkRow = {
  /** As it was given with the request. */
  id: string;
  /** Usage, model and request id, as far as they are known. */
  report: CallReport;
} & ({ reply: ModelReply } | { error: ProviderError });

/**
 * A vendor's Batch API: many requests in one document, answered within a day, unordered, at half the price. Made by
 * `anthropicBulk` and `openaiBulk`, used by `submit`, `poll`, `collect` and `cancel`. Every method throws a
 * `ProviderError`.
 *
 * @example
 * ```ts
 * import Anthropic from '@anthropic-ai/sdk';
 * import { anthropicBulk } from 'gradelanes/anthropic';
 * import type { BulkVendor } from 'gradelanes/bulk';
 *
 * const vendor: BulkVendor = anthropicBulk(new Anthropic({ apiKey: 'test' }), { model: 'claude-haiku-5-5' });
 * console.log(vendor.maxRequests); // 100000
 * ```
 */
export interface BulkVendor {
  /** The API: handles of one do not fit another. */
  readonly kind: string;
  /** Shown in results and errors. */
  readonly name: string;
  /** Most requests in one batch. */
  readonly maxRequests: number;
  /** Most bytes in the document of one batch. */
  readonly maxBytes: number;
  readonly frame: BulkFrame;
  /** One request as JSON in one line. */
  writeRequest(id: string, request: ModelRequest): string;
  /** Creates a batch, once: after a failure it may exist all the same. Gives its id. */
  create(file: Blob, label: BulkLabel, signal: AbortSignal): Promise<string>;
  /** Looks for a batch that was created, but whose id was lost. */
  find(search: BulkSearch, signal: AbortSignal): Promise<FoundBatch | undefined>;
  progress(batchId: string, signal: AbortSignal): Promise<BulkProgress>;
  /** The outcomes of a batch that has ended, in any order. */
  rows(batchId: string, signal: AbortSignal): AsyncIterable<BulkRow>;
  cancel(batchId: string, signal: AbortSignal): Promise<void>;
}
