import { isJsonObject, objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import type { Completion, Dialect, Problem } from './dialect.js';
import { schemaInText, textOfRoles } from './message-text.js';
import { invalidRequest, missingParameter, openaiWire } from './openai-wire.js';
import { openaiSchemaFault } from './schema-rules.js';

const LEAST_OUTPUT_TOKENS = 16;

/** OpenAI's Responses. */
export const openaiResponses: Dialect = {
  api: 'openai-responses',
  path: '/v1/responses',
  wire: openaiWire,
  check: (body) => {
    if (textOf(body['model']) === undefined) return missingParameter('model');
    if (body['input'] === undefined) return missingParameter('input');
    if (body['stream'] === true) return invalidRequest('The mock server does not stream.', 'stream');
    const most = body['max_output_tokens'];
    if (typeof most === 'number' && most < LEAST_OUTPUT_TOKENS) {
      return invalidRequest(
        `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= ${LEAST_OUTPUT_TOKENS}, but got ${most} instead.`,
        'max_output_tokens',
        'integer_below_min_value',
      );
    }
    return checkFormat(objectOf(objectOf(body['text'])['format']));
  },
  read: (body) => {
    const input = typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : body['input'];
    const system = [textOf(body['instructions']), textOfRoles(input, ['system', 'developer'])]
      .filter(Boolean)
      .join('\n');
    const tool = objectOf(objectsOf(body['tools'])[0]);
    const schema = tool['parameters'] ?? objectOf(objectOf(body['text'])['format'])['schema'];
    return {
      system,
      prompt: textOfRoles(input, ['user']),
      schema: isJsonObject(schema) ? schema : schemaInText(system),
      toolName: textOf(tool['name']),
    };
  },
  write: (completion) => ({
    id: `resp_${completion.id}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1_000),
    model: completion.model,
    ...endOf(completion),
    error: null,
    output: outputOf(completion),
    usage: {
      input_tokens: completion.usage.inputTokens,
      input_tokens_details: {
        cached_tokens: completion.usage.cacheReadTokens,
        cache_write_tokens: completion.usage.cacheWriteTokens,
      },
      output_tokens: completion.usage.outputTokens,
      output_tokens_details: { reasoning_tokens: completion.usage.reasoningTokens },
      total_tokens: completion.usage.inputTokens + completion.usage.outputTokens,
    },
  }),
};

function checkFormat(format: JsonObject): Problem | undefined {
  if (format['type'] !== 'json_schema') return undefined;
  if (textOf(format['name']) === undefined) return missingParameter('text.format.name');
  if (!isJsonObject(format['schema'])) return missingParameter('text.format.schema');
  const fault = format['strict'] === false ? undefined : openaiSchemaFault(format['schema']);
  return fault === undefined
    ? undefined
    : invalidRequest(
        `Invalid schema for response_format '${String(format['name'])}': ${fault}`,
        'text.format.schema',
        'invalid_json_schema',
      );
}

function endOf({ stop }: Completion): JsonObject {
  if (stop === 'length') return { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
  if (stop === 'filter') return { status: 'incomplete', incomplete_details: { reason: 'content_filter' } };
  return { status: 'completed', incomplete_details: null };
}

function outputOf({ id, text, stop, toolName }: Completion): JsonObject[] {
  const status = stop === 'end' || stop === 'refusal' ? 'completed' : 'incomplete';
  if (toolName !== undefined && stop !== 'refusal') {
    return [{ type: 'function_call', id: `fc_${id}`, call_id: `call_${id}`, name: toolName, arguments: text, status }];
  }
  const part =
    stop === 'refusal'
      ? { type: 'refusal', refusal: text || "I'm sorry, I can't help with that." }
      : { type: 'output_text', text, annotations: [] };
  return [{ type: 'message', id: `msg_${id}`, role: 'assistant', status, content: [part] }];
}
