import type { JsonSchema } from '../../contract/provider.js';

/** The name that vendors want beside a schema. */
export const REPLY_SCHEMA_NAME = 'grading';

const FIELDS = {
  key: { type: 'string' },
  why: { type: 'string' },
  feedback: { type: 'string' },
  levels: { type: 'array', items: { type: 'integer' } },
  confidence: { type: 'integer' },
  flags: { type: 'array', items: { type: 'string' } },
} as const;

/**
 * The JSON Schema of a reply, the same for one answer and for several. Flat, every property required and no bounds, so
 * that every vendor's subset takes it; ranges are checked here. Reasons come before marks, as models write in order.
 */
export function replySchema(withFeedback: boolean): JsonSchema {
  return withFeedback ? WITH_FEEDBACK : WITHOUT_FEEDBACK;
}

const { feedback: _, ...fieldsWithoutFeedback } = FIELDS;
const WITH_FEEDBACK = listOf(FIELDS);
const WITHOUT_FEEDBACK = listOf(fieldsWithoutFeedback);

function listOf(properties: JsonSchema): JsonSchema {
  return objectOf({ results: { type: 'array', items: objectOf(properties) } });
}

function objectOf(properties: JsonSchema): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
