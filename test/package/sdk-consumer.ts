// Compiled against the current and the previous major of each SDK by test/tools/package.mjs: real clients must fit.
import Anthropic from '@anthropic-ai/sdk';
import type { Provider } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import OpenAI from 'openai';

export const providers: readonly Provider[] = [
  anthropicProvider(new Anthropic({ apiKey: 'none' }), { model: 'any' }),
  openaiProvider(new OpenAI({ apiKey: 'none' }), { model: 'any' }),
];
