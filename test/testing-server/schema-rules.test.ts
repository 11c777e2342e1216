import { describe, expect, test } from 'vitest';
import { supportedSchema } from '../../src/anthropic/supported-schema.js';
import { replySchema } from '../../src/grading/prompt/reply-schema.js';
import { anthropicSchemaFault, openaiSchemaFault } from '../../src/testing-server/schema-rules.js';

const closed = (properties: Record<string, object>, extra: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...extra,
});

describe('the schema that gradings ask for', () => {
  test.each([true, false])('is right for both vendors, with feedback %s', (feedback) => {
    const criteria = ['a', 'b'].map((id) => ({ id, description: id }));
    for (const question of [{ prompt: '?' }, { prompt: '?', rubric: { criteria } }]) {
      const schema = replySchema([{ id: 'k', question, answer: 'x' }], { feedback });
      expect(openaiSchemaFault(schema)).toBeUndefined();
      expect(anthropicSchemaFault(supportedSchema(schema))).toBeUndefined();
    }
  });
});

describe('OpenAI rejects', () => {
  test.each<[string, object, RegExp]>([
    ['a list as root', { type: 'array', items: {} }, /got 'type: "array"'/],
    ['an open object', { type: 'object', properties: {} }, /additionalProperties/],
    ['an optional property', closed({ a: { type: 'string' } }, { required: [] }), /Missing 'a'/],
    ['an object without a list of required ones', closed({ a: {} }, { required: undefined }), /Missing 'a'/],
    ['an open object in a list', closed({ a: { type: 'array', items: { type: 'object' } } }), /additionalProperties/],
    ['an open object in a variant', closed({ a: { anyOf: [{ type: 'object' }] } }), /additionalProperties/],
    ['an open object in a definition', closed({}, { $defs: { a: { type: 'object' } } }), /additionalProperties/],
  ])('%s', (_, schema, expected) => {
    expect(openaiSchemaFault({ ...schema })).toMatch(expected);
  });

  test('no bounds', () => {
    expect(openaiSchemaFault(closed({ a: { type: 'integer', minimum: 0, maximum: 5 } }))).toBeUndefined();
  });
});

describe('Anthropic rejects', () => {
  test.each<[string, object, RegExp]>([
    ['an open object', { type: 'object' }, /additionalProperties/],
    ['a bound', closed({ a: { type: 'integer', maximum: 5 } }), /'maximum' is not supported/],
    ['a long list', closed({ a: { type: 'array', minItems: 2 } }), /'minItems' is not supported/],
  ])('%s', (_, schema, expected) => {
    expect(anthropicSchemaFault({ ...schema })).toMatch(expected);
  });

  test('no optional property, and no property that is called like a keyword', () => {
    expect(anthropicSchemaFault(closed({ maximum: { type: 'array', minItems: 1 } }, { required: [] }))).toBeUndefined();
  });
});
