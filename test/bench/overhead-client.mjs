// One contender in a process of its own: grades answers until its code is compiled, then, when told to, as many
// measured; tells its CPU time.
import { once } from 'node:events';
import Anthropic from '@anthropic-ai/sdk';
import { gradeAnswersConcurrently } from 'gradelanes';
import { anthropicProvider } from 'gradelanes/anthropic';
import { openaiProvider } from 'gradelanes/openai';
import OpenAI from 'openai';
import PQueue from 'p-queue';

/** Where the CPU time per answer has stopped falling. */
const WARM_RUNS = 8;
/** What an app can switch off. */
const IDLE = { guards: false, localGrading: false };

const [vendor, contender, url, count] = process.argv.slice(2);
const cards = [
  [
    'Why does ice float on water?',
    'Ice is less dense than liquid water, since its lattice keeps molecules apart.',
    'It is less dense than water, since its molecules are kept apart',
  ],
  [
    'What does HTTP status 404 mean?',
    'The server cannot find the requested resource.',
    'It could not find the page that was requested',
  ],
  [
    'Explain the difference between a stack and a queue.',
    'A stack is last in, first out; a queue first in, first out.',
    'A queue gives back first what came in first, and a stack what came in last',
  ],
].map(([prompt, reference, answer]) => ({ question: { prompt, referenceAnswers: [reference] }, answer }));
const questions = cards.map(({ question }) => question);

const vendors = {
  anthropic: {
    client: (options = {}) => new Anthropic({ apiKey: 'test', baseURL: url, ...options }),
    provider: (client) => anthropicProvider(client, { model: 'claude-haiku-5-5' }),
    send: async (client, body) => (await client.messages.create(body)).content[0].text,
    withAnswer: (body, text) => ({ ...body, messages: [{ role: 'user', content: text }] }),
    prompt: (body) => body.messages[0].content,
  },
  openai: {
    client: (options = {}) => new OpenAI({ apiKey: 'test', baseURL: `${url}/v1`, ...options }),
    provider: (client) => openaiProvider(client, { model: 'gpt-6-luna', api: 'chat', outputMode: 'json_schema' }),
    send: async (client, body) => (await client.chat.completions.create(body)).choices[0].message.content,
    withAnswer: (body, text) => ({ ...body, messages: [body.messages[0], { role: 'user', content: text }] }),
    prompt: (body) => body.messages[1].content,
  },
};
const { client: createClient, provider, send, withAnswer, prompt } = vendors[vendor];
const run = contender === 'bare' ? await bareQueue() : gradelanes;

for (let warm = 0; warm < WARM_RUNS; warm++) await run(answersFrom(warm * Number(count)));
process.send('warm');
await once(process, 'message');
const before = process.cpuUsage();
await run(answersFrom(WARM_RUNS * Number(count)));
const { user, system } = process.cpuUsage(before);
process.send({ cpuUs: (user + system) / Number(count) });

function answersFrom(offset) {
  return Array.from({ length: Number(count) }, (_, index) => {
    const { question, answer } = cards[index % cards.length];
    return { question, answer: `${answer}, ${offset + index}.` };
  });
}

async function gradelanes(answers) {
  const { metrics, results } = await gradeAnswersConcurrently(answers, {
    provider: provider(createClient()),
    maxConcurrentTasks: 10,
    ...(contender === 'idle' && IDLE),
  });
  const failed = results.find(({ status }) => status === 'failed');
  if (failed !== undefined) throw new Error(`${metrics.failedCount} failed: ${JSON.stringify(failed.error)}`);
}

/** What is written by hand: the same request bodies through the SDK under a p-queue, and the mark out of the reply. */
async function bareQueue() {
  const bodies = new Map(await Promise.all(questions.map(async (question) => [question, await bodyFor(question)])));
  return async (answers) => {
    const client = createClient();
    const queue = new PQueue({ concurrency: 10 });
    const scores = await queue.addAll(
      answers.map(({ question, answer }) => async () => {
        const body = bodies.get(question);
        const text = prompt(body).replace('ANSWER', () => JSON.stringify(answer).slice(1, -1));
        const reply = JSON.parse(await send(client, withAnswer(body, text)));
        return reply.results[0].levels[0] / 5;
      }),
    );
    if (scores.some((score) => score !== 1)) throw new Error('a wrong score');
  };
}

/** The body that gradelanes sends about a question. */
async function bodyFor(question) {
  let body;
  const client = createClient({
    fetch: async (_, init) => {
      body = JSON.parse(init.body);
      return new Response('{}', { status: 400 });
    },
  });
  const answers = [{ question, answer: 'ANSWER' }];
  await gradeAnswersConcurrently(answers, { provider: provider(client), localGrading: false });
  return body;
}
