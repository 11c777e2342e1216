import type { ModelReply } from '../contract/provider.js';
import { objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { bodyError } from './response-body.js';

const STOPS: Readonly<Record<string, ModelReply['stop']>> = {
  stop: 'end',
  tool_calls: 'end',
  length: 'length',
  content_filter: 'filter',
};

/**
 * The text of a completion, or the arguments of its tool call.
 *
 * @throws {ProviderError} for a completion without a choice and for a choice that failed, as gateways send them.
 */
export function chatReply(completion: JsonObject, label: string): ModelReply {
  const [choice] = objectsOf(completion['choices']);
  if (choice === undefined) throw bodyError(completion['error'], label);
  if (choice['finish_reason'] === 'error') throw bodyError(choice['error'] ?? completion['error'], label);
  const message = objectOf(choice['message']);
  if (textOf(message['refusal']) !== undefined) return { text: '', stop: 'refusal' };
  const [call] = objectsOf(message['tool_calls']);
  const text = call === undefined ? contentText(message['content']) : textOf(objectOf(call['function'])['arguments']);
  return { text: text ?? '', stop: STOPS[String(choice['finish_reason'])] ?? 'other' };
}

/** Some servers send a list of parts, thinking among them. */
function contentText(content: unknown): string | undefined {
  if (!Array.isArray(content)) return textOf(content);
  return objectsOf(content)
    .filter(({ type }) => type === 'text')
    .map((part) => textOf(part['text']) ?? '')
    .join('');
}
