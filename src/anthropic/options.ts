import { oneOf, type OptionRule, requiredText, someText, wholeNumber } from '../input/option-rules.js';

/** How `anthropicProvider` asks. Only `model` is required; `undefined` means the default. */
export interface AnthropicProviderOptions {
  /** The vendor's name of the model, e.g. `claude-haiku-5-5`. */
  model: string;
  /** How hard the model thinks. @default the model's own */
  effort?: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | undefined;
  /**
   * Keep the teacher's material in the vendor's prompt cache, for 5 minutes (`true`, `'5m'`) or an hour, where it is long
   * enough for the model's cache. Writing costs a quarter more than plain input; reading a tenth of it with Haiku 5.5,
   * 5 % with Opus and Sonnet 5.5, 2.5 % with Fable and Mythos 5.1.
   * @default for 5 minutes, where at least four answers of a run share it
   */
  cache?: boolean | '5m' | '1h' | undefined;
  /** Output tokens to leave for thinking, on top of the verdicts. @default by effort; 4096 without */
  reasoningTokens?: number | undefined;
  /** Shown in results and errors. @default 'anthropic' */
  name?: string | undefined;
  /**
   * Names the account whose limits the calls use up: providers of one name share pauses, rates and circuit on a
   * controller. @default the client object and the model
   */
  limitKey?: string | undefined;
  /** `'prompt'` only asks for the schema, for servers and models that cannot enforce it. @default 'schema' */
  outputMode?: 'schema' | 'prompt' | undefined;
}

/** What the options of a provider must be. */
export const anthropicOptionRules: { readonly [Name in keyof AnthropicProviderOptions]-?: OptionRule } = {
  model: requiredText,
  effort: oneOf('low', 'medium', 'high', 'xhigh', 'max'),
  cache: oneOf(true, false, '5m', '1h'),
  reasoningTokens: wholeNumber,
  name: someText,
  limitKey: someText,
  outputMode: oneOf('schema', 'prompt'),
};
