import { objectOf, type JsonObject } from '../json/untyped-json.js';
import type { BatchLine, BatchOutcome, MockBatch, MockBatchOptions } from './batch-book.js';
import type { RecordedRequest } from './recorded-request.js';
import { replyOfModel, type AnswerContext } from './reply-of-model.js';
import { errorReply, type WireReply } from './wire-reply.js';

/** What becomes of the lines of a batch that has ended; `undefined` while it runs. */
export async function outcomesOf(
  batch: MockBatch,
  record: RecordedRequest,
  context: AnswerContext,
): Promise<readonly BatchOutcome[] | undefined> {
  if (batch.pollsLeft > 0) return undefined;
  const outcomes: BatchOutcome[] = [];
  if (batch.outcomes === undefined) {
    for (const line of batch.lines) {
      outcomes.push(batch.isCancelled ? { id: line.id, kind: 'cancelled' } : await outcomeOf(line, record, context));
    }
    batch.outcomes = inOrder(outcomes, context.batches.options.order);
  }
  return batch.outcomes;
}

async function outcomeOf(
  { id, dialect, body }: BatchLine,
  { index, headers }: RecordedRequest,
  context: AnswerContext,
): Promise<BatchOutcome> {
  const requestId = dialect.wire.requestId(index);
  const at = { ...context, dialect, requestId };
  const problem = dialect.check(body, (name) => headers[name]);
  if (problem !== undefined) return replied(id, requestId, errorReply(problem, at));
  const row = { index, path: dialect.path, headers, keys: [], answers: [] };
  const { reply, request } = await replyOfModel(body, row, at);
  if (context.batches.options.expires?.(request) === true) return { id, kind: 'expired' };
  const isWhole = reply.delivery === 'whole' && parsed(reply.body) !== undefined;
  return replied(id, requestId, isWhole ? reply : errorReply(dialect.wire.problemOf(500), at));
}

function replied(id: string, requestId: string, { status, body }: WireReply): BatchOutcome {
  return { id, kind: 'replied', status, requestId, body: objectOf(parsed(body)) };
}

function parsed(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function inOrder(outcomes: BatchOutcome[], order: MockBatchOptions['order'] = 'input'): readonly BatchOutcome[] {
  if (order === 'input') return outcomes;
  return order === 'reversed' ? outcomes.toReversed() : shuffled(outcomes);
}

/** The same order every time. */
function shuffled<T>(values: readonly T[]): readonly T[] {
  const drawn = values.map((value, index) => ({ value, place: Math.imul(index + 1, 0x9e3779b1) >>> 0 }));
  return drawn.toSorted((a, b) => a.place - b.place).map(({ value }) => value);
}
