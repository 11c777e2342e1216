// Writes docs/prompts.md: what a model reads and writes, as the library makes it today. Run with -u to write it again.
import { countTokens } from 'gpt-tokenizer/esm/encoding/o200k_base';
import { expect, test } from 'vitest';
import type { GradingItem, Question, RubricCriterion } from 'gradelanes';
import { readReply } from '../../../src/grading/prompt/read-reply.js';
import { replySchema } from '../../../src/grading/prompt/reply-schema.js';
import { writePrompt } from '../../../src/grading/prompt/write-prompt.js';

const short: Question = {
  prompt: 'Why does ice float on water?',
  referenceAnswers: ['Ice floats because it is less dense than liquid water.'],
};
const levels = (...descriptions: readonly string[]): RubricCriterion['levels'] =>
  descriptions.map((description, points) => ({ points, description }));
const essay: Question = {
  kind: 'essay',
  prompt: 'Should schools start later in the morning?',
  rubric: {
    criteria: [
      { id: 'position', description: 'Takes a clear position', levels: levels('none', 'unclear', 'clear') },
      { id: 'evidence', description: 'Names evidence', keyPoints: ['sleep', 'marks', 'accidents'], keyPointsNeeded: 2 },
      { id: 'counter', description: 'Answers a counter-argument', points: 3 },
      { id: 'structure', description: 'Is in order, and within 200 words', points: 2 },
      { id: 'language', description: 'Uses the register of an essay', points: 1 },
      { id: 'insult', description: 'Insults people who think otherwise', points: -2 },
    ],
  },
  examples: [
    {
      answer: 'Later starts give teenagers sleep, and marks rise.',
      score: 6,
      criteria: { position: 2, evidence: 2, counter: 0, structure: 1, language: 1, insult: 0 },
    },
  ],
};
const result = (key: string) => ({
  key,
  why: 'names less weight for the same amount, that is density',
  evidence: 'weighs less than the same amount',
  levels: [4],
  confidence: 85,
  flags: [],
  feedback: 'You saw that the same amount of ice weighs less. The word for that is density.',
});

interface Case {
  readonly title: string;
  readonly items: readonly GradingItem[];
  readonly reply: object;
  readonly mostPromptTokens: number;
  readonly mostReplyTokens: number;
}

const item = (id: string, question: Question, answer: string): GradingItem => ({ id, question, answer });
const CASES: readonly Case[] = [
  {
    title: 'A short answer',
    items: [item('k3x7q2', short, 'because ice weighs less than the same amount of water')],
    reply: { results: [result('k3x7q2')] },
    mostPromptTokens: 440,
    mostReplyTokens: 110,
  },
  {
    title: 'An essay with six criteria',
    items: [
      item('m8c1zt', essay, 'Schools should start at nine. Teenagers sleep late, and tired pupils have accidents.'),
    ],
    reply: {
      results: [
        {
          key: 'm8c1zt',
          why: [
            'clear position',
            'sleep and accidents named',
            'none answered',
            'short but in order',
            'plain',
            'no insult',
          ],
          evidence: [
            'should start at nine',
            'sleep late, and tired pupils have accidents',
            '',
            '',
            'Teenagers sleep late',
            '',
          ],
          levels: [2, 2, 0, 4, 4, 0],
          confidence: 80,
          flags: [],
          feedback: 'Your position and evidence are clear. Answer somebody who disagrees, too.',
        },
      ],
    },
    mostPromptTokens: 700,
    mostReplyTokens: 260,
  },
  {
    title: 'A batch of six',
    items: Array.from({ length: 6 }, (_, index) =>
      item(`k${index}b4xw`, { ...short }, 'because ice weighs less than the same amount of water'),
    ),
    reply: { results: Array.from({ length: 6 }, (_, index) => result(`k${index}b4xw`)) },
    mostPromptTokens: 6 * 130,
    mostReplyTokens: 6 * 110,
  },
];

const block = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

test('docs/prompts.md shows an actual prompt and reply, within the budgets of tokens', async () => {
  const sections = CASES.map(({ title, items, reply, mostPromptTokens, mostReplyTokens }) => {
    const { system, prompt } = writePrompt(items);
    const schema = JSON.stringify(replySchema(items));
    const written = JSON.stringify(reply);
    const promptTokens = [system, prompt, schema].reduce((sum, text) => sum + countTokens(text), 0);
    const replyTokens = countTokens(written);
    expect(promptTokens, title).toBeLessThanOrEqual(mostPromptTokens);
    expect(replyTokens, title).toBeLessThanOrEqual(mostReplyTokens);
    const verdicts = readReply(written, items);
    expect(verdicts).toHaveLength(items.length);
    expect(verdicts.filter((verdict) => 'malformed' in verdict)).toEqual([]);
    return [
      `## ${title}`,
      `${promptTokens} tokens with the schema, ${replyTokens} in the reply (o200k).`,
      'System:',
      block(system),
      'Prompt:',
      block(prompt),
      'Schema:',
      block(schema),
      'Reply:',
      block(written),
    ].join('\n\n');
  });
  const page = [
    '# Prompts',
    'What a model reads and writes, generated by [a test](../test/grading/prompt/prompts-page.test.ts).',
    ...sections,
  ].join('\n\n');
  await expect(`${page}\n`).toMatchFileSnapshot('../../../docs/prompts.md');
});
