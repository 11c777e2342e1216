import { callBulk, withProviderErrors } from '../vendor/bulk-call.js';
import type { BulkLabel, BulkRow, BulkVendor } from '../contract/bulk-vendor.js';
import { checkProviderOptions, notAClient, type OptionRule } from '../input/option-rules.js';
import type { ModelRequest } from '../contract/provider.js';
import { objectOf, textOf } from '../json/untyped-json.js';
import { batchMetadata, batchProgress, findBatch } from './bulk-progress.js';
import { batchRow, readJsonLines } from './bulk-row.js';
import { chatRequest, chatWording } from './chat-request.js';
import type { OpenAIBulkClient, OpenAIFileExpiry } from './openai-bulk-client.js';
import { type OpenAIBulkOptions, openaiOptionRules } from './options.js';
import { isOpenAIHost, serverLabel } from './openai-host.js';
import { responsesRequest } from './responses-request.js';

const DEFAULT_KEEP_FILES_DAYS = 7;
const SECONDS_PER_DAY = 24 * 60 * 60;

/** The most that one page of batches holds. */
const PAGE_SIZE = 100;

const someDays: OptionRule = {
  rule: 'must be a number from 1 to 30',
  holds: (value) => typeof value === 'number' && value >= 1 && value <= 30,
};

/** A client, and how it is used. */
interface Road {
  readonly client: OpenAIBulkClient;
  /** What messages call the other side. */
  readonly vendor: string;
  readonly endpoint: '/v1/responses' | '/v1/chat/completions';
  readonly expiry: OpenAIFileExpiry;
}

/**
 * The batches of OpenAI or a compatible server through a client of yours, for `submit`, `poll` and `collect`. Requests
 * and replies are those of `openaiProvider`. The vendor is told to delete its files after `keepFilesDays`.
 *
 * @throws {GradingOptionsError} for a client or an option that makes no sense.
 *
 * @example
 * ```ts
 * import OpenAI from 'openai';
 * import { openaiBulk } from 'gradelanes/openai';
 *
 * const vendor = openaiBulk(new OpenAI({ apiKey: 'test' }), { model: 'gpt-6-luna' });
 * console.log(vendor.kind); // openai
 * ```
 */
export function openaiBulk(client: OpenAIBulkClient, options: OpenAIBulkOptions): BulkVendor {
  const road = roadOf(client, options);
  const { vendor, endpoint } = road;
  const { batches } = client;
  return {
    kind: 'openai',
    name: options.name ?? 'openai',
    maxRequests: 50_000,
    maxBytes: 200_000_000,
    frame: { before: '', between: '\n', after: '\n' },
    writeRequest: (id, request) =>
      JSON.stringify({ custom_id: id, method: 'POST', url: endpoint, body: requestBody(road, request, options) }),
    create: (file, label, signal) => createBatch(road, file, label, signal),
    find: (search, signal) => {
      const found = withProviderErrors(vendor, signal, () => batches.list({ limit: PAGE_SIZE }, { signal }));
      return findBatch(found, search);
    },
    progress: async (batchId, signal) =>
      batchProgress(await callBulk(vendor, signal, () => batches.retrieve(batchId, { signal })), vendor),
    rows: (batchId, signal) => withProviderErrors(vendor, signal, () => readRows(road, batchId, signal)),
    cancel: async (batchId, signal) => {
      await callBulk(vendor, signal, () => batches.cancel(batchId, { signal }));
    },
  };
}

function roadOf(client: OpenAIBulkClient, options: OpenAIBulkOptions): Road {
  const { serviceTier: _, limitKey: __, ...rules } = openaiOptionRules;
  checkProviderOptions(options, { ...rules, keepFilesDays: someDays });
  const { files, batches } = objectOf(client);
  if (typeof objectOf(files)['create'] !== 'function' || typeof objectOf(batches)['create'] !== 'function') {
    throw notAClient(client, 'a client of the openai package with batches', 'new OpenAI()');
  }
  const api = options.api ?? (isOpenAIHost(client.baseURL) ? 'responses' : 'chat');
  const days = options.keepFilesDays ?? DEFAULT_KEEP_FILES_DAYS;
  return {
    client,
    vendor: options.name ?? serverLabel(client.baseURL),
    endpoint: api === 'responses' ? '/v1/responses' : '/v1/chat/completions',
    expiry: { anchor: 'created_at', seconds: Math.round(days * SECONDS_PER_DAY) },
  };
}

function requestBody({ client, endpoint }: Road, request: ModelRequest, options: OpenAIBulkOptions): object {
  const mode = options.outputMode ?? 'json_schema';
  if (endpoint === '/v1/responses') return responsesRequest(request, mode, options);
  return chatRequest(request, mode, chatWording(options, client.baseURL));
}

async function createBatch(
  { client, vendor, endpoint, expiry }: Road,
  requests: Blob,
  label: BulkLabel,
  signal: AbortSignal,
): Promise<string> {
  const file = new File([requests], `${label.runId}-${label.first}.jsonl`, { type: 'application/jsonl' });
  const input = await callBulk(vendor, signal, (each) =>
    client.files.create({ file, purpose: 'batch', expires_after: expiry }, each),
  );
  const batch = await callBulk(vendor, signal, (each) =>
    client.batches.create(
      {
        input_file_id: textOf(input['id']) ?? '',
        endpoint,
        completion_window: '24h',
        metadata: batchMetadata(label),
        output_expires_after: expiry,
      },
      each,
    ),
  );
  return textOf(batch['id']) ?? '';
}

/** Replies and errors come in files of their own, each of which may be missing. */
async function* readRows({ client, vendor }: Road, batchId: string, signal: AbortSignal): AsyncGenerator<BulkRow> {
  const batch = await callBulk(vendor, signal, () => client.batches.retrieve(batchId, { signal }));
  for (const name of ['output_file_id', 'error_file_id']) {
    const fileId = textOf(batch[name]);
    if (fileId === undefined) continue;
    const { body } = await client.files.content(fileId, { signal });
    if (body === null) continue;
    for await (const row of readJsonLines(body)) yield batchRow(objectOf(row), vendor);
  }
}
