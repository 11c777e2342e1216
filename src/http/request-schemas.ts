import * as z from 'zod/mini';
import type { BatchAnswerRequest, ParallelAnswerRequest, SubmittedAnswer } from '../wire/review-wire.js';

/** Every message is the rule itself, so that a problem reads "field rule: received value". */
const INDEX_RULE = 'must be the index of a question, counted from 0';
const index = z.int({ error: INDEX_RULE }).check(z.gte(0, { error: INDEX_RULE }));
const TASKS_RULE = 'must be an integer from 1 to 10';
const tasks = z.int({ error: TASKS_RULE }).check(z.gte(1, { error: TASKS_RULE }), z.lte(10, { error: TASKS_RULE }));
const mode = z.enum(['auto', 'parallel', 'batch', 'sequential'], {
  error: "must be 'auto', 'parallel', 'batch' or 'sequential'",
});
/** Parts of one answer, such as the blanks of a text. */
const MAX_PARTS = 1_000;

/**
 * One answer. Checked by hand, to the first part that is wrong: a union of lists would look at every part twice and keep
 * a complaint about each.
 */
const answer = z.custom<SubmittedAnswer['answer']>(isAnswer, {
  error: `must be a text, a list of texts or a list of numbers, of at most ${MAX_PARTS} parts`,
});

/** The schemas that no JSON Schema can be made from, with those that say the same. */
export const HAND_CHECKED: ReadonlyMap<unknown, object> = new Map([
  [
    answer,
    {
      anyOf: [
        { type: 'string' },
        { type: 'array', items: { type: 'string' }, maxItems: MAX_PARTS },
        { type: 'array', items: { type: 'number' }, maxItems: MAX_PARTS },
      ],
    },
  ],
]);

function isAnswer(value: unknown): boolean {
  if (typeof value === 'string') return true;
  if (!Array.isArray(value) || value.length > MAX_PARTS) return false;
  return value.every((part) => typeof part === 'string') || value.every((part) => Number.isFinite(part));
}

/** The body of the route for a single answer, and one of several answers. More properties than these are not read. */
export const submittedAnswerSchema: z.ZodMiniType<SubmittedAnswer> = z.object(
  { question_index: index, answer },
  { error: 'must be { question_index, answer }' },
);

const answers = z
  .array(submittedAnswerSchema, { error: 'must be a list of answers' })
  .check(z.minLength(1, { error: 'must be a list of at least one answer' }));

/** The body of the batch route. */
export const batchRequestSchema: z.ZodMiniType<BatchAnswerRequest> = z.object(
  { answers: z.readonly(answers) },
  { error: 'must be { answers: [...] }' },
);

/** The body of the parallel route. */
export const parallelRequestSchema: z.ZodMiniType<ParallelAnswerRequest> = z.object(
  {
    answers: z.readonly(answers),
    processing_mode: z.optional(mode),
    max_concurrent_tasks: z.optional(tasks),
  },
  { error: 'must be { answers: [...] }' },
);
