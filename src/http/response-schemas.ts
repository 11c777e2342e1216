import * as z from 'zod/mini';
import type { ParallelApiResponse, ReviewProblem, WireMetrics, WireResult } from '../wire/review-wire.js';

const text = z.string();
const number = z.number();
const count = z.int();
const maybe = <Schema extends z.core.$ZodType>(schema: Schema) => z.exactOptional(z.nullable(schema));
const list = <Schema extends z.core.$ZodType>(schema: Schema) => z.readonly(z.array(schema));

const mode = z.enum(['parallel', 'batch', 'sequential']);
const failureCode = z.enum([
  ...(['rate_limited', 'overloaded', 'timeout', 'network', 'server', 'truncated', 'malformed', 'too_large'] as const),
  ...(['refused', 'auth', 'quota', 'not_found', 'invalid_request', 'unsupported', 'aborted'] as const),
  ...(['deadline_exceeded', 'budget_exceeded', 'unknown'] as const),
]);

const effort = { mode: maybe(mode), attempts: count, duration_ms: number, queued_ms: number };
const reference = { question_index: count, question_id: text };
const points = { score_given: number, score_maximum: number };

const gradedSchema = z.object({
  ...reference,
  status: z.literal('graded'),
  is_correct: z.boolean(),
  score_given: number,
  score_maximum: number,
  scaled_score: number,
  feedback: maybe(text),
  criteria: maybe(
    list(z.object({ id: text, ...points, evidence: maybe(list(z.object({ start: count, end: count }))) })),
  ),
  parts: maybe(list(z.object({ index: count, is_correct: z.boolean(), ...points }))),
  suggested_rating: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  graded_by: z.enum(['rule', 'exact', 'llm', 'offline']),
  from_cache: z.boolean(),
  needs_review: z.boolean(),
  provider: maybe(text),
  model: maybe(text),
  ...effort,
});

const failedSchema = z.object({
  ...reference,
  status: z.literal('failed'),
  is_correct: z.null(),
  error: z.object({ code: failureCode, message: text, retryable: z.boolean(), retry_at: maybe(text) }),
  ...effort,
});

/** One result in a reply. */
export const resultSchema: z.ZodMiniType<WireResult> = z.discriminatedUnion('status', [gradedSchema, failedSchema]);

const fallback = z.object({
  kind: z.enum(['mode', 'provider']),
  from: text,
  to: text,
  code: failureCode,
  reason: text,
  answer_count: count,
});

const usage = z.object({
  input_tokens: number,
  output_tokens: number,
  cache_read_tokens: maybe(number),
  cache_write_tokens: maybe(number),
  reasoning_tokens: maybe(number),
});

/** How the work was done. */
export const metricsSchema: z.ZodMiniType<WireMetrics> = z.object({
  total_processing_time_ms: number,
  parallel_tasks_spawned: count,
  concurrent_execution_count: count,
  average_task_duration_ms: z.nullable(number),
  processing_mode_used: z.nullable(
    z.enum(['parallel', 'batch', 'sequential', 'batch_fallback', 'sequential_fallback']),
  ),
  fallback_reason: maybe(text),
  requested_mode: z.enum(['auto', 'parallel', 'batch', 'sequential']),
  selected_mode: mode,
  fallbacks: list(fallback),
  estimated_sequential_time_ms: z.nullable(number),
  time_saved_ms: z.nullable(number),
  speedup: z.nullable(number),
  graded_count: count,
  failed_count: count,
  needs_review_count: count,
  local_count: count,
  cached_count: count,
  coalesced_count: count,
  requests: count,
  retries: count,
  hedges: z.object({ sent: count, won: count }),
  rate_limited: count,
  paused_ms: number,
  latency_ms: z.nullable(z.object({ p50: number, p95: number, p99: number, max: number })),
  queue_ms: z.nullable(z.object({ p50: number, p95: number, max: number })),
  time_to_first_result_ms: z.nullable(number),
  limit_history: list(z.object({ provider: text, at_ms: number, from: number, to: number, reason: text })),
  usage: z.nullable(usage),
  cost: maybe(number),
  leaked: count,
});

const success = { success: z.literal(true), metrics: metricsSchema };

/** The reply of the routes for several answers. */
export const reviewsSchema: z.ZodMiniType<ParallelApiResponse> = z.object({ ...success, data: list(resultSchema) });

/** The reply of the route for a single answer. */
export const singleReviewSchema: z.ZodMiniType<ParallelApiResponse<WireResult>> = z.object({
  ...success,
  data: resultSchema,
});

/** The body of every reply with an error status. */
export const problemSchema: z.ZodMiniType<ReviewProblem> = z.object({
  type: z.literal('about:blank'),
  title: text,
  status: count,
  detail: text,
  success: z.literal(false),
  errors: z.exactOptional(list(z.object({ field: text, pointer: text, detail: text }))),
  code: z.exactOptional(failureCode),
  retry_after_ms: z.exactOptional(number),
});
