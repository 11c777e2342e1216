import type { ModelRequest } from '../core/provider.js';
import { reasoningRoom } from '../core/reasoning-room.js';
import { systemWithSchema } from '../core/schema-in-system.js';
import type { AnthropicProviderOptions } from './anthropic-provider-options.js';
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
export function messageRequest(request: ModelRequest, options: AnthropicProviderOptions): AnthropicMessageRequest {
  const { model, effort, cache = false, reasoningTokens, outputMode = 'schema' } = options;
  const enforcesSchema = outputMode === 'schema';
  const outputConfig = {
    ...(effort !== undefined && { effort }),
    ...(enforcesSchema && { format: { type: 'json_schema' as const, schema: supportedSchema(request.schema) } }),
  };
  return {
    model,
    max_tokens: request.maxOutputTokens + reasoningRoom(reasoningTokens, effort),
    system: [
      {
        type: 'text',
        text: enforcesSchema ? request.system : systemWithSchema(request),
        ...(cache !== false && { cache_control: cacheControl(cache) }),
      },
    ],
    messages: [{ role: 'user', content: request.prompt }],
    ...(Object.keys(outputConfig).length > 0 && { output_config: outputConfig }),
  };
}

function cacheControl(cache: true | '5m' | '1h'): { type: 'ephemeral'; ttl?: '5m' | '1h' } {
  return cache === true ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: cache };
}
