import type { LanguageModelV2, LanguageModelV3, LanguageModelV4 } from '@ai-sdk/provider';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { aiSdkProvider, type AiSdkCallOptions, type AiSdkModel } from 'gradelanes/ai-sdk';
import type { LLMProvider } from 'gradelanes';
import { expectTypeOf } from 'vitest';

expectTypeOf<LanguageModelV2>().toExtend<AiSdkModel>();
expectTypeOf<LanguageModelV3>().toExtend<AiSdkModel>();
expectTypeOf<LanguageModelV4>().toExtend<AiSdkModel>();
expectTypeOf<AiSdkCallOptions>().toExtend<Parameters<LanguageModelV2['doGenerate']>[0]>();
expectTypeOf<AiSdkCallOptions>().toExtend<Parameters<LanguageModelV3['doGenerate']>[0]>();
expectTypeOf<AiSdkCallOptions>().toExtend<Parameters<LanguageModelV4['doGenerate']>[0]>();
expectTypeOf(aiSdkProvider(createOpenAI()('gpt-6-luna'))).toEqualTypeOf<LLMProvider>();
expectTypeOf(aiSdkProvider(createAnthropic()('claude-haiku-5-5'))).toEqualTypeOf<LLMProvider>();
