import type { ReasoningEffort } from '../vendor/request-parts.js';
import type { OutputMode } from './output-mode.js';

/** How `openaiProvider` asks. Only `model` is required; `undefined` means the default. */
export interface OpenAIProviderOptions {
  /** The server's name of the model. */
  model: string;
  /** @default 'responses' at api.openai.com and *.openai.azure.com, 'chat' elsewhere */
  api?: 'responses' | 'chat' | undefined;
  /**
   * How the reply is held to its JSON Schema. By default the adapter starts at `'json_schema'` and steps down to
   * `'tool'`, `'json_object'` and `'prompt'` when the server answers that it does not support a mode, within the same
   * call; it remembers what worked. Servers that accept a schema and ignore it are not found out this way: name the
   * mode for those.
   */
  outputMode?: OutputMode | undefined;
  /** The name of the output limit in chat completions. @default 'max_completion_tokens' at OpenAI and Azure, else 'max_tokens' */
  tokenParam?: 'max_tokens' | 'max_completion_tokens' | undefined;
  /** How hard the model thinks. @default the model's own */
  effort?: ReasoningEffort | undefined;
  /** Output tokens to leave for thinking, on top of the verdicts. @default by effort; 4096 without */
  reasoningTokens?: number | undefined;
  /** Routes requests with the same material to the same prompt cache. */
  cacheKey?: string | undefined;
  /** `'flex'` is half the price and may be slow or refuse for lack of room. */
  serviceTier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | undefined;
  /** Shown in results and errors. @default 'openai' */
  name?: string | undefined;
}
