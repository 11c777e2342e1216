import { ProviderError } from 'gradelanes';
import { reviewApiDocument } from 'gradelanes/http';
import { mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { problemSchema, reviewsSchema, singleReviewSchema } from '../../src/http/response-schemas.js';
import { reviewHandler, reviewRequest, submitted } from './review-requests.js';

describe('reviewApiDocument()', () => {
  const document = reviewApiDocument({ basePath: '/v1', title: 'Cards', version: '2.0.0' });
  const text = JSON.stringify(document);

  test('describes the three routes, in OpenAPI 3.1', () => {
    expect(document).toMatchObject({ openapi: '3.1.0', info: { title: 'Cards', version: '2.0.0' } });
    expect(Object.keys(document['paths'] ?? {})).toEqual([
      '/v1/session/{session_id}/answers/{card_id}/parallel',
      '/v1/session/{session_id}/answers/{card_id}/batch',
      '/v1/session/{session_id}/answer/{card_id}',
    ]);
  });

  test('refers only to what it holds, by its place in it', () => {
    const places = new Set([...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, id]) => id));
    const names = Object.keys((document['components'] as { schemas: object }).schemas);
    expect([...places].filter((id) => !names.includes(String(id)))).toEqual([]);
    expect(text.match(/"\$ref"/g)?.length).toBe(text.match(/"\$ref":"#\/components\/schemas\/\w+"/g)?.length);
    expect(text).not.toMatch(/"\$(id|schema|defs)"/);
  });

  test('holds the limits that requests are checked against', () => {
    expect(document).toHaveProperty('components.schemas.ParallelAnswerRequest.properties.max_concurrent_tasks', {
      type: 'integer',
      minimum: 1,
      maximum: 10,
    });
    expect(document).toHaveProperty('components.schemas.ParallelAnswerRequest.required', ['answers']);
    expect(document).toHaveProperty('components.schemas.BatchAnswerRequest.properties.answers.minItems', 1);
  });

  test('is what the handler replies', async () => {
    const provider = mockProvider(({ answer }) => (answer === 'answer 1' ? new ProviderError('refused', 'no') : 0.5));
    const handler = reviewHandler({ provider });
    const several = await handler(reviewRequest('parallel', { answers: submitted(3) }));
    const one = await handler(reviewRequest('single', submitted(1)[0]));
    const none = await handler(reviewRequest('parallel', { answers: [] }));
    for (const [schema, response] of [
      [reviewsSchema, several],
      [singleReviewSchema, one],
      [problemSchema, none],
    ] as const) {
      const body: unknown = await response.json();
      // Nothing is left out by the schema, and nothing of the schema by the reply.
      expect(schema.parse(body)).toEqual(body);
    }
  });
});
