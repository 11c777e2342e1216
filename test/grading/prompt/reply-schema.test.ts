import { describe, expect, test } from 'vitest';
import type { JsonSchema } from 'gradelanes';
import { REPLY_SCHEMA_NAME, replySchema } from '../../../src/grading/prompt/reply-schema.js';

/** The schema and every schema in it. */
function partsOf(schema: unknown): JsonSchema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const part = schema as JsonSchema;
  return ['type' in part ? [part] : [], Object.values(part).flatMap(partsOf)].flat();
}

describe('replySchema', () => {
  test.each([true, false])('is one that the strictest vendors take (with feedback: %s)', (withFeedback) => {
    for (const part of partsOf(replySchema(withFeedback))) {
      const { type, properties, required, additionalProperties, items, ...others } = part;
      expect(['object', 'array', 'string', 'integer']).toContain(type);
      // No bounds, no formats, no references: not every vendor takes them.
      expect(others).toEqual({});
      if (type === 'object') {
        expect(required).toEqual(Object.keys(properties as object));
        expect(additionalProperties).toBe(false);
      } else expect(items === undefined).toBe(type !== 'array');
    }
  });

  test('asks for reasons before marks, and for feedback only where it is wanted', () => {
    const fieldsOf = (withFeedback: boolean): string[] => {
      const [, entry] = partsOf(replySchema(withFeedback)).filter(({ type }) => type === 'object');
      return Object.keys(entry?.['properties'] as object);
    };
    expect(fieldsOf(true)).toEqual(['key', 'why', 'feedback', 'levels', 'confidence', 'flags']);
    expect(fieldsOf(false)).toEqual(['key', 'why', 'levels', 'confidence', 'flags']);
  });

  test('is the same object each time, so that vendors can cache it', () => {
    expect(replySchema(true)).toBe(replySchema(true));
  });

  test('has a name that vendors accept', () => {
    expect(REPLY_SCHEMA_NAME).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });
});
