// Grades through a vendor's Batch API, at half the price: node examples/vendor-batch.ts
// It runs against a mock server, so it needs no key. With the client alone changed, it is the real thing.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openaiBulk, openaiProvider } from 'gradelanes/openai';
import { collect, poll, submit, type BulkHandle } from 'gradelanes/bulk';
import { mockServer } from 'gradelanes/testing-server';
import OpenAI from 'openai';

const question = {
  prompt: 'Why does ice float on water?',
  referenceAnswers: ['Ice is less dense than liquid water.'],
};
const answers = ['because it is less dense', 'It is very cold.', 'it weighs less for its size', "I don't know"].map(
  (answer, index) => ({ id: `learner ${index + 1}`, question, answer }),
);

// The server looks at two polls as if it were busy, and lets one request expire.
await using server = await mockServer({
  score: (answer) => (answer.includes('cold') ? 0 : 1),
  batches: { polls: 2, order: 'shuffled', expires: ({ answers: [text = ''] }) => text.includes('weighs') },
});
const client = new OpenAI({ apiKey: 'none', baseURL: `${server.url}/v1` });
const vendor = openaiBulk(client, { model: 'gpt-6-luna', api: 'responses' });

// In real life: your database. The handle is plain data; whoever reads it can collect, on whatever machine.
const file = join(tmpdir(), `gradelanes-bulk-${process.pid}.json`);
const onHandle = (handle: BulkHandle): Promise<void> => writeFile(file, JSON.stringify(handle));

const { parts } = await submit(answers, { vendor, onHandle });
const requests = parts.reduce((sum, part) => sum + part.requests, 0);
console.log(`handed in ${requests} of ${answers.length} answers, the others need no model`);

const handle = JSON.parse(await readFile(file, 'utf8')) as BulkHandle;
for (;;) {
  const { isEnded, finished, requests: total } = await poll(handle, { vendor });
  console.log(isEnded ? 'the batch has ended' : `${finished} of ${total} done`);
  if (isEnded) break;
  // A minute or more in real life.
  await sleep(50);
}

const rest = { provider: openaiProvider(client, { model: 'gpt-6-luna', api: 'responses' }) };
const { results, restMetrics } = await collect(handle, answers, { vendor, rest });
for (const result of results) {
  const mark = result.status === 'graded' ? `${result.scaledScore} by ${result.gradedBy}` : result.error.message;
  console.log(`${result.answerId}: ${mark}`);
}
console.log(`${restMetrics?.gradedCount ?? 0} of them live, since its request expired`);
await rm(file);
