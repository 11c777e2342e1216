import Anthropic from '@anthropic-ai/sdk';
import type { LLMProvider } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import OpenAI from 'openai';

/** What a scenario may change of a client. */
export interface ClientChanges {
  /** Shown in results and fallbacks. */
  name?: string;
  fetch?: typeof fetch;
}

/** A real SDK in front of a server. */
export interface Vendor {
  readonly name: string;
  /** A provider whose client talks to this base URL, `http://127.0.0.1:<port>`. */
  provider(url: string, changes?: ClientChanges): LLMProvider;
  /** A header of a limit on requests, as this vendor spells it. */
  limitHeaders(limit: number | string, remaining: number | string): Record<string, string>;
}

const openai = (api: 'responses' | 'chat'): Vendor => ({
  name: `openai ${api}`,
  provider: (url, { name, fetch } = {}) =>
    openaiProvider(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1`, fetch }), {
      model: 'gpt-6-luna',
      api,
      outputMode: 'json_schema',
      name,
    }),
  limitHeaders: (limit, remaining) => ({
    'x-ratelimit-limit-requests': String(limit),
    'x-ratelimit-remaining-requests': String(remaining),
  }),
});

const anthropic: Vendor = {
  name: 'anthropic',
  provider: (url, { name, fetch } = {}) =>
    anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: url, fetch }), { model: 'claude-haiku-5-5', name }),
  limitHeaders: (limit, remaining) => ({
    'anthropic-ratelimit-requests-limit': String(limit),
    'anthropic-ratelimit-requests-remaining': String(remaining),
  }),
};

/** Both SDKs, OpenAI's with both of its endpoints: rows for `describe.each`. */
export const vendors: readonly Vendor[] = [openai('responses'), openai('chat'), anthropic];
