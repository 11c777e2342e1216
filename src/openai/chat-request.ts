import type { ModelRequest } from '../contract/provider.js';
import { type ReasoningEffort, reasoningRoom, systemWithSchema, withKeysEnumerated } from '../vendor/request-parts.js';
import { isAnthropicHost, isOpenAIHost } from './openai-host.js';
import type { OpenAIProviderOptions } from './options.js';
import type { OutputMode } from './output-mode.js';

/** The body of a chat completion as this adapter sends it. The role `developer` is OpenAI's alone, so it is `system`. */
export interface ChatRequest {
  model: string;
  messages: { role: 'system' | 'user'; content: string }[];
  max_tokens?: number;
  max_completion_tokens?: number;
  response_format?:
    | { type: 'json_schema'; json_schema: { name: string; strict: boolean; schema: { [key: string]: unknown } } }
    | { type: 'json_object' };
  tools?: { type: 'function'; function: { name: string; parameters: { [key: string]: unknown }; strict: boolean } }[];
  tool_choice?: { type: 'function'; function: { name: string } };
  temperature?: number;
  reasoning_effort?: ReasoningEffort;
  prompt_cache_key?: string;
  service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority';
}

/** What a server of this protocol is asked with, with the defaults that depend on whose it is. */
export type ChatWording = OpenAIProviderOptions & {
  readonly tokenParam: 'max_tokens' | 'max_completion_tokens';
  /** The server keeps to its own schemas: a new one for each call costs nothing. */
  readonly enumeratesKeys: boolean;
};

/** The options of a provider as they hold at a server. */
export function chatWording(options: OpenAIProviderOptions, baseUrl: string | undefined): ChatWording {
  const isVendor = isOpenAIHost(baseUrl);
  const takesTemperature = !isVendor && !isAnthropicHost(baseUrl);
  return {
    ...options,
    tokenParam: options.tokenParam ?? (isVendor ? 'max_completion_tokens' : 'max_tokens'),
    temperature: options.temperature ?? (takesTemperature ? 0 : undefined),
    enumeratesKeys: !isVendor,
  };
}

/** The vendor's wording of a request. */
export function chatRequest(request: ModelRequest, mode: OutputMode, options: ChatWording): ChatRequest {
  const { model, effort, reasoningTokens, cacheKey, serviceTier, tokenParam, temperature, enumeratesKeys } = options;
  const isEnforced = mode === 'json_schema' || mode === 'tool';
  return {
    model,
    messages: [
      { role: 'system', content: isEnforced ? request.system : systemWithSchema(request) },
      { role: 'user', content: request.prompt },
    ],
    [tokenParam]: request.maxOutputTokens + reasoningRoom(reasoningTokens, effort),
    ...outputOf(enumeratesKeys ? withKeysEnumerated(request) : request, mode),
    ...(temperature !== undefined && { temperature }),
    ...(effort !== undefined && { reasoning_effort: effort }),
    ...(cacheKey !== undefined && { prompt_cache_key: cacheKey }),
    ...(serviceTier !== undefined && { service_tier: serviceTier }),
  };
}

function outputOf({ schema, schemaName: name }: ModelRequest, mode: OutputMode): Partial<ChatRequest> {
  if (mode === 'json_schema') {
    return { response_format: { type: 'json_schema', json_schema: { name, strict: true, schema } } };
  }
  if (mode === 'tool') {
    return {
      tools: [{ type: 'function', function: { name, parameters: schema, strict: true } }],
      tool_choice: { type: 'function', function: { name } },
    };
  }
  return mode === 'json_object' ? { response_format: { type: 'json_object' } } : {};
}
