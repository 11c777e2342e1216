import { oneOf, type OptionRule, requiredText, someText, wholeNumber } from '../input/option-rules.js';
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
  /**
   * How much chance has a say, 0 to 2. At 1, up to half of borderline marks change from one call to the next. Reasoning
   * models of OpenAI reject it.
   * @default 0 at servers other than OpenAI's, Azure's and Anthropic's, which get none
   */
  temperature?: number | undefined;
  /** Output tokens to leave for thinking, on top of the verdicts. @default by effort; 4096 without */
  reasoningTokens?: number | undefined;
  /** Routes requests with the same material to the same prompt cache. */
  cacheKey?: string | undefined;
  /** `'flex'` is half the price and may be slow or refuse for lack of room. */
  serviceTier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | undefined;
  /** Shown in results and errors. @default 'openai' */
  name?: string | undefined;
  /**
   * Names the account whose limits the calls use up: providers of one name share pauses, rates and circuit on a
   * controller. @default the client object and the model
   */
  limitKey?: string | undefined;
}

/** How `openaiBulk` asks. Only `model` is required; `undefined` means the default. */
export interface OpenAIBulkOptions extends Omit<OpenAIProviderOptions, 'serviceTier' | 'limitKey'> {
  /** How the reply is held to its JSON Schema: the same for all, as no reply is seen in time. @default 'json_schema' */
  outputMode?: OpenAIProviderOptions['outputMode'];
  /**
   * The vendor deletes the files with requests and replies after so many days, collected or not: 1 to 30. A batch may
   * take a day itself. @default 7
   */
  keepFilesDays?: number | undefined;
}

/** How `openaiDecisionsProvider` asks; `undefined` means the default. */
export interface OpenAIDecisionsProviderOptions {
  /** @default 'gpt-6-luna', the only model there is */
  model?: string | undefined;
  /** The teacher's own marking instructions. The run's `instructions` reach prompts only. */
  instructions?: string | undefined;
  /** Routes requests with the same material to the same prompt cache. */
  cacheKey?: string | undefined;
  /** Shown in results and errors. @default 'openai-decisions' */
  name?: string | undefined;
  /**
   * Names the account whose limits the calls use up: providers of one name share pauses, rates and circuit on a
   * controller. @default the client object and the model
   */
  limitKey?: string | undefined;
}

/** What the options of a provider must be. */
export const openaiOptionRules: { readonly [Name in keyof OpenAIProviderOptions]-?: OptionRule } = {
  model: requiredText,
  api: oneOf('responses', 'chat'),
  outputMode: oneOf('json_schema', 'tool', 'json_object', 'prompt'),
  tokenParam: oneOf('max_tokens', 'max_completion_tokens'),
  temperature: {
    rule: 'must be a number from 0 to 2',
    holds: (value) => value === undefined || (typeof value === 'number' && value >= 0 && value <= 2),
  },
  effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  reasoningTokens: wholeNumber,
  cacheKey: someText,
  serviceTier: oneOf('auto', 'default', 'flex', 'scale', 'priority'),
  name: someText,
  limitKey: someText,
};
