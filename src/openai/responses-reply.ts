import type { ModelReply } from '../contract/provider.js';
import { objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { bodyError } from './response-body.js';

const INCOMPLETE: Readonly<Record<string, ModelReply['stop']>> = {
  max_output_tokens: 'length',
  content_filter: 'filter',
};

/**
 * The text of a response, or the arguments of its tool call.
 *
 * @throws {ProviderError} for a response that failed: the vendor sends those with HTTP status 200.
 */
export function responsesReply(response: JsonObject, label: string): ModelReply {
  const status = response['status'];
  const hasFailed = status === 'failed' || status === 'cancelled' || !Array.isArray(response['output']);
  if (hasFailed) throw bodyError(response['error'], label);
  const output = objectsOf(response['output']);
  const parts = finalMessages(output).flatMap((message) => objectsOf(message['content']));
  const isRefused = parts.some(({ type }) => type === 'refusal');
  return { text: isRefused ? '' : textIn(output, parts), stop: isRefused ? 'refusal' : stopOf(response) };
}

/** A model may comment on its work before the final answer. */
function finalMessages(output: readonly JsonObject[]): readonly JsonObject[] {
  const messages = output.filter(({ type }) => type === 'message');
  const final = messages.filter(({ phase }) => phase !== 'commentary');
  return final.length > 0 ? final : messages;
}

function textIn(output: readonly JsonObject[], parts: readonly JsonObject[]): string {
  const call = output.find(({ type }) => type === 'function_call');
  if (call !== undefined) return textOf(call['arguments']) ?? '';
  return parts
    .filter(({ type }) => type === 'output_text')
    .map((part) => textOf(part['text']) ?? '')
    .join('');
}

/** Other servers leave out why a response is incomplete; then the limit is the likely reason. */
function stopOf(response: JsonObject): ModelReply['stop'] {
  if (response['status'] !== 'incomplete') return response['status'] === 'completed' ? 'end' : 'other';
  const reason = textOf(objectOf(response['incomplete_details'])['reason']);
  return reason === undefined ? 'length' : (INCOMPLETE[reason] ?? 'other');
}
