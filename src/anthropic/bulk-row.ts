import { unanswered } from '../vendor/bulk-call.js';
import type { BulkRow } from '../contract/bulk-vendor.js';
import { isProviderError, type ProviderError } from '../contract/errors.js';
import { objectOf, textOf, type JsonObject } from '../json/untyped-json.js';
import { toProviderError } from '../vendor/to-provider-error.js';
import { messageReply, messageReport } from './message-reply.js';

const NEVER_ABORTED: AbortSignal = new AbortController().signal;

/** One row of a batch's results: a message, or what became of the request instead. */
export function batchRow(row: JsonObject): BulkRow {
  const id = textOf(row['custom_id']) ?? '';
  const result = objectOf(row['result']);
  if (result['type'] !== 'succeeded') return { id, report: {}, error: errorOf(result) };
  const message = objectOf(result['message']);
  const report = messageReport(message);
  try {
    return { id, report, reply: messageReply(message) };
  } catch (error) {
    if (!isProviderError(error)) throw error;
    return { id, report, error };
  }
}

function errorOf(result: JsonObject): ProviderError {
  if (result['type'] === 'expired') return unanswered('Anthropic', 'expired');
  if (result['type'] === 'canceled') return unanswered('Anthropic', 'cancelled');
  const response = objectOf(result['error']);
  const error = objectOf(response['error']);
  // Rows have no status; of the types that need one, this is the only one that is not the server's fault.
  const status = error['type'] === 'invalid_request_error' ? 400 : 500;
  return toProviderError({ status, error: response, requestID: response['request_id'] }, NEVER_ABORTED, 'Anthropic');
}
