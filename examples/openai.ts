// Grades with OpenAI, and offline where OpenAI cannot: OPENAI_API_KEY=... node examples/openai.ts
// For a compatible server, give the client its base URL: new OpenAI({ baseURL: 'http://localhost:11434/v1', apiKey: 'none' })
import { createGrader } from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';
import { openaiProvider } from 'gradelanes/openai';
import OpenAI from 'openai';

const openai = openaiProvider(new OpenAI(), { model: 'gpt-6-luna', effort: 'low' });
const grader = createGrader({ provider: [openai, offlineProvider()], maxConcurrentTasks: 8, deadlineMs: 30_000 });

const question = {
  prompt: 'Name one cause of the French Revolution and explain it.',
  rubric: {
    criteria: [
      { id: 'cause', description: 'Names a cause, e.g. debt of the state, bad harvests, unequal taxes' },
      { id: 'explanation', description: 'Explains how it led to the revolution', points: 2 },
    ],
  },
};
const answers = ['Only the third estate paid taxes, so people rebelled.', 'Bread was dear.', 'Napoleon started it.'];

const { results, metrics } = await grader.gradeAnswersWithFallback(answers.map((answer) => ({ question, answer })));
for (const result of results) {
  if (result.status === 'failed') console.log(`not graded (${result.error.code}): ${result.error.message}`);
  else console.log(`${result.scoreGiven}/${result.scoreMaximum} by ${result.provider}: ${result.feedback ?? ''}`);
}
console.log(`${metrics.processingModeUsed}, ${metrics.requests} calls; ${metrics.fallbackReason ?? 'no fallback'}`);
await grader.close();
