import { isJsonObject, type JsonObject } from '../json/untyped-json.js';

/**
 * Keywords that Anthropic's structured output takes, read from `transformJSONSchema` of `@anthropic-ai/sdk` 1.12.
 * Others, bounds above all, are answered with a 400.
 */
const SUPPORTED: ReadonlySet<string> = new Set([
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'anyOf',
  'allOf',
  '$ref',
  '$defs',
  'title',
  'description',
  'format',
]);

/** Keywords whose values are schemas by name: there, a property called `maximum` is no keyword. */
const NAMED_SCHEMAS: ReadonlySet<string> = new Set(['properties', '$defs']);

/** Every call of a run asks with the same schema. */
const known = new WeakMap<JsonObject, { [key: string]: unknown }>();

/** The schema without keywords that the vendor rejects, and with every object closed. */
export function supportedSchema(schema: JsonObject): { [key: string]: unknown } {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const supported = withoutUnsupported(schema);
  known.set(schema, supported);
  return supported;
}

function withoutUnsupported(schema: JsonObject): { [key: string]: unknown } {
  const kept = Object.entries(schema).filter(
    ([keyword, value]) => SUPPORTED.has(keyword) || isShortMinimum(keyword, value),
  );
  const result = Object.fromEntries(kept.map(([keyword, value]) => [keyword, supportedValue(keyword, value)]));
  if (Array.isArray(schema['oneOf'])) result['anyOf'] = schema['oneOf'].map(supportedChild);
  if (schema['type'] === 'object') result['additionalProperties'] = false;
  return result;
}

function isShortMinimum(keyword: string, value: unknown): boolean {
  return keyword === 'minItems' && (value === 0 || value === 1);
}

function supportedValue(keyword: string, value: unknown): unknown {
  if (NAMED_SCHEMAS.has(keyword) && isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, supportedChild(each)]));
  }
  if (keyword === 'items') return supportedChild(value);
  return (keyword === 'anyOf' || keyword === 'allOf') && Array.isArray(value) ? value.map(supportedChild) : value;
}

function supportedChild(schema: unknown): unknown {
  return isJsonObject(schema) ? withoutUnsupported(schema) : schema;
}
