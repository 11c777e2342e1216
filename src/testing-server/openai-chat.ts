import { isJsonObject, objectOf, objectsOf, textOf, type JsonObject } from '../core/untyped-json.js';
import type { Completion, Dialect, Problem } from './dialect.js';
import { schemaInText, textOfRoles } from './message-text.js';
import type { MockStop } from './mock-reply.js';
import { invalidRequest, openaiWire } from './openai-wire.js';
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
    if (objectsOf(body['messages']).length === 0)
      return invalidRequest("Missing required parameter: 'messages'.", 'messages', 'missing_required_parameter');
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
  const { name, schema, strict } = objectOf(format['json_schema']) as {
    name?: unknown;
    schema?: unknown;
    strict?: unknown;
  };
  if (textOf(name) === undefined) {
    return invalidRequest(
      "Missing required parameter: 'response_format.json_schema.name'.",
      'response_format.json_schema.name',
      'missing_required_parameter',
    );
  }
  if (!isJsonObject(schema)) {
    return invalidRequest(
      "Missing required parameter: 'response_format.json_schema.schema'.",
      'response_format.json_schema.schema',
      'missing_required_parameter',
    );
  }
  const fault = strict === true ? openaiSchemaFault(schema) : undefined;
  return fault === undefined
    ? undefined
    : invalidRequest(`Invalid schema for response_format '${String(name)}': ${fault}`, 'response_format');
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
