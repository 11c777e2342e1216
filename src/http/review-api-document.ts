import * as z from 'zod/mini';
import { batchRequestSchema, HAND_CHECKED, parallelRequestSchema, submittedAnswerSchema } from './request-schemas.js';
import { DEFAULT_BASE_PATH } from './resolve-handler-options.js';
import { metricsSchema, problemSchema, resultSchema, reviewsSchema, singleReviewSchema } from './response-schemas.js';

/** A document in plain JSON. */
export type JsonDocument = { readonly [name: string]: unknown };

const SCHEMAS = {
  SubmittedAnswer: submittedAnswerSchema,
  BatchAnswerRequest: batchRequestSchema,
  ParallelAnswerRequest: parallelRequestSchema,
  Result: resultSchema,
  Metrics: metricsSchema,
  Reviews: reviewsSchema,
  SingleReview: singleReviewSchema,
  Problem: problemSchema,
};

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'A field of the request breaks its rule; `errors` names it',
  401: 'The request does not say who the learner is',
  403: 'The learner may not answer in this session, or another site sent the request',
  404: 'There is no such session or card',
  408: 'The body took too long to arrive',
  413: 'The body is too large',
  415: 'The body is no JSON',
  422: 'The idempotency key came with another answer before',
  429: 'Too many requests; `Retry-After` says when to come back',
  500: 'The server failed',
  503: 'Nothing could be graded, or not in time; `Retry-After` says when to come back, where that can help',
};

/**
 * The review routes as an OpenAPI 3.1 document, made from the schemas that check the requests.
 *
 * @param options.basePath Where the routes begin. Default `'/api/review'`.
 * @param options.title Default `'Review API'`.
 * @param options.version Of your API. Default `'1.0.0'`.
 * @returns Plain JSON, to be served or written to a file.
 *
 * @example
 * ```ts
 * import { reviewApiDocument } from 'gradelanes/http';
 *
 * console.log(reviewApiDocument({ title: 'Cards' })['openapi']); // 3.1.0
 * ```
 */
export function reviewApiDocument(
  options: { basePath?: string | undefined; title?: string | undefined; version?: string | undefined } = {},
): JsonDocument {
  const { basePath = DEFAULT_BASE_PATH, title = 'Review API', version = '1.0.0' } = options;
  const session = `${basePath}/session/{session_id}`;
  return {
    openapi: '3.1.0',
    info: { title, version },
    paths: {
      [`${session}/answers/{card_id}/parallel`]: route(
        'Grades answers, several at once',
        'ParallelAnswerRequest',
        'Reviews',
      ),
      [`${session}/answers/{card_id}/batch`]: route(
        'Grades answers, several to a call',
        'BatchAnswerRequest',
        'Reviews',
      ),
      [`${session}/answer/{card_id}`]: route('Grades one answer', 'SubmittedAnswer', 'SingleReview'),
    },
    components: { schemas: componentSchemas() },
  };
}

function route(summary: string, request: keyof typeof SCHEMAS, reply: keyof typeof SCHEMAS): JsonDocument {
  const inPath = (name: string): JsonDocument => ({ name, in: 'path', required: true, schema: { type: 'string' } });
  const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', maxLength: 255 } };
  const problems = Object.entries(PROBLEMS).map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: referenceTo('Problem') } } },
  ]);
  const eventStream = {
    schema: { type: 'string', description: 'Events `progress`, then `result` with the same reply as JSON, or `error`' },
  };
  return {
    post: {
      summary,
      parameters: [inPath('session_id'), inPath('card_id'), key],
      requestBody: { required: true, content: { 'application/json': { schema: referenceTo(request) } } },
      responses: {
        200: {
          description: 'One result per answer, graded or failed',
          content: { 'application/json': { schema: referenceTo(reply) }, 'text/event-stream': eventStream },
        },
        ...Object.fromEntries(problems),
      },
    },
  };
}

function componentSchemas(): JsonDocument {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries<z.core.$ZodType>(SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => referenceTo(id).$ref,
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => void Object.assign(jsonSchema, HAND_CHECKED.get(zodSchema)),
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutNames(schema)]));
}

/** Where a schema stands in the document says what it is. */
function withoutNames(schema: object): JsonDocument {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$id' && name !== '$schema'));
}

function referenceTo(id: string): { $ref: string } {
  return { $ref: `#/components/schemas/${id}` };
}
