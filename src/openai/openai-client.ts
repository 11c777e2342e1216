import type { VendorCall, VendorRequestOptions } from '../vendor/call-vendor.js';
import type { ChatRequest } from './chat-request.js';
import type { ResponsesRequest } from './responses-request.js';

/** The part of a client of `openai` (6 or 7, also Azure's) that is used: `responses` or `chat`, as the `api` demands. */
export interface OpenAIClient {
  readonly baseURL?: string | undefined;
  readonly responses?: { create(body: ResponsesRequest, options: VendorRequestOptions): VendorCall } | undefined;
  readonly chat?:
    | { readonly completions: { create(body: ChatRequest, options: VendorRequestOptions): VendorCall } }
    | undefined;
}
