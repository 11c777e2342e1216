import type { ModelRequest } from '../contract/provider.js';
import { type ReasoningEffort, reasoningRoom, systemWithSchema } from '../vendor/request-parts.js';
import type { OpenAIProviderOptions } from './options.js';
import type { OutputMode } from './output-mode.js';

/** The body of a Responses request as this adapter sends it. */
export interface ResponsesRequest {
  model: string;
  input: { role: 'system' | 'user'; content: string }[];
  max_output_tokens: number;
  /** Always false: the vendor keeps nothing. */
  store: boolean;
  text?: {
    format:
      | { type: 'json_schema'; name: string; strict: boolean; schema: { [key: string]: unknown } }
      | { type: 'json_object' };
  };
  tools?: { type: 'function'; name: string; parameters: { [key: string]: unknown }; strict: boolean }[];
  tool_choice?: { type: 'function'; name: string };
  temperature?: number;
  reasoning?: { effort: ReasoningEffort };
  prompt_cache_key?: string;
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority';
}

/** The vendor's wording of a request. */
export function responsesRequest(
  request: ModelRequest,
  mode: OutputMode,
  options: OpenAIProviderOptions,
): ResponsesRequest {
  const { model, effort, reasoningTokens, cacheKey, serviceTier, temperature } = options;
  const isEnforced = mode === 'json_schema' || mode === 'tool';
  return {
    model,
    input: [
      { role: 'system', content: isEnforced ? request.system : systemWithSchema(request) },
      { role: 'user', content: request.prompt },
    ],
    max_output_tokens: request.maxOutputTokens + reasoningRoom(reasoningTokens, effort),
    store: false,
    ...outputOf(request, mode),
    ...(temperature !== undefined && { temperature }),
    ...(effort !== undefined && { reasoning: { effort } }),
    ...(cacheKey !== undefined && { prompt_cache_key: cacheKey }),
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
  };
}

function outputOf({ schema, schemaName: name }: ModelRequest, mode: OutputMode): Partial<ResponsesRequest> {
  if (mode === 'json_schema') return { text: { format: { type: 'json_schema', name, strict: true, schema } } };
  if (mode === 'tool') {
    return {
      tools: [{ type: 'function', name, parameters: schema, strict: true }],
      tool_choice: { type: 'function', name },
    };
  }
  return mode === 'json_object' ? { text: { format: { type: 'json_object' } } } : {};
}
