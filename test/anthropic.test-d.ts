import Anthropic from '@anthropic-ai/sdk';
import AnthropicPrevious from 'anthropic-previous';
import {
  anthropicProvider,
  type AnthropicBulkClient,
  type AnthropicClient,
  type AnthropicMessageRequest,
} from 'gradelanes/anthropic';
import type { LLMProvider } from 'gradelanes';
import { expectTypeOf } from 'vitest';

expectTypeOf<Anthropic>().toExtend<AnthropicClient>();
expectTypeOf<AnthropicPrevious>().toExtend<AnthropicClient>();
expectTypeOf<AnthropicMessageRequest>().toExtend<Anthropic.MessageCreateParamsNonStreaming>();
expectTypeOf<AnthropicMessageRequest>().toExtend<AnthropicPrevious.MessageCreateParamsNonStreaming>();
expectTypeOf(anthropicProvider(new Anthropic(), { model: 'claude-haiku-5-5' })).toEqualTypeOf<LLMProvider>();

// A fake is one line.
expectTypeOf({ messages: { create: async () => ({ content: [] }) } }).toExtend<AnthropicClient>();

expectTypeOf<Anthropic>().toExtend<AnthropicBulkClient>();
expectTypeOf<AnthropicPrevious>().toExtend<AnthropicBulkClient>();
