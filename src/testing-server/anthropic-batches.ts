import { objectOf, objectsOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { anthropicMessages } from './anthropic-messages.js';
import { anthropicWire, invalidRequest } from './anthropic-wire.js';
import type { BatchOutcome, MockBatch } from './batch-book.js';
import { outcomesOf } from './batch-outcomes.js';
import { jsonReply, linesReply, pageOf, type BatchRequest, type BatchRoute } from './batch-request.js';
import type { Problem } from './dialect.js';
import type { WireReply } from './wire-reply.js';

const PATH = '/v1/messages/batches';
const MAX_REQUESTS = 100_000;
const MAX_BYTES = 256_000_000;
const ID = /^[\w-]{1,64}$/;
const DAY_MS = 24 * 60 * 60 * 1_000;

const NAMES: Readonly<Record<BatchOutcome['kind'], 'succeeded' | 'expired' | 'canceled'>> = {
  replied: 'succeeded',
  expired: 'expired',
  cancelled: 'canceled',
};

/** Anthropic's message batches. */
export const anthropicBatches: BatchRoute = {
  path: PATH,
  dialect: anthropicMessages,
  answer: async (request) => {
    const { method, segments, query, context, record } = request;
    const { batches } = context.batches;
    const [id, action] = segments;
    if (id === undefined && method === 'POST') return create(request);
    if (id === undefined) return list(batches.values(), query);
    const batch = batches.get(id);
    if (batch === undefined) return { status: 404, type: 'not_found_error', message: `batch: ${id}` };
    if (method === 'POST' && action === 'cancel') {
      batch.isCancelled = batch.outcomes === undefined;
      return jsonReply(written(batch));
    }
    const outcomes = await outcomesOf(batch, record, context);
    batch.pollsLeft = Math.max(0, batch.pollsLeft - 1);
    if (action === undefined) return jsonReply(written(batch));
    if (action !== 'results') return undefined;
    return outcomes === undefined ? invalidRequest('The batch has not ended.') : linesReply(outcomes.map(rowOf));
  },
};

function create({ body, text, context, header }: BatchRequest): WireReply | Problem {
  const { maxRequests = MAX_REQUESTS, maxBytes = MAX_BYTES } = context.batches.options;
  const requests = objectsOf(body['requests']);
  const ids = requests.map((each) => textOf(each['custom_id']) ?? '');
  if (requests.length === 0) return invalidRequest('requests: Field required');
  if (requests.length > maxRequests || text.length > maxBytes) return anthropicWire.problemOf(413);
  if (!ids.every((id) => ID.test(id))) return invalidRequest('requests.0.custom_id: String should match pattern');
  if (new Set(ids).size < ids.length) return invalidRequest('requests: custom_id must be unique');
  const lines = requests.map((each, index) => ({
    id: ids[index] ?? '',
    dialect: anthropicMessages,
    body: objectOf(each['params']),
  }));
  const resultsUrl = `http://${header('host') ?? ''}${PATH}`;
  return jsonReply(written(context.batches.open('msgbatch_01mock', lines, { resultsUrl })));
}

function list(batches: Iterable<MockBatch>, query: URLSearchParams): WireReply {
  const { page, hasMore } = pageOf(batches, query, 'after_id');
  const data = page.map(written);
  return jsonReply({ data, has_more: hasMore, first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null });
}

/** Until it has ended, all of its requests count as being worked on. */
function written(batch: MockBatch): JsonObject {
  const { id, outcomes, createdAt, details, lines, isCancelled } = batch;
  const counts = { processing: 0, succeeded: 0, errored: 0, canceled: 0, expired: 0 };
  for (const outcome of outcomes ?? []) counts[typeOf(outcome)]++;
  if (outcomes === undefined) counts.processing = lines.length;
  const hasEnded = outcomes !== undefined;
  return {
    id,
    type: 'message_batch',
    processing_status: hasEnded ? 'ended' : isCancelled ? 'canceling' : 'in_progress',
    request_counts: counts,
    created_at: isoDate(createdAt),
    expires_at: isoDate(createdAt + DAY_MS),
    ended_at: hasEnded ? isoDate(Date.now()) : null,
    archived_at: null,
    cancel_initiated_at: isCancelled ? isoDate(createdAt) : null,
    results_url: hasEnded ? `${String(details['resultsUrl'])}/${id}/results` : null,
  };
}

function rowOf(outcome: BatchOutcome): JsonObject {
  const type = typeOf(outcome);
  if (outcome.kind !== 'replied') return { custom_id: outcome.id, result: { type } };
  const result = type === 'errored' ? { type, error: outcome.body } : { type, message: outcome.body };
  return { custom_id: outcome.id, result };
}

function typeOf(outcome: BatchOutcome): 'succeeded' | 'errored' | 'expired' | 'canceled' {
  return outcome.kind === 'replied' && outcome.status >= 400 ? 'errored' : NAMES[outcome.kind];
}

function isoDate(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
