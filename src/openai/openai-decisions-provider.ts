import { checkProviderOptions, notAClient, someObject, someText } from '../input/option-rules.js';
import { providerFingerprint } from '../vendor/provider-fingerprint.js';
import type { GradingProvider } from '../contract/provider.js';
import { callVendor, type VendorCall, type VendorRequestOptions } from '../vendor/call-vendor.js';
import { bodyError, bodyReport } from './response-body.js';
import { decisionVerdicts } from './decisions-reply.js';
import { decisionsRequest, DEFAULT_DECISIONS_MODEL, type DecisionsRequest } from './decisions-request.js';
import { serverLabel } from './openai-host.js';
import type { OpenAIDecisionsProviderOptions } from './options.js';

/** The part of a client of `openai` 7 that is used. */
export interface OpenAIDecisionsClient {
  readonly baseURL?: string | undefined;
  readonly decisions: { create(body: DecisionsRequest, options: VendorRequestOptions): VendorCall };
}

/** OpenAI takes 400 questions; gateways that serve the same endpoint take 200. */
const MAX_ITEMS_PER_CALL = 200;

/**
 * A provider over OpenAI's decisions endpoint (public beta): one question per answer, many in a call without influence
 * on each other, each with its own refusal and with calibrated probabilities. It gives a score and a confidence, no
 * feedback and no marks per criterion.
 *
 * @throws {GradingOptionsError} for a client or an option that makes no sense.
 *
 * @example
 * ```ts
 * import OpenAI from 'openai';
 * import { openaiDecisionsProvider } from 'gradelanes/openai';
 *
 * const provider = openaiDecisionsProvider(new OpenAI({ apiKey: 'test' }));
 * console.log(provider.capabilities?.maxItemsPerCall); // 200
 * ```
 */
export function openaiDecisionsProvider(
  client: OpenAIDecisionsClient,
  options: OpenAIDecisionsProviderOptions = {},
): GradingProvider {
  if (!someObject.holds(client) || typeof client.decisions?.create !== 'function') {
    throw notAClient(client, 'a client of openai 7 or later that has "decisions"', 'new OpenAI()');
  }
  checkProviderOptions(options, {
    model: someText,
    instructions: someText,
    cacheKey: someText,
    name: someText,
    limitKey: someText,
  });
  const label = options.name ?? serverLabel(client.baseURL);
  return {
    name: options.name ?? 'openai-decisions',
    fingerprint: providerFingerprint('openai-decisions', client.baseURL, [options.model, options.instructions]),
    limitKey: options.limitKey ?? [client, options.model ?? DEFAULT_DECISIONS_MODEL],
    capabilities: {
      maxItemsPerCall: MAX_ITEMS_PER_CALL,
      isolatesItems: true,
      enforcesSchema: true,
      feedback: false,
    },
    grade: async (items, call) => {
      const request = decisionsRequest(items, options);
      const reply = await callVendor(label, call, (vendorOptions) => client.decisions.create(request, vendorOptions));
      call.report(bodyReport(reply));
      if (!Array.isArray(reply['answers'])) throw bodyError(reply['error'], label);
      return decisionVerdicts(reply, items);
    },
  };
}
