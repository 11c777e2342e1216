import OpenAI, { AzureOpenAI } from 'openai';
import OpenAIPrevious from 'openai-previous';
import type { GradingProvider, LLMProvider } from 'gradelanes';
import {
  openaiDecisionsProvider,
  openaiProvider,
  type ChatRequest,
  type DecisionsRequest,
  type OpenAIBatchRequest,
  type OpenAIBulkClient,
  type OpenAIClient,
  type OpenAIDecisionsClient,
  type ResponsesRequest,
} from 'gradelanes/openai';
import { expectTypeOf } from 'vitest';

expectTypeOf<OpenAI>().toExtend<OpenAIClient>();
expectTypeOf<AzureOpenAI>().toExtend<OpenAIClient>();
expectTypeOf<OpenAIPrevious>().toExtend<OpenAIClient>();
expectTypeOf<ResponsesRequest>().toExtend<OpenAI.Responses.ResponseCreateParamsNonStreaming>();
expectTypeOf<ResponsesRequest>().toExtend<OpenAIPrevious.Responses.ResponseCreateParamsNonStreaming>();
expectTypeOf<ChatRequest>().toExtend<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming>();
expectTypeOf<ChatRequest>().toExtend<OpenAIPrevious.Chat.ChatCompletionCreateParamsNonStreaming>();
expectTypeOf<OpenAI>().toExtend<OpenAIDecisionsClient>();
expectTypeOf<DecisionsRequest>().toExtend<OpenAI.DecisionCreateParams>();
expectTypeOf(openaiProvider(new OpenAI(), { model: 'gpt-6-luna' })).toEqualTypeOf<LLMProvider>();
expectTypeOf(openaiDecisionsProvider(new OpenAI())).toEqualTypeOf<GradingProvider>();

// A fake is one line.
expectTypeOf({ responses: { create: async () => ({ output: [] }) } }).toExtend<OpenAIClient>();

expectTypeOf<OpenAI>().toExtend<OpenAIBulkClient>();
expectTypeOf<OpenAIPrevious>().toExtend<OpenAIBulkClient>();
expectTypeOf<OpenAIBatchRequest>().toExtend<OpenAI.BatchCreateParams>();
expectTypeOf<OpenAIBatchRequest>().toExtend<OpenAIPrevious.BatchCreateParams>();
