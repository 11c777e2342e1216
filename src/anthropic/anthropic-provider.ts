import { checkProviderOptions, notAClient } from '../input/option-rules.js';
import type { LLMProvider } from '../contract/provider.js';
import { providerFingerprint } from '../vendor/provider-fingerprint.js';
import { objectOf } from '../json/untyped-json.js';
import { callVendor, type VendorCall, type VendorRequestOptions } from '../vendor/call-vendor.js';
import { anthropicOptionRules, type AnthropicProviderOptions } from './options.js';
import { cachedPrefixTokens } from './cached-prefix-tokens.js';
import { messageReply, messageReport } from './message-reply.js';
import { messageRequest, type AnthropicMessageRequest } from './message-request.js';

/** The part of a client of `@anthropic-ai/sdk` (0.x or 1.x, also Bedrock's and Vertex's) that is used. */
export interface AnthropicClient {
  readonly messages: {
    create(body: AnthropicMessageRequest, options: VendorRequestOptions): VendorCall;
  };
  readonly baseURL?: string | undefined;
}

/**
 * A provider that asks Claude through a client of yours: key, base URL, proxy and connection pool stay the client's.
 * The reply's JSON Schema is enforced while it is written. Every call is one request: the client's own retries and
 * timeout are switched off, since the engine keeps time and retries for everybody.
 *
 * @throws {GradingOptionsError} for a client or an option that makes no sense.
 *
 * @example
 * ```ts
 * import Anthropic from '@anthropic-ai/sdk';
 * import { anthropicProvider } from 'gradelanes/anthropic';
 *
 * const provider = anthropicProvider(new Anthropic({ apiKey: 'test' }), { model: 'claude-haiku-5-5' });
 * console.log(provider.name); // anthropic
 * ```
 */
export function anthropicProvider(client: AnthropicClient, options: AnthropicProviderOptions): LLMProvider {
  checkAnthropicOptions(client, options);
  const { name = 'anthropic', outputMode = 'schema' } = options;
  return {
    name,
    fingerprint: providerFingerprint('anthropic', client.baseURL, [options.model, options.effort, outputMode]),
    limitKey: options.limitKey ?? [client, options.model],
    capabilities: {
      enforcesSchema: outputMode === 'schema',
      feedback: true,
      showsSchema: true,
      readsFar: true,
      ...(options.cache !== false && { cachedPrefixTokens: cachedPrefixTokens(options.model) }),
    },
    generate: async (request, call) => {
      const body = messageRequest(request, options, call.repeatedPrefix);
      const message = await callVendor('Anthropic', call, (vendorOptions) =>
        client.messages.create(body, vendorOptions),
      );
      call.report(messageReport(message));
      return messageReply(message);
    },
  };
}

function checkAnthropicOptions(client: AnthropicClient, options: AnthropicProviderOptions): void {
  if (typeof objectOf(objectOf(client)['messages'])['create'] !== 'function') {
    throw notAClient(client, 'a client of @anthropic-ai/sdk', 'new Anthropic()');
  }
  checkProviderOptions(options, anthropicOptionRules);
}
