import { callBulk, withProviderErrors } from '../vendor/bulk-call.js';
import type { BulkProgress, BulkRow, BulkSearch, BulkVendor, FoundBatch } from '../contract/bulk-vendor.js';
import { checkProviderOptions, notAClient } from '../input/option-rules.js';
import { countOf, objectOf, textOf, type JsonObject } from '../json/untyped-json.js';
import type { AnthropicBulkClient } from './anthropic-bulk-client.js';
import { anthropicOptionRules, type AnthropicProviderOptions } from './options.js';
import { batchRow } from './bulk-row.js';
import { messageRequest } from './message-request.js';

const PATH = '/v1/messages/batches';

/** The most that one page of batches holds. */
const PAGE_SIZE = 100;

/** How far the vendor's clock and ours may be apart, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60 * 1_000;

/**
 * Anthropic's message batches through a client of yours, for `submit`, `poll` and `collect`. Requests and replies are
 * those of `anthropicProvider`. The vendor keeps results for 29 days.
 *
 * @throws {GradingOptionsError} for a client or an option that makes no sense.
 *
 * @example
 * ```ts
 * import Anthropic from '@anthropic-ai/sdk';
 * import { anthropicBulk } from 'gradelanes/anthropic';
 *
 * const vendor = anthropicBulk(new Anthropic({ apiKey: 'test' }), { model: 'claude-haiku-5-5' });
 * console.log(vendor.kind); // anthropic
 * ```
 */
export function anthropicBulk(client: AnthropicBulkClient, options: AnthropicProviderOptions): BulkVendor {
  const batches = batchesOf(client);
  checkProviderOptions(options, anthropicOptionRules);
  const { name = 'anthropic' } = options;
  const rows = (batchId: string, signal: AbortSignal): AsyncIterable<BulkRow> =>
    withProviderErrors('Anthropic', signal, () => readRows(batches, batchId, signal));
  return {
    kind: 'anthropic',
    name,
    maxRequests: 100_000,
    maxBytes: 256_000_000,
    frame: { before: '{"requests":[', between: ',', after: ']}' },
    writeRequest: (id, request) => JSON.stringify({ custom_id: id, params: messageRequest(request, options) }),
    create: async (body, _, signal) => {
      const headers = { 'content-type': 'application/json' };
      const batch = await callBulk('Anthropic', signal, (each) => client.post(PATH, { ...each, body, headers }));
      return textOf(batch['id']) ?? '';
    },
    find: async (search, signal) => {
      const found = withProviderErrors('Anthropic', signal, () => batches.list({ limit: PAGE_SIZE }, { signal }));
      return findBatch(found, search, (batchId) => rows(batchId, signal));
    },
    progress: async (batchId, signal) =>
      progressOf(await callBulk('Anthropic', signal, () => batches.retrieve(batchId, undefined, { signal }))),
    rows,
    cancel: async (batchId, signal) => {
      await callBulk('Anthropic', signal, () => batches.cancel(batchId, undefined, { signal }));
    },
  };
}

function batchesOf(client: AnthropicBulkClient): AnthropicBulkClient['messages']['batches'] {
  const { batches } = objectOf(objectOf(client)['messages']);
  if (typeof objectOf(batches)['retrieve'] !== 'function' || typeof client.post !== 'function') {
    throw notAClient(client, 'a client of @anthropic-ai/sdk with message batches', 'new Anthropic()');
  }
  return client.messages.batches;
}

async function* readRows(
  batches: AnthropicBulkClient['messages']['batches'],
  batchId: string,
  signal: AbortSignal,
): AsyncGenerator<BulkRow> {
  for await (const row of await batches.results(batchId, undefined, { signal })) yield batchRow(objectOf(row));
}

function progressOf(batch: JsonObject): BulkProgress {
  const counts = countsOf(batch);
  const isEnded = batch['processing_status'] === 'ended';
  const failed = counts.errored + counts.canceled + counts.expired;
  const durationMs = timeOf(batch['ended_at']) - timeOf(batch['created_at']);
  return { isEnded, finished: counts.succeeded + failed, failed, durationMs: durationMs > 0 ? durationMs : 0 };
}

function countsOf(batch: JsonObject): Record<'processing' | 'succeeded' | 'errored' | 'canceled' | 'expired', number> {
  const counts = objectOf(batch['request_counts']);
  const count = (name: string): number => countOf(counts[name]) ?? 0;
  return {
    processing: count('processing'),
    succeeded: count('succeeded'),
    errored: count('errored'),
    canceled: count('canceled'),
    expired: count('expired'),
  };
}

/**
 * Batches carry nothing of ours that can be seen before they have ended: then their rows tell whose they are. One that is
 * still running is taken by its time and its number of requests, which is safe: `collect` goes by the rows.
 */
async function findBatch(
  newestFirst: AsyncIterable<unknown>,
  { announced, knownIds, owns }: BulkSearch,
  rows: (batchId: string) => AsyncIterable<BulkRow>,
): Promise<FoundBatch | undefined> {
  if (announced === undefined) return undefined;
  let oldest: FoundBatch | undefined;
  for await (const each of newestFirst) {
    const batch = objectOf(each);
    if (timeOf(batch['created_at']) < announced.startedAt - CLOCK_SKEW_MS) break;
    const batchId = textOf(batch['id']) ?? '';
    const requests = Object.values(countsOf(batch)).reduce((sum, count) => sum + count, 0);
    const isLike = requests === announced.requests && !knownIds.has(batchId) && batch['cancel_initiated_at'] == null;
    if (!isLike) continue;
    const found = { batchId, end: announced.end, requests };
    if (batch['processing_status'] !== 'ended') oldest = found;
    else if (await firstIs(owns, rows(batchId))) return found;
  }
  return oldest;
}

async function firstIs(owns: BulkSearch['owns'], rows: AsyncIterable<BulkRow>): Promise<boolean> {
  for await (const { id } of rows) return owns(id);
  return false;
}

/** `NaN` for what is no date. */
function timeOf(date: unknown): number {
  return Date.parse(String(date));
}
