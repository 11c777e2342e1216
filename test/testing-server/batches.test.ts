import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { allOf } from '../tools/all-of.js';
import { useMockServers } from '../tools/mock-servers.js';

const startServer = useMockServers();

const params: Anthropic.MessageCreateParamsNonStreaming = {
  model: 'claude-haiku-5-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Hello' }],
};
const body = { model: 'gpt-6-luna', messages: [{ role: 'user', content: 'Hello' }] };
const url = '/v1/chat/completions';

describe("Anthropic's message batches", () => {
  test('list page by page, count their outcomes and give results', async () => {
    const server = await startServer({ respond: ({ prompt }) => (prompt === 'fail' ? { error: 529 } : undefined) });
    const { batches } = new Anthropic({ apiKey: 'test', baseURL: server.url }).messages;
    const failing = { ...params, messages: [{ role: 'user' as const, content: 'fail' }] };
    const broken = { ...params, temperature: 0 };
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) {
      const { id } = await batches.create({
        requests: [
          { custom_id: 'good', params },
          { custom_id: 'bad', params: failing },
          { custom_id: 'wrong', params: broken },
        ],
      });
      ids.push(id);
    }
    const listed = await allOf(batches.list({ limit: 2 }));
    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    expect(listed[0]).toMatchObject({ processing_status: 'in_progress', request_counts: { processing: 3 } });
    const [id = ''] = ids;
    expect(await batches.retrieve(id)).toMatchObject({ request_counts: { processing: 0, succeeded: 1, errored: 2 } });
    const rows = await allOf(await batches.results(id));
    expect(rows).toMatchObject([
      { custom_id: 'good', result: { type: 'succeeded', message: { type: 'message' } } },
      { custom_id: 'bad', result: { type: 'errored', error: { error: { type: 'overloaded_error' } } } },
      { custom_id: 'wrong', result: { type: 'errored', error: { error: { type: 'invalid_request_error' } } } },
    ]);
    server.reset();
    await expect(batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  test('are refused when they break a rule', async () => {
    const server = await startServer({ batches: { maxRequests: 2, polls: 1 } });
    const client = new Anthropic({ apiKey: 'test', baseURL: server.url, maxRetries: 0 });
    const request = (id: string): Anthropic.Messages.BatchCreateParams.Request => ({ custom_id: id, params });
    const create = (...ids: string[]): Promise<unknown> =>
      client.messages.batches.create({ requests: ids.map(request) });
    await expect(create()).rejects.toMatchObject({ status: 400 });
    await expect(create('a', 'a')).rejects.toThrow('unique');
    await expect(create('no spaces')).rejects.toThrow('pattern');
    await expect(create('a', 'b', 'c')).rejects.toMatchObject({ status: 413 });
    const { id } = await client.messages.batches.create({ requests: [request('a')] });
    await expect(client.get(`/v1/messages/batches/${id}/results`)).rejects.toThrow('has not ended');
    await expect(client.get(`/v1/messages/batches/${id}/nothing`)).rejects.toMatchObject({ status: 404 });
    const response = await fetch(`${server.url}/v1/messages/batches`);
    expect(response.status).toBe(401);
  });
});

describe("OpenAI's batches", () => {
  test('list page by page, and sort their rows into two files', async () => {
    const server = await startServer({
      respond: ({ prompt }) => (prompt === 'fail' ? { fault: 'reset' } : undefined),
      batches: { expires: ({ prompt }) => prompt === 'late' },
    });
    const client = new OpenAI({ apiKey: 'test', baseURL: `${server.url}/v1` });
    const input = lines(
      { custom_id: 'good', body },
      { custom_id: 'bad', body: { ...body, messages: [{ role: 'user', content: 'fail' }] } },
      { custom_id: 'late', body: { ...body, messages: [{ role: 'user', content: 'late' }] } },
    );
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push((await createBatch(client, input)).id);
    const listed = await allOf(client.batches.list({ limit: 2 }));
    expect(listed.map(({ id }) => id)).toEqual(ids.toReversed());
    const batch = await client.batches.retrieve(ids[0] ?? '');
    expect(batch).toMatchObject({ status: 'expired', request_counts: { total: 3, completed: 1, failed: 2 } });
    expect(await rowsOf(client, batch.output_file_id)).toMatchObject([
      { custom_id: 'good', response: { status_code: 200, body: { object: 'chat.completion' } } },
    ]);
    expect(await rowsOf(client, batch.error_file_id)).toMatchObject([
      { custom_id: 'bad', response: { status_code: 500 } },
      { custom_id: 'late', response: null, error: { code: 'batch_expired' } },
    ]);
  });

  test.for([
    ['no JSON', 'invalid_json_line'],
    [lines({ custom_id: 'a', body, url: '/v1/responses' }), 'mismatched_endpoint'],
    [lines({ custom_id: 'a', body }, { custom_id: 'a', body }), 'duplicate_custom_id'],
    [lines(...['a', 'b', 'c'].map((id) => ({ custom_id: id, body }))), 'request_limit_exceeded'],
    ['\n', 'empty_file'],
  ] as const)('fail for %o with %s', async ([content, code]) => {
    const server = await startServer({ batches: { maxRequests: 2 } });
    const client = new OpenAI({ apiKey: 'test', baseURL: `${server.url}/v1` });
    expect(await createBatch(client, content)).toMatchObject({ status: 'failed', errors: { data: [{ code }] } });
  });

  test('are refused when they break a rule', async () => {
    const server = await startServer();
    const client = new OpenAI({ apiKey: 'test', baseURL: `${server.url}/v1`, maxRetries: 0 });
    const batch = { input_file_id: 'file-none', endpoint: url, completion_window: '24h' } as const;
    await expect(client.batches.create(batch)).rejects.toMatchObject({ status: 404 });
    const file = await client.files.create({
      file: new File([lines({ custom_id: 'a', body })], 'a'),
      purpose: 'batch',
    });
    const given = { ...batch, input_file_id: file.id };
    await expect(client.batches.create({ ...given, endpoint: '/v1/embeddings' })).rejects.toMatchObject({
      status: 400,
    });
    await expect(client.post('/batches', { body: { ...given, completion_window: '1h' } })).rejects.toThrow(
      'completion_window',
    );
    await expect(client.post('/files', { body: { no: 'form' } })).rejects.toThrow('file');
    await expect(client.files.content('batch_mock1-file')).rejects.toMatchObject({ status: 404 });
    await expect(client.batches.retrieve('batch_none')).rejects.toMatchObject({ status: 404 });
    await expect(client.delete(`/files/${file.id}`)).rejects.toMatchObject({ status: 404 });
    const { id } = await client.batches.create(given);
    await expect(client.post(`/batches/${id}/nothing`)).rejects.toMatchObject({ status: 404 });
  });
});

function lines(...requests: readonly object[]): string {
  return requests.map((request) => JSON.stringify({ method: 'POST', url, ...request })).join('\n');
}

async function createBatch(client: OpenAI, content: string): Promise<OpenAI.Batch> {
  const file = await client.files.create({ file: new File([content], 'input.jsonl'), purpose: 'batch' });
  return client.batches.create({ input_file_id: file.id, endpoint: url, completion_window: '24h' });
}

async function rowsOf(client: OpenAI, fileId: string | undefined): Promise<unknown[]> {
  const text = await (await client.files.content(fileId ?? '')).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line));
}
