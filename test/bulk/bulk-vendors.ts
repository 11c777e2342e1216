import Anthropic from '@anthropic-ai/sdk';
import AnthropicPrevious from 'anthropic-previous';
import { anthropicBulk } from 'gradelanes/anthropic';
import type { BulkVendor } from 'gradelanes/bulk';
import { openaiBulk } from 'gradelanes/openai';
import OpenAI from 'openai';
import OpenAIPrevious from 'openai-previous';

/** A vendor's batches through a real SDK, in front of a server. */
export interface TestedVendor {
  readonly name: string;
  /** Where a batch is created. */
  readonly path: string;
  vendor(url: string, fetch?: typeof globalThis.fetch): BulkVendor;
}

const anthropic = { path: '/v1/messages/batches', model: { model: 'claude-haiku-5-5' } };
const openai = { path: '/v1/batches', model: { model: 'gpt-6-luna' } };
const key = { apiKey: 'test', maxRetries: 0 };

/** One row for each way to ask, with the current SDKs. */
export const vendors: readonly [TestedVendor, TestedVendor, TestedVendor] = [
  {
    ...anthropic,
    name: 'anthropic',
    vendor: (baseURL, fetch) => anthropicBulk(new Anthropic({ ...key, baseURL, fetch }), anthropic.model),
  },
  openaiWith('responses'),
  openaiWith('chat'),
];

/** The same with the majors before. */
export const previousVendors: readonly TestedVendor[] = [
  {
    ...anthropic,
    name: 'anthropic 0.x',
    vendor: (baseURL, fetch) => anthropicBulk(new AnthropicPrevious({ ...key, baseURL, fetch }), anthropic.model),
  },
  {
    ...openai,
    name: 'openai 6',
    vendor: (url, fetch) =>
      openaiBulk(new OpenAIPrevious({ ...key, baseURL: `${url}/v1`, fetch }), { ...openai.model, api: 'responses' }),
  },
];

function openaiWith(api: 'responses' | 'chat'): TestedVendor {
  return {
    ...openai,
    name: `openai ${api}`,
    vendor: (url, fetch) => openaiBulk(new OpenAI({ ...key, baseURL: `${url}/v1`, fetch }), { ...openai.model, api }),
  };
}
