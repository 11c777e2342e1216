import { describe, expect, test } from 'vitest';
import { replySchema } from '../../src/grading/prompt/reply-schema.js';
import { fillSchema } from '../../src/testing-server/fill-schema.js';

const plain = { isFault: false, topLevel: 5 };
const answers = [
  { key: 'a', text: 'right', criteria: [plain, { ...plain, topLevel: 3 }] },
  { key: 'b', text: 'half', criteria: [plain] },
];
const score = (text: string): number => (text === 'right' ? 1 : 0.5);
const fill = (schema: object, withAnswers = answers): unknown =>
  fillSchema({ ...schema }, { answers: withAnswers, score });

describe('fillSchema', () => {
  test('gives one entry per answer, with a level per criterion', () => {
    const entry = { feedback: 'Mock feedback.', confidence: 100, flags: [] };
    const criteria = ['x', 'y'].map((id) => ({ id, description: id }));
    const items = [{ id: 'a', question: { prompt: '?', rubric: { criteria } }, answer: 'right' }];
    expect(fill(replySchema(items))).toEqual({
      results: [
        { key: 'a', ...entry, why: ['Mock why.', 'Mock why.'], evidence: ['right', 'right'], levels: [5, 3] },
        { key: 'b', ...entry, why: ['Mock why.'], evidence: ['half'], levels: [3] },
      ],
    });
  });

  test('gives one reason and quote where the schema has one for the whole answer', () => {
    const items = [{ id: 'a', question: { prompt: '?' }, answer: 'x' }];
    expect(fill(replySchema(items), answers.slice(1))).toMatchObject({
      results: [{ key: 'b', why: 'Mock why.', evidence: 'half', levels: [3] }],
    });
  });

  test('finds no fault', () => {
    const schema = { properties: { levels: { type: 'array', items: { type: 'integer' } } } };
    expect(fill(schema, [{ key: 'a', text: 'right', criteria: [plain, { ...plain, isFault: true }] }])).toEqual({
      levels: [5, 0],
    });
    expect(fill(schema, [])).toEqual({ levels: [3] });
  });

  test('gives one entry where there is no answer to tell', () => {
    const item = { type: 'object', properties: { key: { type: 'string' } } };
    expect(fill({ type: 'array', items: item }, [])).toEqual([{ key: '' }]);
  });

  test.each<[string, object, unknown]>([
    ['constants', { const: 7 }, 7],
    ['ordered enums by score', { enum: [0, 1, 2, 3, 4] }, 4],
    ['named enums', { enum: ['low', 'high'] }, 'low'],
    ['the variant that is not null', { anyOf: [{ type: 'null' }, { type: 'boolean' }] }, true],
    ['oneOf', { oneOf: [{ type: 'integer' }] }, 100],
    ['allOf', { allOf: [{ type: 'number' }] }, 1],
    ['nullable types', { type: ['null', 'integer'] }, 100],
    ['null', { type: 'null' }, null],
    ['bounds', { type: 'integer', minimum: 10, maximum: 20 }, 20],
    ['text', { type: 'string' }, 'Mock text.'],
    ['no type at all', {}, 'Mock text.'],
    ['objects without a type', { properties: { n: { type: 'number' } } }, { n: 1 }],
    ['short lists', { type: 'array', items: { type: 'string' } }, []],
    ['lists with a minimum', { type: 'array', minItems: 2, items: { type: 'null' } }, [null, null]],
    ['lists of objects', { type: 'array', items: { type: 'object', properties: {} } }, [{}]],
    ['references', { $ref: '#/$defs/x', $defs: { x: { type: 'boolean' } } }, true],
    ['references to nowhere', { $ref: '#/$defs/x' }, 'Mock text.'],
  ])('fills %s', (_, schema, expected) => {
    expect(fill(schema)).toEqual(expected);
  });

  test('numbers follow the score, confidence does not', () => {
    const schema = {
      properties: { score: { type: 'number' }, confidence: { type: 'integer' }, good: { type: 'boolean' } },
    };
    const wrong = [{ key: 'a', text: '', criteria: [plain] }];
    expect(fillSchema({ ...schema }, { answers: wrong, score: () => -3 })).toEqual({
      score: 0,
      confidence: 100,
      good: false,
    });
    expect(fillSchema({ ...schema }, { answers: wrong, score: () => 9 })).toEqual({
      score: 1,
      confidence: 100,
      good: true,
    });
  });

  test('a schema that holds itself comes to an end', () => {
    const schema = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(JSON.stringify(fill(schema)).length).toBeLessThan(1_000);
  });
});
