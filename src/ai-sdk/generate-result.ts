import type { ModelReply } from '../contract/provider.js';
import type { TokenUsage } from '../contract/result.js';
import { countOf, isJsonObject, objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';

const STOPS: Readonly<Record<string, ModelReply['stop']>> = {
  stop: 'end',
  length: 'length',
  'content-filter': 'filter',
};

/** The text of a result; where the model gives its structured output apart, that counts, even if it is empty. */
export function generatedReply(result: JsonObject): ModelReply {
  const structured = result['structuredOutputText'];
  const text =
    typeof structured === 'string'
      ? structured
      : objectsOf(result['content'])
          .filter(({ type }) => type === 'text')
          .map((part) => textOf(part['text']) ?? '')
          .join('');
  return { text, stop: STOPS[finishReason(result)] ?? 'other' };
}

/** Why the model stopped: a word in V2, an object since V3. */
export function finishReason(result: JsonObject): string {
  const reason = result['finishReason'];
  return String(isJsonObject(reason) ? reason['unified'] : reason);
}

/** Tokens of a result: flat numbers in V2, nested since V3; input includes what was cached in both. */
export function generatedUsage(result: JsonObject): TokenUsage | undefined {
  const usage = objectOf(result['usage']);
  const input = isJsonObject(usage['inputTokens']) ? usage['inputTokens'] : { total: usage['inputTokens'] };
  const output = isJsonObject(usage['outputTokens']) ? usage['outputTokens'] : { total: usage['outputTokens'] };
  const inputTokens = countOf(input['total']);
  const outputTokens = countOf(output['total']);
  if (inputTokens === undefined || outputTokens === undefined) return undefined;
  return {
    inputTokens,
    outputTokens,
    cacheReadTokens: countOf(objectOf(input)['cacheRead'] ?? usage['cachedInputTokens']),
    cacheWriteTokens: countOf(objectOf(input)['cacheWrite']),
    reasoningTokens: countOf(objectOf(output)['reasoning'] ?? usage['reasoningTokens']),
  };
}

/** Whether the model says that it did not hold the reply to the schema. */
export function ignoredSchema(result: JsonObject): boolean {
  return objectsOf(result['warnings']).some(
    ({ type, feature, setting }) =>
      String(type).startsWith('unsupported') && String(feature ?? setting).startsWith('responseFormat'),
  );
}
