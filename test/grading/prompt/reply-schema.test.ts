import { describe, expect, test } from 'vitest';
import type { GradingItem, JsonSchema, RubricCriterion } from 'gradelanes';
import { REPLY_SCHEMA_NAME, replySchema } from '../../../src/grading/prompt/reply-schema.js';

/** The schema and every schema in it. */
function partsOf(schema: unknown): JsonSchema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const part = schema as JsonSchema;
  return ['type' in part ? [part] : [], Object.values(part).flatMap(partsOf)].flat();
}

/** An answer to a question with so many criteria; without any for 0. */
function itemWith(count: number, change: Partial<RubricCriterion> = {}): GradingItem {
  const criteria = Array.from({ length: count }, (_, index) => ({ id: `c${index}`, description: 'x', ...change }));
  return { id: 'k', question: { prompt: '?', ...(count > 0 && { rubric: { criteria } }) }, answer: 'x' };
}

/** The schema of one result. */
function entryOf(schema: JsonSchema): { readonly [field: string]: JsonSchema | undefined } {
  const [, entry] = partsOf(schema).filter(({ type }) => type === 'object');
  return entry?.['properties'] as { [field: string]: JsonSchema };
}

describe('replySchema', () => {
  test.each([0, 1, 6])('is one that strict vendors take, with %d criteria', (count) => {
    for (const part of partsOf(replySchema([itemWith(count)]))) {
      const { type, properties, required, additionalProperties, items, minItems, maxItems, ...others } = part;
      expect(['object', 'array', 'string', 'integer']).toContain(type);
      // Enumerations and lengths of lists, and no other bounds, formats or references.
      expect(Object.keys(others).filter((name) => name !== 'enum')).toEqual([]);
      expect(minItems === undefined).toBe(maxItems === undefined);
      if (type === 'object') {
        expect(required).toEqual(Object.keys(properties as object));
        expect(additionalProperties).toBe(false);
      } else expect(items === undefined).toBe(type !== 'array');
    }
  });

  test('asks for reasons and quotes before marks, for feedback last, and for none where none is wanted', () => {
    const fieldsOf = (options: object): string[] => Object.keys(entryOf(replySchema([itemWith(2)], options)));
    expect(fieldsOf({})).toEqual(['key', 'why', 'evidence', 'levels', 'confidence', 'flags', 'feedback']);
    expect(fieldsOf({ feedback: false })).toEqual(['key', 'why', 'evidence', 'levels', 'confidence', 'flags']);
    expect(fieldsOf({ evidence: false, feedback: false })).toEqual(['key', 'why', 'levels', 'confidence', 'flags']);
  });

  test('fixes how long lists are and which levels and flags there are', () => {
    const six = entryOf(replySchema([itemWith(6)]));
    for (const field of ['why', 'evidence', 'levels']) expect(six[field]).toMatchObject({ minItems: 6, maxItems: 6 });
    expect(six['levels']).toMatchObject({ items: { enum: [0, 1, 2, 3, 4, 5] } });
    expect(six['flags']).toMatchObject({ items: { enum: expect.arrayContaining(['manipulation', 'off_topic']) } });
    expect(entryOf(replySchema([itemWith(0)]))).toMatchObject({
      why: { type: 'string' },
      levels: { minItems: 1, maxItems: 1 },
    });
    expect(entryOf(replySchema([itemWith(2), itemWith(4)]))['levels']).toMatchObject({ minItems: 2, maxItems: 4 });
    const counted = { keyPoints: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] };
    expect(entryOf(replySchema([itemWith(2, counted)]))['levels']).toMatchObject({
      items: { enum: [0, 1, 2, 3, 4, 5, 6, 7] },
    });
    expect(entryOf(replySchema([itemWith(2, { keyPoints: ['a'] })]))['levels']).toMatchObject({
      items: { enum: [0, 1] },
    });
  });

  test('is the same object for every call about questions of the same form, so that vendors can cache it', () => {
    expect(replySchema([itemWith(6)])).toBe(replySchema([itemWith(6), itemWith(6)]));
    expect(replySchema([itemWith(6)])).not.toBe(replySchema([itemWith(5)]));
    expect(replySchema([itemWith(6)])).not.toBe(replySchema([itemWith(6)], { feedback: false }));
  });

  test('has a name that vendors accept', () => {
    expect(REPLY_SCHEMA_NAME).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });
});
