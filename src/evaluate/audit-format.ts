import * as z from 'zod/mini';
import type { GradingFailure } from '../contract/failure.js';
import type { Question } from '../contract/question.js';
import type { FailedAnswer, GradedAnswer } from '../contract/result.js';
import { questionSchemas } from '../input/answer-schemas.js';
import type { AuditedOptions } from './audited-options.js';
import type { OverriddenGrade } from './override-grade.js';

/** What a grader made of an answer, without its place in a run. */
export type AuditedResult =
  | Omit<GradedAnswer, 'index' | 'questionId' | 'answerId'>
  | Omit<FailedAnswer, 'index' | 'questionId' | 'answerId'>;

/** What a person decided. */
export type AuditedOverride = Omit<OverriddenGrade, 'status' | 'index' | 'questionId' | 'answerId' | 'original'>;

/** Everything that explains a grade later. Plain data that survives `JSON.stringify`. */
export interface AuditRecord {
  format: 'gradelanes-audit';
  /** Of the format. */
  version: 1;
  /** ISO 8601. */
  recordedAt: string;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** Marks, rule or rationale, provider, model, prompt version, request id; or why there is no grade. */
  result: AuditedResult;
  /** What people decided since, the latest last. */
  overrides: readonly AuditedOverride[];
  /** The options in force, defaults included: no client, key or function. */
  options: AuditedOptions;
  /** The question as it was then, where it was given. */
  question?: Question | undefined;
}

const text = z.string({ error: 'must be a text' });

const texts = z.readonly(z.array(text, { error: 'must be a list of texts' }));

const finite = z.number({ error: 'must be a finite number' });

const toggle = z.boolean({ error: 'must be true or false' });

const share = z
  .number({ error: 'must be a number from 0 to 1' })
  .check(z.refine((value: number) => value >= 0 && value <= 1, { error: 'must be a number from 0 to 1' }));

const moment = z
  .string({ error: 'must be a time in ISO 8601' })
  .check(z.refine((value: string) => !Number.isNaN(Date.parse(value)), { error: 'must be a time in ISO 8601' }));

const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const maybe = <Schema extends z.core.$ZodType>(schema: Schema) => z.optional(schema);

const rating = z.literal([1, 2, 3, 4], { error: 'must be 1, 2, 3 or 4' });

const mode = oneOf('parallel', 'batch', 'sequential');

const score = {
  scoreGiven: finite,
  scoreMaximum: finite,
  scaledScore: share,
  isCorrect: toggle,
  suggestedRating: rating,
};

const effort = {
  mode: maybe(mode),
  attempts: finite,
  durationMs: finite,
  queuedMs: finite,
  usage: maybe(
    z.object({
      inputTokens: finite,
      outputTokens: finite,
      cacheReadTokens: maybe(finite),
      cacheWriteTokens: maybe(finite),
      reasoningTokens: maybe(finite),
    }),
  ),
};

const graded = z.object({
  status: z.literal('graded'),
  ...score,
  ...effort,
  feedback: maybe(text),
  rationale: maybe(text),
  criteria: maybe(
    z.readonly(z.array(z.object({ id: text, scoreGiven: finite, scoreMaximum: finite, comment: maybe(text) }))),
  ),
  confidence: maybe(share),
  opinions: maybe(
    z.readonly(
      z.array(
        z.object({
          scaledScore: share,
          confidence: maybe(share),
          provider: text,
          model: maybe(text),
          requestId: maybe(text),
        }),
      ),
    ),
  ),
  gradedBy: oneOf('rule', 'exact', 'llm', 'offline'),
  fromCache: toggle,
  needsReview: toggle,
  reviewReasons: texts,
  rule: maybe(text),
  flags: maybe(texts),
  provider: maybe(text),
  model: maybe(text),
  promptVersion: maybe(text),
  requestId: maybe(text),
});

const failure: z.ZodMiniType<GradingFailure> = z.object({
  code: oneOf(
    ...(['rate_limited', 'overloaded', 'timeout', 'network', 'server', 'truncated', 'malformed', 'too_large'] as const),
    ...(['refused', 'auth', 'quota', 'not_found', 'invalid_request', 'unsupported', 'aborted'] as const),
    ...(['deadline_exceeded', 'budget_exceeded', 'unknown'] as const),
  ),
  message: text,
  scope: oneOf('item', 'call', 'provider'),
  retryable: toggle,
  retryAt: maybe(text),
  provider: maybe(text),
  requestId: maybe(text),
  causes: maybe(z.readonly(z.array(z.lazy(() => failure)))),
});

const override = z.object({
  ...score,
  feedback: maybe(text),
  reason: maybe(text),
  reviewer: maybe(text),
  overriddenAt: moment,
});

const plain = z.union([text, finite, toggle], { error: 'must be a text, a number, true or false' });

/** What a record holds and nothing else: whatever it does not name is left out. */
export const auditRecordSchema: z.ZodMiniType<AuditRecord> = z.object(
  {
    format: z.literal('gradelanes-audit', { error: "must be 'gradelanes-audit'" }),
    version: z.literal(1, { error: 'must be 1, the only version that this library knows' }),
    recordedAt: moment,
    questionId: maybe(text),
    answerId: maybe(text),
    result: z.discriminatedUnion(
      'status',
      [graded, z.object({ status: z.literal('failed'), ...effort, error: failure })],
      {
        error: 'must be a graded or failed result',
      },
    ),
    overrides: z.readonly(z.array(override, { error: 'must be a list' })),
    options: z.record(text, z.union([plain, z.record(text, plain)], { error: 'must be plain data' }), {
      error: 'must be an object',
    }),
    question: maybe(z.union(Object.values(questionSchemas), { error: 'must be a question' })),
  },
  { error: 'must be an object' },
);
