import type { CallContext, CallReport, GradingItem, ModelRequest } from '../../src/contract/provider.js';
import { writePrompt } from '../../src/grading/prompt/write-prompt.js';
import { REPLY_SCHEMA_NAME, replySchema } from '../../src/grading/prompt/reply-schema.js';

/** A call context that keeps what was reported, last value of each field. */
export function recordingCall(
  signal: AbortSignal = new AbortController().signal,
): CallContext & { reported: CallReport } {
  const reported: CallReport = {};
  return {
    signal,
    attempt: 1,
    callId: 'call-1',
    reported,
    report: (report) => {
      Object.assign(reported, report);
    },
  };
}

/** Items with the texts as answers to one question, keyed `k1`, `k2`, ... */
export function gradingItems(...answers: readonly string[]): readonly GradingItem[] {
  const question = { prompt: 'Why does ice float?', referenceAnswers: ['It is less dense than water.'] };
  return answers.map((answer, index) => ({ id: `k${index + 1}`, question, answer }));
}

/** What the engine would ask of a model for these answers. */
export function modelRequest(...answers: readonly string[]): ModelRequest {
  const items = gradingItems(...answers);
  return {
    ...writePrompt(items),
    schema: replySchema(items),
    schemaName: REPLY_SCHEMA_NAME,
    itemIds: items.map(({ id }) => id),
    maxOutputTokens: 500,
  };
}
