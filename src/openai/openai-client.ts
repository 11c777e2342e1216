import type { VendorCall, VendorRequestOptions } from '../vendor/call-vendor.js';
import type { ChatRequest } from './chat-request.js';
import type { ResponsesRequest } from './responses-request.js';

/** The part of a client of `openai` (6 or 7, also Azure's) that is used: `responses` or `chat`, as the `api` demands. */
export interface OpenAIClient {
  readonly baseURL?: string | undefined;
  readonly responses?: { create(body: ResponsesRequest, options: VendorRequestOptions): VendorCall } | undefined;
  readonly chat?:
    | { readonly completions: { create(body: ChatRequest, options: VendorRequestOptions): VendorCall } }
    | undefined;
}

/** Whether a base URL is OpenAI's own or Azure's; a client without one is taken for OpenAI's. */
export function isOpenAIHost(baseUrl: string | undefined): boolean {
  const host = hostOf(baseUrl);
  return host === undefined || /(?:^|\.)(?:api\.openai\.com|openai\.azure\.com)$/.test(host);
}

/** What messages call the other side. */
export function serverLabel(baseUrl: string | undefined): string {
  return isOpenAIHost(baseUrl) ? 'OpenAI' : (hostOf(baseUrl) ?? 'OpenAI');
}

function hostOf(baseUrl: string | undefined): string | undefined {
  return baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl).host : undefined;
}
