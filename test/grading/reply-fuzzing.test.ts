// Ten thousand replies of a model that writes whatever it likes, through whole runs.
import { expect, test } from 'vitest';
import { gradeAnswersConcurrently, type LLMProvider, type Question } from 'gradelanes';
import { expectEveryAnswerOnce, seededRandom } from 'gradelanes/testing';
import { sampleAnswers } from '../sample-answers.js';

type Random = () => number;

const rubric: Question = {
  prompt: 'Why?',
  rubric: {
    criteria: [
      { id: 'a', description: 'x' },
      { id: 'b', description: 'y' },
    ],
  },
};
const NUMBERS =
  '0 1 2 3 4 5 5.0 5e0 -0 0.5 6 -1 05 +5 1E686 -1e999 1e-400 0x5 NaN Infinity 9007199254740993 "5" null true'.split(
    ' ',
  );

function pick<T>(random: Random, ...values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

const level = (random: Random): string =>
  random() < 0.8 ? pick(random, '0', '1', '2', '3', '4', '5') : pick(random, '5', ...NUMBERS);
const levels = (random: Random): string => {
  const list = Array.from({ length: pick(random, 1, 1, 1, 2, 2, 2, 0, 3) }, () => level(random)).join(',');
  return random() < 0.9 ? `[${list}]` : pick(random, `[[${list}]]`, list, `{"0":${list}}`);
};
const member = (random: Random, key: string): string =>
  pick(
    random,
    () => `"key":"${key}"`,
    () => `"key":"${pick(random, key.toUpperCase(), `${key} `, 'q1', '', '\\u0000', '__proto__')}"`,
    () => `"key":${pick(random, '5', 'null', '[]', `["${key}"]`)}`,
    () => `"levels":${levels(random)}`,
    () => `"levels":${levels(random)}`,
    () => `"why":${pick(random, '"right"', '7', '"\\ud800"', '{}')}`,
    () => `"confidence":${pick(random, '90', ...NUMBERS)}`,
    () => `"flags":${pick(random, '["off_topic"]', '[7]', '"none"', 'null')}`,
    () => `"__proto__":{"levels":[5],"key":"${key}"}`,
    () => `"score":${pick(random, '1', ...NUMBERS)}`,
  )();
const entry = (random: Random, key: string): string => {
  const more = Array.from({ length: Math.floor(random() * 4) }, () => member(random, key));
  return `{${[`"key":"${key}"`, `"levels":${levels(random)}`, ...more].slice(Math.floor(random() * 1.1)).join(',')}}`;
};
const wellMeant = (random: Random, key: string): string =>
  `{"results":[${Array.from({ length: pick(random, 1, 1, 1, 1, 2, 0) }, () => entry(random, key)).join(',')}]}`;

/** Cuts something out of a text and puts something in. */
function mutate(random: Random, text: string): string {
  const at = Math.floor(random() * (text.length + 1));
  const insert = pick(random, '', '', ',', '"', '}', ']', '5', '\\', 'e9', '\u0000', '{"results":[]}', '\ud83d');
  return text.slice(0, at) + insert + text.slice(at + Math.floor(random() * 4));
}

function reply(random: Random, key: string): string {
  const text = wellMeant(random, key);
  return pick(
    random,
    () => text,
    () => text,
    () => text,
    () => text,
    () => text,
    () => text,
    () => mutate(random, text),
    () => mutate(random, mutate(random, text)),
    () => `\`\`\`json\n${text}\n\`\`\``,
    () => `<think>5 of 5</think>${text}`,
    () => `Here you are: ${text}`,
    () => text.slice(0, Math.floor(random() * text.length)),
    () => '[{"a":'.repeat(Math.floor(random() * 2_000)),
    () => `{"results":${'['.repeat(500)}${text}${']'.repeat(500)}}`,
    () => `${text}${text}`,
    () => Array.from({ length: 40 }, () => String.fromCharCode(Math.floor(random() * 0xffff))).join(''),
  )();
}

test('10,000 replies of any sort give only scores that they state, and end in grades and typed failures', async () => {
  const random = seededRandom(686);
  const replies = new Map<string, string[]>();
  const llm: LLMProvider = {
    generate: async ({ prompt, itemIds }) => {
      const text = reply(random, itemIds[0] ?? '');
      const answer = /answer \d+/.exec(prompt)?.[0] ?? '';
      replies.set(answer, [...(replies.get(answer) ?? []), text]);
      return text;
    },
  };
  const answers = sampleAnswers(9_600, (index) => (index % 2 === 0 ? {} : { question: rubric }));
  const report = await gradeAnswersConcurrently(answers, {
    provider: llm,
    localGrading: false,
    guards: false,
    retry: { budget: 1 },
    random: seededRandom(1),
  });
  expectEveryAnswerOnce(report, answers);
  expect([...replies.values()].flat().length).toBeGreaterThanOrEqual(10_000);
  const { gradedCount, failedCount } = report.metrics;
  // Enough of both to mean something.
  // Both happen often; names that stand twice in an object are refused, which costs some.
  expect(Math.min(gradedCount, failedCount)).toBeGreaterThan(300);
  for (const result of report.results) {
    if (result.status === 'failed') {
      expect(['malformed', 'aborted']).toContain(result.error.code);
      continue;
    }
    // The last reply that was asked for is the one that counts.
    const stated = numbersIn(replies.get(`answer ${result.index}`)?.at(-1) ?? '');
    const marks = result.criteria?.map(({ scoreGiven }) => scoreGiven) ?? [result.scaledScore];
    for (const mark of marks) expect(stated).toContain(Math.round(mark * 5));
    expect(result.scaledScore >= 0 && result.scaledScore <= 1).toBe(true);
  }
});

/** Every number that a text states. */
function numbersIn(text: string): Set<number> {
  return new Set([...text.matchAll(/-?\d[\d.eE+-]*/g)].map(([digits]) => Number(digits) + 0));
}
