import { assignDefined } from '../json/defined.js';
import { ProviderError } from '../contract/errors.js';
import type { CallReport, ModelReply } from '../contract/provider.js';
import type { TokenUsage } from '../contract/result.js';
import { countOf, objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';

const STOPS: Readonly<Record<string, ModelReply['stop']>> = {
  end_turn: 'end',
  stop_sequence: 'end',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'refusal',
};

/**
 * The text of a message: thinking may come before it, and a refusal comes without any.
 *
 * @throws {ProviderError} for JSON that is no message.
 */
export function messageReply(message: JsonObject): ModelReply {
  if (!Array.isArray(message['content'])) {
    throw new ProviderError('server', 'Anthropic answered with JSON that is no message');
  }
  const text = objectsOf(message['content'])
    .filter(({ type }) => type === 'text')
    .map((block) => textOf(block['text']) ?? '')
    .join('');
  return { text, stop: STOPS[String(message['stop_reason'])] ?? 'other' };
}

/** What a message tells of the call. */
export function messageReport(message: JsonObject): CallReport {
  return assignDefined<CallReport>({}, { usage: messageUsage(message), model: textOf(message['model']) });
}

/** Tokens of a message as totals: the vendor's `input_tokens` leaves out what was read from or written to a cache. */
function messageUsage(message: JsonObject): TokenUsage | undefined {
  const usage = objectOf(message['usage']);
  const uncached = countOf(usage['input_tokens']);
  const outputTokens = countOf(usage['output_tokens']);
  if (uncached === undefined || outputTokens === undefined) return undefined;
  const cacheReadTokens = countOf(usage['cache_read_input_tokens']);
  const cacheWriteTokens = countOf(usage['cache_creation_input_tokens']);
  return {
    inputTokens: uncached + (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0),
    outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: countOf(objectOf(usage['output_tokens_details'])['thinking_tokens']),
  };
}
