import { isJsonObject, objectOf, textOf, type JsonObject } from '../json/untyped-json.js';
import type { BatchLine, BatchOutcome, MockBatch, MockBatchOptions } from './batch-book.js';
import { outcomesOf } from './batch-outcomes.js';
import { jsonReply, linesReply, pageOf, type BatchRequest, type BatchRoute } from './batch-request.js';
import type { Dialect, Problem } from './dialect.js';
import { openaiChat } from './openai-chat.js';
import { openaiResponses } from './openai-responses.js';
import { invalidRequest, missingParameter } from './openai-wire.js';
import type { WireReply } from './wire-reply.js';

const MAX_REQUESTS = 50_000;
const MAX_BYTES = 200_000_000;

const ENDPOINTS: ReadonlyMap<unknown, Dialect> = new Map(
  [openaiChat, openaiResponses].map((dialect) => [dialect.path, dialect]),
);

/** OpenAI's files, as far as batches need them. */
export const openaiFiles: BatchRoute = {
  path: '/v1/files',
  dialect: openaiChat,
  answer: async ({ method, segments: [id, action], text, header, context, record }) => {
    const { files, batches } = context.batches;
    if (method === 'POST' && id === undefined) {
      const content = await uploaded(text, header('content-type') ?? '');
      if (content === undefined) return missingParameter('file');
      const fileId = `file-mock${files.size + 1}`;
      files.set(fileId, content);
      return jsonReply({ id: fileId, object: 'file', purpose: 'batch', bytes: content.length, status: 'processed' });
    }
    if (method !== 'GET' || id === undefined || action !== 'content') return undefined;
    const [batchId = '', isOfErrors] = id.split(/(-errors)?-file$/);
    const batch = batches.get(batchId);
    const outcomes = batch && (await outcomesOf(batch, record, context));
    if (outcomes === undefined) return notFound(id);
    return linesReply(outcomes.filter((each) => isError(each) === (isOfErrors !== undefined)).map(rowOf));
  },
};

/** OpenAI's batches. */
export const openaiBatches: BatchRoute = {
  path: '/v1/batches',
  dialect: openaiChat,
  answer: async (request) => {
    const { method, segments, query, context, record } = request;
    const { batches } = context.batches;
    const [id, action] = segments;
    if (id === undefined && method === 'POST') return create(request);
    if (id === undefined) {
      const { page, hasMore } = pageOf(batches.values(), query, 'after');
      return jsonReply({ object: 'list', data: page.map(written), has_more: hasMore });
    }
    const batch = batches.get(id);
    if (batch === undefined) return notFound(id);
    if (method === 'POST' && action === 'cancel') batch.isCancelled = batch.outcomes === undefined;
    else if (method === 'GET' && action === undefined) {
      await outcomesOf(batch, record, context);
      batch.pollsLeft = Math.max(0, batch.pollsLeft - 1);
    } else return undefined;
    return jsonReply(written(batch));
  },
};

async function uploaded(text: string, contentType: string): Promise<string | undefined> {
  const form = await new Response(text, { headers: { 'content-type': contentType } }).formData().catch(() => undefined);
  const file = form?.get('file');
  return file instanceof Blob && form?.get('purpose') === 'batch' ? file.text() : undefined;
}

function create({ body, context: { batches } }: BatchRequest): WireReply | Problem {
  const content = batches.files.get(String(body['input_file_id']));
  if (content === undefined) return notFound(String(body['input_file_id']));
  if (body['completion_window'] !== '24h') return missingParameter('completion_window');
  const dialect = ENDPOINTS.get(body['endpoint']);
  if (dialect === undefined) return invalidRequest(`Invalid value: '${String(body['endpoint'])}'.`, 'endpoint');
  const { lines, fault } = readLines(content, dialect, batches.options);
  const details = { endpoint: dialect.path, inputFileId: body['input_file_id'], metadata: body['metadata'], fault };
  return jsonReply(written(batches.open('batch_mock', fault === undefined ? lines : [], details)));
}

/** A file that is not as it must be is found out after the batch was created, as at the vendor. */
function readLines(
  content: string,
  dialect: Dialect,
  { maxRequests = MAX_REQUESTS, maxBytes = MAX_BYTES }: MockBatchOptions,
): { lines: readonly BatchLine[]; fault?: string } {
  const lines: BatchLine[] = [];
  const ids = new Set<string>();
  for (const text of content.split('\n').filter(Boolean)) {
    const line = parsed(text);
    const id = textOf(line['custom_id']);
    if (id === undefined || !isJsonObject(line['body'])) return { lines, fault: 'invalid_json_line' };
    if (line['url'] !== dialect.path || line['method'] !== 'POST') return { lines, fault: 'mismatched_endpoint' };
    if (ids.has(id)) return { lines, fault: 'duplicate_custom_id' };
    ids.add(id);
    lines.push({ id, dialect, body: line['body'] });
  }
  if (lines.length === 0) return { lines, fault: 'empty_file' };
  const isTooLarge = lines.length > maxRequests || Buffer.byteLength(content) > maxBytes;
  return isTooLarge ? { lines, fault: 'request_limit_exceeded' } : { lines };
}

function written(batch: MockBatch): JsonObject {
  const { id, outcomes, createdAt, details, lines } = batch;
  const failed = outcomes?.filter(isError).length ?? 0;
  const completed = (outcomes?.length ?? 0) - failed;
  const { fault } = details;
  return {
    id,
    object: 'batch',
    endpoint: details['endpoint'],
    input_file_id: details['inputFileId'],
    completion_window: '24h',
    status: statusOf(batch),
    created_at: Math.floor(createdAt / 1_000),
    ...(outcomes !== undefined && { completed_at: Math.floor(Date.now() / 1_000) }),
    ...(completed > 0 && { output_file_id: `${id}-file` }),
    ...(failed > 0 && { error_file_id: `${id}-errors-file` }),
    ...(fault !== undefined && { errors: { object: 'list', data: [{ code: fault, message: 'Mock.', line: null }] } }),
    request_counts: { total: lines.length, completed, failed },
    metadata: details['metadata'] ?? null,
  };
}

function statusOf({ outcomes, isCancelled, details }: MockBatch): string {
  if (details['fault'] !== undefined) return 'failed';
  if (outcomes === undefined) return isCancelled ? 'cancelling' : 'in_progress';
  if (isCancelled) return 'cancelled';
  return outcomes.some(({ kind }) => kind === 'expired') ? 'expired' : 'completed';
}

function isError(outcome: BatchOutcome): boolean {
  return outcome.kind !== 'replied' || outcome.status >= 400;
}

function rowOf(outcome: BatchOutcome): JsonObject {
  const row = { id: `batch_req_${outcome.id}`, custom_id: outcome.id };
  if (outcome.kind !== 'replied') {
    const code = outcome.kind === 'expired' ? 'batch_expired' : 'batch_cancelled';
    return { ...row, response: null, error: { code, message: 'This request was not executed in time.' } };
  }
  const { status, requestId, body } = outcome;
  return { ...row, response: { status_code: status, request_id: requestId, body }, error: null };
}

function notFound(id: string): Problem {
  return { ...invalidRequest(`No such object: ${id}`, 'id'), status: 404 };
}

function parsed(text: string): JsonObject {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return {};
  }
}
