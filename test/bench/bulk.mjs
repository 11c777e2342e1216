// 250,000 answers through both vendors' Batch APIs at their real limits: rows in any order, some expired, some errored,
// every answer once. The vendors are clients in this process that count as the real ones do; a smaller run goes over HTTP
// through the real SDKs. Memory is what the process holds when a document is complete, beyond what it held before.
import Anthropic from '@anthropic-ai/sdk';
import { anthropicBulk } from 'gradelanes/anthropic';
import { collect, poll, submit } from 'gradelanes/bulk';
import { openaiBulk } from 'gradelanes/openai';
import { mockProvider } from 'gradelanes/testing';
import { mockServer } from 'gradelanes/testing-server';
import OpenAI from 'openai';
import { anthropicFake, openaiFake } from './bulk-fakes.mjs';
import { report } from './wire.mjs';

const ANSWERS = 250_000;
/** With long material: enough for two documents of the largest size. */
const LONG_ANSWERS = 60_000;
const ANSWERS_OVER_HTTP = 2_000;
/** What the library may hold beside one document, in bytes per answer: a second one would be some 700 to 5,000. */
const MOST_HELD_PER_ANSWER = 200;

const question = { prompt: 'Why does ice float?', referenceAnswers: ['It is less dense than water.'] };
const material = 'Water expands when it freezes. '.repeat(100);

const vendors = {
  anthropic: { fake: anthropicFake, bulk: anthropicBulk, model: 'claude-haiku-5-5' },
  openai: { fake: openaiFake, bulk: openaiBulk, model: 'gpt-6-luna' },
};

const rows = [];
for (const [name, { fake, bulk, model }] of Object.entries(vendors)) {
  for (const [limit, count, context] of [
    ['requests', ANSWERS],
    ['bytes', LONG_ANSWERS, material],
  ]) {
    const client = fake();
    rows.push(await run(`${name}, limit on ${limit}`, bulk(client, { model }), count, { context }));
  }
}
rows.push(
  await overHttp('anthropic over HTTP', (url) =>
    anthropicBulk(new Anthropic({ apiKey: 'test', baseURL: url }), { model: 'claude' }),
  ),
);
rows.push(
  await overHttp('openai over HTTP', (url) =>
    openaiBulk(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }), { model: 'gpt', api: 'responses' }),
  ),
);
report('every answer once, 1 in 50 expired and 1 in 70 errored, graded as the rest', rows);

async function run(name, vendor, count, options) {
  const answers = Array.from({ length: count }, (_, index) => ({
    question,
    answer: `floats because of reason ${index}`,
  }));
  const startedAt = performance.now();
  const documents = [];
  const before = await heldBytes();
  const create = async (file, label, signal) => {
    documents.push({ requests: label.requests, bytes: file.size, heldBytes: (await heldBytes()) - before });
    return vendor.create(file, label, signal);
  };
  const handle = await submit(answers, { vendor: { ...vendor, create }, ...options });
  const submittedAt = performance.now();
  const { isEnded } = await poll(JSON.parse(JSON.stringify(handle)), { vendor });
  const told = new Uint8Array(count);
  const { results, ungraded, restMetrics } = await collect(handle, answers, {
    vendor,
    ...options,
    rest: { provider: mockProvider(1), mode: 'parallel' },
    onResult: ({ index }) => void told[index]++,
  });
  const once = results.every(({ index }, position) => index === position && told[index] === 1);
  const wrong = results.filter((result) => result.scaledScore !== scoreOf(result)).length;
  const fits = documents.every(({ requests, bytes }) => requests <= vendor.maxRequests && bytes <= vendor.maxBytes);
  const largest = Math.max(...documents.map(({ bytes }) => bytes));
  // Of few answers, it is the process that counts.
  const held =
    count < 10_000 ? 0 : Math.max(...documents.map(({ bytes, heldBytes: all }) => Math.round((all - bytes) / count)));
  return {
    run: name,
    batches: documents.length,
    'most requests': Math.max(...documents.map(({ requests }) => requests)),
    'most MB': (largest / 1e6).toFixed(1),
    graded: results.length - ungraded.length,
    rest: restMetrics.gradedCount,
    wrong,
    'submit s': ((submittedAt - startedAt) / 1_000).toFixed(1),
    'collect s': ((performance.now() - submittedAt) / 1_000).toFixed(1),
    'held B/answer': held,
    ok: isEnded && once && fits && wrong === 0 && ungraded.length === 0 && held <= MOST_HELD_PER_ANSWER,
  };
}

/** Marks by position where the batch gave them, full marks from the rest. */
function scoreOf({ index, provider }) {
  return provider === 'mock' ? 1 : (index % 6) / 5;
}

async function overHttp(name, vendorAt) {
  const numberOf = (text) => Number(/\d+$/.exec(text)?.[0]);
  const maxRequests = 300;
  const server = await mockServer({
    score: (text) => (numberOf(text) % 6) / 5,
    respond: ({ answers: [text] }) => (numberOf(text) % 70 === 7 ? { error: 500 } : undefined),
    batches: { order: 'shuffled', expires: ({ answers: [text] }) => numberOf(text) % 50 === 3, maxRequests },
  });
  const vendor = { ...vendorAt(server.url), maxRequests };
  const row = await run(name, vendor, ANSWERS_OVER_HTTP, {});
  await server.close();
  return row;
}

/** Without garbage, of which some is let go of a little later. */
async function heldBytes() {
  for (let round = 0; round < 3; round++) {
    globalThis.gc();
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
