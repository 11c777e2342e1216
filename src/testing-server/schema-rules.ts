import { isJsonObject, objectOf, type JsonObject } from '../json/untyped-json.js';

/** Keywords that Anthropic's structured output rejects, by type; `minItems` of 0 and 1 is taken. */
const NOT_AT_ANTHROPIC: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'maxItems',
  'uniqueItems',
]);

/** What OpenAI's strict mode finds wrong with a schema: closed objects, every property required, an object as root. */
export function openaiSchemaFault(schema: JsonObject): string | undefined {
  if (schema['type'] !== 'object')
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(schema['type'])}"'`;
  return firstFault(schema, (node) => {
    const properties = node['properties'];
    if (node['type'] !== 'object' && properties === undefined) return undefined;
    if (node['additionalProperties'] !== false)
      return "'additionalProperties' is required to be supplied and to be false.";
    const required = new Set(Array.isArray(node['required']) ? node['required'] : []);
    const missing = Object.keys(objectOf(properties)).find((name) => !required.has(name));
    return missing === undefined
      ? undefined
      : `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  });
}

/** What Anthropic's structured output finds wrong with a schema. */
export function anthropicSchemaFault(schema: JsonObject): string | undefined {
  return firstFault(schema, (node) => {
    if (node['type'] === 'object' && node['additionalProperties'] !== false) {
      return "For 'object' type, 'additionalProperties' must be explicitly set to false";
    }
    const isLongList = typeof node['minItems'] === 'number' && node['minItems'] > 1;
    const keyword = isLongList ? 'minItems' : Object.keys(node).find((name) => NOT_AT_ANTHROPIC.has(name));
    return keyword === undefined
      ? undefined
      : `For '${String(node['type'])}' type, property '${keyword}' is not supported`;
  });
}

function firstFault(schema: unknown, check: (node: JsonObject) => string | undefined): string | undefined {
  if (!isJsonObject(schema)) return undefined;
  return (
    check(schema) ??
    childrenOf(schema)
      .map((child) => firstFault(child, check))
      .find((fault) => fault !== undefined)
  );
}

function childrenOf(schema: JsonObject): unknown[] {
  const named = ['properties', '$defs', 'definitions'].flatMap((name) => Object.values(objectOf(schema[name])));
  const listed = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => {
    const list = schema[name];
    return Array.isArray(list) ? list : [];
  });
  return [...named, ...listed, schema['items']];
}
