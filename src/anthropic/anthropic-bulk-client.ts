import type { BulkRequestOptions } from '../vendor/bulk-call.js';
import type { VendorCall, VendorRequestOptions } from '../vendor/call-vendor.js';

/** The part of a client of `@anthropic-ai/sdk` (0.x or 1.x) that message batches need. */
export interface AnthropicBulkClient {
  /** Sends a document as it is: the SDK's own `create` would hold every request as an object and as text. */
  post(path: string, options: VendorRequestOptions & { body: Blob; headers: { [name: string]: string } }): VendorCall;
  readonly messages: {
    readonly batches: {
      retrieve(batchId: string, params: undefined, options: BulkRequestOptions): VendorCall;
      list(params: { limit: number }, options: BulkRequestOptions): AsyncIterable<unknown>;
      results(batchId: string, params: undefined, options: BulkRequestOptions): PromiseLike<AsyncIterable<unknown>>;
      cancel(batchId: string, params: undefined, options: BulkRequestOptions): VendorCall;
    };
  };
}
