import { oneOf, requiredText, someText, wholeNumber, type OptionRule } from '../input/option-rules.js';
import type { AnthropicProviderOptions } from './anthropic-provider-options.js';

/** What the options of a provider must be. */
export const anthropicOptionRules: { readonly [Name in keyof AnthropicProviderOptions]-?: OptionRule } = {
  model: requiredText,
  effort: oneOf('low', 'medium', 'high', 'xhigh', 'max'),
  cache: oneOf(true, false, '5m', '1h'),
  reasoningTokens: wholeNumber,
  name: someText,
  outputMode: oneOf('schema', 'prompt'),
};
