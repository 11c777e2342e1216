import type { BulkRow } from '../contract/bulk-vendor.js';
import { isProviderError, type ProviderError } from '../contract/errors.js';
import type { CallReport } from '../contract/provider.js';
import { type JsonObject, objectOf, textOf } from '../json/untyped-json.js';
import { unanswered } from '../vendor/bulk-call.js';
import { toProviderError } from '../vendor/to-provider-error.js';
import { chatReply } from './chat-reply.js';
import { bodyReport } from './response-body.js';
import { responsesReply } from './responses-reply.js';

const NEVER_ABORTED: AbortSignal = new AbortController().signal;

const SUCCESS = 200;

/** One row of an output or error file: a response or a completion, or what became of the request instead. */
export function batchRow(row: JsonObject, vendor: string): BulkRow {
  const id = textOf(row['custom_id']) ?? '';
  const response = objectOf(row['response']);
  const body = objectOf(response['body']);
  const report: CallReport = bodyReport(body);
  const requestId = textOf(response['request_id']);
  if (requestId !== undefined) report.requestId = requestId;
  if (response['status_code'] !== SUCCESS) return { id, report, error: errorOf(row, response, vendor) };
  try {
    const read = body['choices'] === undefined ? responsesReply : chatReply;
    return { id, report, reply: read(body, vendor) };
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return { id, report, error };
  }
}

function errorOf(row: JsonObject, response: JsonObject, vendor: string): ProviderError {
  const error = objectOf(row['error']);
  if (error['code'] === 'batch_expired') return unanswered(vendor, 'expired');
  if (error['code'] === 'batch_cancelled') return unanswered(vendor, 'cancelled');
  // A row without a response never reached the model: the vendor's fault.
  const status = response['status_code'] ?? 500;
  const cause = objectOf(response['body'])['error'] ?? row['error'];
  return toProviderError({ status, error: cause, requestID: response['request_id'] }, NEVER_ABORTED, vendor);
}

/**
 * The documents of a stream of JSON lines, one after the other. Leaving the loop cancels the stream.
 *
 * @throws {SyntaxError} for a line that is no JSON, such as one that was cut off.
 */
export async function* readJsonLines(stream: ReadableStream<Uint8Array>): AsyncGenerator {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
