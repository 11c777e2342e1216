import { ProviderError } from '../contract/errors.js';
import type { CallReport } from '../contract/provider.js';
import type { TokenUsage } from '../contract/result.js';
import { assignDefined } from '../json/defined.js';
import { countOf, type JsonObject, objectOf, textOf } from '../json/untyped-json.js';
import { toProviderError } from '../vendor/to-provider-error.js';

/** What the body of a response or completion tells of the call. */
export function bodyReport(body: JsonObject): CallReport {
  return assignDefined<CallReport>({}, { usage: tokenUsage(body), model: textOf(body['model']) });
}

/** Tokens of a response or a completion: the same figures under two sets of names, cached input included. */
function tokenUsage(body: JsonObject): TokenUsage | undefined {
  const usage = objectOf(body['usage']);
  const inputTokens = countOf(usage['input_tokens'] ?? usage['prompt_tokens']);
  const outputTokens = countOf(usage['output_tokens'] ?? usage['completion_tokens']);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  const input = objectOf(usage['input_tokens_details'] ?? usage['prompt_tokens_details']);
  const output = objectOf(usage['output_tokens_details'] ?? usage['completion_tokens_details']);
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: countOf(input['cached_tokens']),
    cacheWriteTokens: countOf(input['cache_write_tokens']),
    reasoningTokens: countOf(output['reasoning_tokens']),
  };
}

const NEVER_ABORTED = new AbortController().signal;

/**
 * An error that came as the body of a success: a failed response, OpenRouter's `{ error: { code: 429 } }`, or a body
 * with nothing in it. Without a known code it is a fault of the server, which may pass.
 */
export function bodyError(error: unknown, label: string): ProviderError {
  const { code } = objectOf(error);
  const failure = toProviderError({ status: code, error }, NEVER_ABORTED, label);
  if (failure.code !== 'unknown') return failure;
  return new ProviderError('server', `${label} answered with a success that holds no reply`, {
    vendorCode: failure.vendorCode,
  });
}
