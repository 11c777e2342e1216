export { anthropicProvider, type AnthropicClient } from './anthropic/anthropic-provider.js';
export type { AnthropicProviderOptions } from './anthropic/anthropic-provider-options.js';
export type { AnthropicMessageRequest, AnthropicSystemBlock } from './anthropic/message-request.js';
export type { VendorCall, VendorRequestOptions } from './core/vendor-call.js';
