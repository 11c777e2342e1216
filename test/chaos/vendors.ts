import Anthropic from '@anthropic-ai/sdk';
import type { LLMProvider } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import OpenAI from 'openai';

/** What a scenario may change of a client. */
interface ClientChanges {
  /** Shown in results and fallbacks. */
  name?: string;
  fetch?: typeof fetch | undefined;
}

/** A real SDK in front of a server. */
export interface Vendor {
  readonly name: string;
  /** A provider whose client talks to this base URL, `http://127.0.0.1:<port>`. */
  provider(url: string, changes?: ClientChanges): LLMProvider;
  /** A header of a limit on requests, as this vendor spells it. */
  limitHeaders(limit: number | string, remaining: number | string): Record<string, string>;
  /** The least that a reply with this text can be: no usage. */
  bareReply(model: string, text: string): object;
}

const bareReplies = {
  responses: (text: string): object => ({
    status: 'completed',
    output: [{ type: 'message', content: [{ type: 'output_text', text }] }],
  }),
  chat: (text: string): object => ({ choices: [{ finish_reason: 'stop', message: { content: text } }] }),
};

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
  bareReply: (model, text) => ({ model, ...bareReplies[api](text) }),
});

const anthropic: Vendor = {
  name: 'anthropic',
  provider: (url, { name, fetch } = {}) =>
    anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: url, fetch }), { model: 'claude-haiku-5-5', name }),
  limitHeaders: (limit, remaining) => ({
    'anthropic-ratelimit-requests-limit': String(limit),
    'anthropic-ratelimit-requests-remaining': String(remaining),
  }),
  bareReply: (model, text) => ({ type: 'message', model, content: [{ type: 'text', text }], stop_reason: 'end_turn' }),
};

/** One row for each SDK. */
export const sdks: readonly Vendor[] = [openai('responses'), anthropic];

/** One row for each endpoint, where it matters how a reply is wrapped. */
export const endpoints: readonly Vendor[] = [...sdks, openai('chat')];
