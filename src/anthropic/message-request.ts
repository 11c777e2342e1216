import { estimatedTokens } from '../contract/estimated-tokens.js';
import type { ModelRequest, RepeatedPrefix } from '../contract/provider.js';
import { reasoningRoom, systemWithSchema } from '../vendor/request-parts.js';
import type { AnthropicProviderOptions } from './options.js';
import { cachedPrefixTokens } from './cached-prefix-tokens.js';
import { supportedSchema } from './supported-schema.js';

/** A text block of the system prompt. */
export interface AnthropicSystemBlock {
  type: 'text';
  text: string;
  cache_control?: { type: 'ephemeral'; ttl?: '5m' | '1h' };
}

/** The body of a request as this adapter sends it: no sampling parameters, which current models reject. */
export interface AnthropicMessageRequest {
  model: string;
  max_tokens: number;
  system: AnthropicSystemBlock[];
  messages: { role: 'user'; content: string }[];
  output_config?: {
    effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max';
    format?: { type: 'json_schema'; schema: { [key: string]: unknown } };
  };
}

/** The vendor's wording of a request. */
export function messageRequest(
  request: ModelRequest,
  options: AnthropicProviderOptions,
  repeatedPrefix?: RepeatedPrefix,
): AnthropicMessageRequest {
  const { model, effort, reasoningTokens, outputMode = 'schema' } = options;
  const enforcesSchema = outputMode === 'schema' && request.plainText !== true;
  const outputConfig = {
    ...(effort !== undefined && { effort }),
    ...(enforcesSchema && { format: { type: 'json_schema' as const, schema: supportedSchema(request.schema) } }),
  };
  return {
    model,
    max_tokens: request.maxOutputTokens + reasoningRoom(reasoningTokens, effort),
    system: systemBlocks(request, enforcesSchema ? request.system : systemWithSchema(request), options, repeatedPrefix),
    messages: [{ role: 'user', content: request.prompt }],
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
  };
}

/** Marks what other calls repeat, or may repeat, and what is long enough: the shared part, the whole, or both. */
function systemBlocks(
  { sharedCharacters = 0 }: ModelRequest,
  text: string,
  { model, cache }: AnthropicProviderOptions,
  repeatedPrefix: RepeatedPrefix | undefined,
): AnthropicSystemBlock[] {
  if (cache === false || (cache === undefined && repeatedPrefix === undefined)) return [{ type: 'text', text }];
  const cache_control = cacheControl(cache ?? true);
  const isLongEnough = (length: number): boolean => estimatedTokens(length) >= cachedPrefixTokens(model);
  const isSharedMarked = isLongEnough(sharedCharacters) && sharedCharacters < text.length;
  const isAllMarked = repeatedPrefix !== 'shared' && isLongEnough(text.length);
  const rest: AnthropicSystemBlock = {
    type: 'text',
    text: isSharedMarked ? text.slice(sharedCharacters) : text,
    ...(isAllMarked && { cache_control }),
  };
  return isSharedMarked ? [{ type: 'text', text: text.slice(0, sharedCharacters), cache_control }, rest] : [rest];
}

function cacheControl(cache: true | '5m' | '1h'): NonNullable<AnthropicSystemBlock['cache_control']> {
  return cache === true ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: cache };
}
