import { assignDefined } from '../json/defined.js';
import type { CallReport } from '../contract/provider.js';
import type { TokenUsage } from '../contract/result.js';
import { countOf, objectOf, textOf, type JsonObject } from '../json/untyped-json.js';

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
