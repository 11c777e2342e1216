export { anthropicProvider, type AnthropicClient } from './anthropic/anthropic-provider.js';
export type { AnthropicProviderOptions } from './anthropic/options.js';
export type { AnthropicMessageRequest, AnthropicSystemBlock } from './anthropic/message-request.js';
export { anthropicBulk } from './anthropic/anthropic-bulk.js';
export type { AnthropicBulkClient } from './anthropic/anthropic-bulk-client.js';
export type { BulkRequestOptions } from './vendor/bulk-call.js';
export type { VendorCall, VendorRequestOptions } from './vendor/call-vendor.js';
