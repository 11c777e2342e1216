import type { BulkRequestOptions } from '../vendor/bulk-call.js';
import type { VendorCall, VendorRequestOptions } from '../vendor/call-vendor.js';

/** When the vendor deletes a file of a batch. */
export interface OpenAIFileExpiry {
  anchor: 'created_at';
  seconds: number;
}

/** A batch as this adapter creates it. */
export interface OpenAIBatchRequest {
  input_file_id: string;
  endpoint: '/v1/responses' | '/v1/chat/completions';
  completion_window: '24h';
  metadata: { [name: string]: string };
  output_expires_after: OpenAIFileExpiry;
}

/** The part of a client of `openai` (6 or 7) that batches need. */
export interface OpenAIBulkClient {
  readonly baseURL?: string | undefined;
  readonly files: {
    create(
      body: { file: File; purpose: 'batch'; expires_after: OpenAIFileExpiry },
      options: VendorRequestOptions,
    ): VendorCall;
    content(fileId: string, options: BulkRequestOptions): PromiseLike<OpenAIFileContent>;
  };
  readonly batches: {
    create(body: OpenAIBatchRequest, options: VendorRequestOptions): VendorCall;
    retrieve(batchId: string, options: BulkRequestOptions): VendorCall;
    list(query: { limit: number }, options: BulkRequestOptions): AsyncIterable<unknown>;
    cancel(batchId: string, options: BulkRequestOptions): VendorCall;
  };
}

/** A file as it comes, piece by piece. */
export interface OpenAIFileContent {
  readonly body: ReadableStream<Uint8Array> | null;
}
