import { isJsonObject, objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { anthropicWire, invalidRequest } from './anthropic-wire.js';
import type { Completion, Dialect } from './dialect.js';
import { contentText, schemaInText, textOfRoles } from './message-text.js';
import type { MockStop } from './mock-reply.js';
import { anthropicSchemaFault } from './schema-rules.js';

/** The version that dropped the sampling parameters. */
const WITHOUT_SAMPLING = '2026-10-21';

const STOP_REASON: Readonly<Record<MockStop, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  refusal: 'refusal',
  filter: 'refusal',
};

/** Anthropic's Messages. */
export const anthropicMessages: Dialect = {
  api: 'anthropic-messages',
  path: '/v1/messages',
  wire: anthropicWire,
  check: (body, header) => {
    const version = textOf(header('anthropic-version'));
    if (version === undefined) return invalidRequest('anthropic-version: header is required');
    const missing = ['model', 'max_tokens', 'messages'].find((name) => body[name] === undefined);
    if (missing !== undefined) return invalidRequest(`${missing}: Field required`);
    const sampling = ['temperature', 'top_p', 'top_k'].find((name) => body[name] !== undefined);
    if (sampling !== undefined && version >= WITHOUT_SAMPLING) {
      return invalidRequest(`${sampling}: Extra inputs are not permitted`);
    }
    if (body['stream'] === true) return invalidRequest('stream: the mock server does not stream');
    const schema = formatOf(body)['schema'];
    if (formatOf(body)['type'] === 'json_schema' && !isJsonObject(schema)) {
      return invalidRequest('output_config.format.schema: Field required');
    }
    const fault = isJsonObject(schema) ? anthropicSchemaFault(schema) : undefined;
    return fault === undefined ? undefined : invalidRequest(`output_config.format.schema: ${fault}`);
  },
  read: (body) => {
    const system = contentText(body['system']);
    const tool = objectsOf(body['tools'])[0];
    const schema = tool?.['input_schema'] ?? formatOf(body)['schema'];
    return {
      system,
      prompt: textOfRoles(body['messages'], ['user']),
      schema: isJsonObject(schema) ? schema : schemaInText(system),
      toolName: textOf(tool?.['name']),
    };
  },
  write: (completion) => ({
    id: `msg_${completion.id}`,
    type: 'message',
    role: 'assistant',
    model: completion.model,
    content: contentOf(completion),
    stop_reason:
      completion.toolName !== undefined && completion.stop === 'end' ? 'tool_use' : STOP_REASON[completion.stop],
    stop_sequence: null,
    stop_details:
      STOP_REASON[completion.stop] === 'refusal' ? { type: 'refusal', category: null, explanation: null } : null,
    usage: usageOf(completion),
  }),
};

function formatOf(body: JsonObject): JsonObject {
  return objectOf(objectOf(body['output_config'])['format'] ?? body['output_format']);
}

/** A refusal comes without content. */
function contentOf({ id, text, stop, toolName }: Completion): JsonObject[] {
  if (STOP_REASON[stop] === 'refusal') return [];
  if (toolName === undefined) return [{ type: 'text', text, citations: null }];
  return [{ type: 'tool_use', id: `toolu_${id}`, name: toolName, input: inputOf(text) }];
}

/** A tool's input is an object by the time it leaves the API, so broken JSON shows as an empty one. */
function inputOf(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}

/** `input_tokens` leaves out what the cache holds. */
function usageOf({ usage, stop }: Completion): JsonObject {
  return {
    input_tokens: usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    output_tokens: STOP_REASON[stop] === 'refusal' ? 0 : usage.outputTokens,
    output_tokens_details: { thinking_tokens: usage.reasoningTokens },
    service_tier: 'standard',
  };
}
