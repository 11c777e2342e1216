import { checkProviderOptions, notAClient, someObject } from '../input/option-rules.js';
import type { GradingOptionsError } from '../contract/errors.js';
import { providerFingerprint } from '../vendor/provider-fingerprint.js';
import type { LLMProvider, ModelReply, ModelRequest } from '../contract/provider.js';
import type { JsonObject } from '../json/untyped-json.js';
import { callVendor, type VendorCall, type VendorRequestOptions } from '../vendor/call-vendor.js';
import { chatReply } from './chat-reply.js';
import { chatRequest, chatWording } from './chat-request.js';
import { type OpenAIClient } from './openai-client.js';
import { isOpenAIHost, serverLabel } from './openai-host.js';
import { openaiOptionRules, type OpenAIProviderOptions } from './options.js';
import { fixedMode, outputLadder, type OutputMode } from './output-mode.js';
import { responsesReply } from './responses-reply.js';
import { responsesRequest } from './responses-request.js';
import { bodyReport } from './response-body.js';

/** OpenAI caches longer beginnings of prompts by itself. */
const CACHED_PREFIX_TOKENS = 1_024;

/** One of the two ways to ask. */
interface Api {
  start(request: ModelRequest, mode: OutputMode, options: VendorRequestOptions): VendorCall;
  read(body: JsonObject, label: string): ModelReply;
}

/**
 * A provider that asks OpenAI, Azure or any OpenAI-compatible server through a client of yours: key, base URL, proxy
 * and connection pool stay the client's. The client's own retries and timeout are switched off, since the engine keeps
 * time and retries for everybody. OpenAI is told not to store the exchange.
 *
 * @throws {GradingOptionsError} for a client or an option that makes no sense.
 *
 * @example
 * ```ts
 * import OpenAI from 'openai';
 * import { openaiProvider } from 'gradelanes/openai';
 *
 * const openai = openaiProvider(new OpenAI({ apiKey: 'test' }), { model: 'gpt-6-luna' });
 * const ollama = openaiProvider(new OpenAI({ apiKey: 'none', baseURL: 'http://localhost:11434/v1' }), {
 *   model: 'qwen3',
 *   name: 'ollama',
 * });
 * console.log(openai.name, ollama.name); // openai ollama
 * ```
 */
export function openaiProvider(client: OpenAIClient, options: OpenAIProviderOptions): LLMProvider {
  if (!someObject.holds(client) || !('responses' in client || 'chat' in client)) throw notOpenAI(client, 'responses');
  checkProviderOptions(options, openaiOptionRules);
  const { name = 'openai', outputMode, model, effort } = options;
  const isVendor = isOpenAIHost(client.baseURL);
  const apiName = options.api ?? (isVendor ? 'responses' : 'chat');
  const api = apiName === 'responses' ? responsesApi(client, options) : chatApi(client, options);
  const onLadder = outputMode === undefined ? outputLadder() : fixedMode(outputMode);
  const label = options.name ?? serverLabel(client.baseURL);
  return {
    name,
    fingerprint: providerFingerprint('openai', client.baseURL, [apiName, model, effort, outputMode]),
    limitKey: options.limitKey ?? [client, model],
    capabilities: {
      feedback: true,
      // Only OpenAI's own servers are known to show the schema to the model, and its models to read a long way back.
      ...(isVendor && { showsSchema: true, readsFar: true }),
      ...(outputMode !== undefined && { enforcesSchema: isEnforcing(outputMode) }),
      // Other servers keep prompts as well, but few say from where on: a key says that there is something to gain.
      ...((options.cacheKey !== undefined || isVendor) && {
        cachedPrefixTokens: CACHED_PREFIX_TOKENS,
      }),
    },
    generate: (request, call) =>
      // After a reply that could not be read, one that is only asked for, whatever the server enforces.
      (request.plainText === true ? fixedMode('prompt') : onLadder)(async (mode) => {
        const body = await callVendor(label, call, (vendorOptions) => api.start(request, mode, vendorOptions));
        call.report(bodyReport(body));
        return api.read(body, label);
      }),
  };
}

function isEnforcing(mode: OutputMode): boolean {
  return mode === 'json_schema' || mode === 'tool';
}

function responsesApi(client: OpenAIClient, options: OpenAIProviderOptions): Api {
  const { responses } = client;
  if (typeof responses?.create !== 'function') throw notOpenAI(client, 'responses');
  return {
    start: (request, mode, vendorOptions) => responses.create(responsesRequest(request, mode, options), vendorOptions),
    read: responsesReply,
  };
}

function chatApi(client: OpenAIClient, options: OpenAIProviderOptions): Api {
  const { chat, baseURL } = client;
  if (typeof chat?.completions?.create !== 'function') throw notOpenAI(client, 'chat');
  const wording = chatWording(options, baseURL);
  return {
    start: (request, mode, vendorOptions) =>
      chat.completions.create(chatRequest(request, mode, wording), vendorOptions),
    read: chatReply,
  };
}

function notOpenAI(client: unknown, api: string): GradingOptionsError {
  return notAClient(client, `a client of the openai package that has "${api}"`, 'new OpenAI()');
}
