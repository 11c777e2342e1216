import { isJsonObject, objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import type { Completion, Dialect, Problem } from './dialect.js';
import { schemaInText, textOfRoles } from './message-text.js';
import type { MockStop } from './mock-reply.js';
import { invalidRequest, missingParameter, openaiWire } from './openai-wire.js';
import { openaiSchemaFault } from './schema-rules.js';

const FINISH: Readonly<Record<MockStop, string>> = {
  end: 'stop',
  length: 'length',
  refusal: 'stop',
  filter: 'content_filter',
};

/** OpenAI's chat completions, as spoken by many other servers. */
export const openaiChat: Dialect = {
  api: 'openai-chat',
  path: '/v1/chat/completions',
  wire: openaiWire,
  check: (body) => {
    if (textOf(body['model']) === undefined) return invalidRequest('you must provide a model parameter');
    if (objectsOf(body['messages']).length === 0) return missingParameter('messages');
    if (body['stream'] === true) return invalidRequest('The mock server does not stream.', 'stream');
    return checkFormat(objectOf(body['response_format']));
  },
  read: (body) => {
    const system = textOfRoles(body['messages'], ['system', 'developer']);
    const tool = objectOf(objectsOf(body['tools'])[0]?.['function']);
    const format = objectOf(objectOf(body['response_format'])['json_schema']);
    const schema = tool['parameters'] ?? format['schema'];
    return {
      system,
      prompt: textOfRoles(body['messages'], ['user']),
      schema: isJsonObject(schema) ? schema : schemaInText(system),
      toolName: textOf(tool['name']),
    };
  },
  write: (completion) => ({
    id: `chatcmpl-${completion.id}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model: completion.model,
    choices: [
      {
        index: 0,
        logprobs: null,
        finish_reason:
          completion.toolName !== undefined && completion.stop === 'end' ? 'tool_calls' : FINISH[completion.stop],
        message: messageOf(completion),
      },
    ],
    usage: usageOf(completion),
  }),
};

function checkFormat(format: JsonObject): Problem | undefined {
  if (format['type'] !== 'json_schema') return undefined;
  const asked = objectOf(format['json_schema']);
  const name = textOf(asked['name']);
  const schema = asked['schema'];
  if (name === undefined) return missingParameter('response_format.json_schema.name');
  if (!isJsonObject(schema)) return missingParameter('response_format.json_schema.schema');
  const fault = asked['strict'] === true ? openaiSchemaFault(schema) : undefined;
  if (fault === undefined) return undefined;
  return invalidRequest(`Invalid schema for response_format '${name}': ${fault}`, 'response_format');
}

function messageOf({ id, text, stop, toolName }: Completion): JsonObject {
  const base = { role: 'assistant', content: text, refusal: null };
  if (stop === 'refusal') return { ...base, content: null, refusal: text || "I'm sorry, I can't help with that." };
  if (toolName === undefined) return base;
  const call = { id: `call_${id}`, type: 'function', function: { name: toolName, arguments: text } };
  return { ...base, content: null, tool_calls: [call] };
}

function usageOf({ usage }: Completion): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
