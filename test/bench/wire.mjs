// What the benches over HTTP share: real SDKs in front of the mock server of the testing kit.
import Anthropic from '@anthropic-ai/sdk';
import { gradeAnswersWithFallback } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import { mockServer } from 'gradelanes/testing-server';
import OpenAI from 'openai';

export const vendors = {
  openai: (url) =>
    openaiProvider(new OpenAI({ apiKey: 'test', baseURL: `${url}/v1` }), {
      model: 'gpt-6-luna',
      outputMode: 'json_schema',
    }),
  anthropic: (url) => anthropicProvider(new Anthropic({ apiKey: 'test', baseURL: url }), { model: 'claude-haiku-5-5' }),
};

const question = { prompt: 'Why does ice float?' };

/** Grades so many answers against a server; `wrong` counts marks that the server did not give. */
export async function gradeOverWire(provider, count, serverOptions, options) {
  const server = await mockServer({ score: scoreOf, ...serverOptions });
  const answers = Array.from({ length: count }, (_, index) => ({ question, answer: `answer ${index}` }));
  const startedAt = performance.now();
  const { results, metrics } = await gradeAnswersWithFallback(answers, {
    provider: provider(server.url),
    localGrading: false,
    ...options,
  });
  const wallMs = performance.now() - startedAt;
  const requests = server.requests.length;
  await server.close();
  const graded = results.filter(({ status }) => status === 'graded');
  const wrong = graded.filter(({ index, scaledScore }) => scaledScore !== scoreOf(`answer ${index}`)).length;
  const errors = results
    .filter(({ status }) => status === 'failed')
    .map(({ error }) => `${error.code}: ${error.message}`);
  return { graded: graded.length, wrong, wallMs, requests, metrics, errors };
}

/** Six marks, by the number in the answer. */
function scoreOf(text) {
  return (Number(text.slice('answer '.length)) % 6) / 5;
}

/** Draws from a log-normal distribution with median 1. */
export function logNormal(random, sigma) {
  return Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}

/** Prints a table and says by the exit code whether every target was met. */
export function report(title, rows) {
  console.log(title);
  console.table(rows);
  if (rows.some(({ ok }) => !ok)) process.exitCode = 1;
}
