export { openaiProvider } from './openai/openai-provider.js';
export type { OpenAIClient } from './openai/openai-client.js';
export type { OpenAIProviderOptions } from './openai/options.js';
export type { OutputMode } from './openai/output-mode.js';
export type { ChatRequest } from './openai/chat-request.js';
export type { ResponsesRequest } from './openai/responses-request.js';
export { openaiBulk } from './openai/openai-bulk.js';
export type {
  OpenAIBatchRequest,
  OpenAIBulkClient,
  OpenAIFileContent,
  OpenAIFileExpiry,
} from './openai/openai-bulk-client.js';
export type { OpenAIBulkOptions } from './openai/options.js';
export { openaiDecisionsProvider, type OpenAIDecisionsClient } from './openai/openai-decisions-provider.js';
export type { OpenAIDecisionsProviderOptions } from './openai/options.js';
export type { DecisionsRequest } from './openai/decisions-request.js';
export type { ReasoningEffort } from './vendor/request-parts.js';
export type { BulkRequestOptions } from './vendor/bulk-call.js';
export type { VendorCall, VendorRequestOptions } from './vendor/call-vendor.js';
