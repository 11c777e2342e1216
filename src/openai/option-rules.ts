import { oneOf, requiredText, someText, wholeNumber, type OptionRule } from '../input/option-rules.js';
import type { OpenAIProviderOptions } from './openai-provider-options.js';

/** What the options of a provider must be. */
export const openaiOptionRules: { readonly [Name in keyof OpenAIProviderOptions]-?: OptionRule } = {
  model: requiredText,
  api: oneOf('responses', 'chat'),
  outputMode: oneOf('json_schema', 'tool', 'json_object', 'prompt'),
  tokenParam: oneOf('max_tokens', 'max_completion_tokens'),
  effort: oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  reasoningTokens: wholeNumber,
  cacheKey: someText,
  serviceTier: oneOf('auto', 'default', 'flex', 'scale', 'priority'),
  name: someText,
};
