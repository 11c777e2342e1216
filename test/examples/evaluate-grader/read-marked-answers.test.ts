import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMarkedAnswers } from '../../../examples/evaluate-grader/read-marked-answers.ts';

const own = fileURLToPath(new URL('../../../examples/evaluate-grader/marked-answers.jsonl', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'marked-answers-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(text: string): Promise<string> {
  const path = join(folder, 'answers.jsonl');
  await writeFile(path, text);
  return path;
}

describe('readMarkedAnswers', () => {
  test('reads the answers of the example, marked by two people', async () => {
    const answers = await readMarkedAnswers(own);
    expect(answers.length).toBe(60);
    expect(new Set(answers.map(({ question }) => question)).size).toBe(6);
    expect(answers.every(({ humanScores }) => humanScores.length === 2)).toBe(true);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(60);
  });

  test('takes a byte-order mark, empty lines, any line ends, and more than it needs', async () => {
    const row = { question: 'Why?', referenceAnswers: [{ text: 'So.', category: 'BEST' }], answer: 'so', score: 0.5 };
    const lines = [`\ufeff${JSON.stringify({ ...row, split: 'train', id: 'a' })}`, '', JSON.stringify(row)];
    const question = { id: undefined, prompt: 'Why?', referenceAnswers: [{ text: 'So.' }] };
    expect(await readMarkedAnswers(await fileWith(lines.join('\r\n')))).toEqual([
      { id: 'a', question, answer: 'so', humanScores: [0.5] },
      { id: undefined, question, answer: 'so', humanScores: [0.5] },
    ]);
  });

  test('takes one reference, or none', async () => {
    const rows = [
      { question: 'Why?', referenceAnswer: 'So.', answer: 'so', score: 1 },
      { question: 'Why?', answer: 'so', score: 1, secondScore: 0 },
    ];
    const answers = await readMarkedAnswers(await fileWith(rows.map((row) => JSON.stringify(row)).join('\n')));
    expect(answers.map(({ question }) => question.referenceAnswers)).toEqual([['So.'], undefined]);
    expect(answers.map(({ humanScores }) => humanScores)).toEqual([[1], [1, 0]]);
  });

  test('stops after as many as are wanted', async () => {
    expect((await readMarkedAnswers(own, 7)).length).toBe(7);
  });

  test.for([
    ['{"question":"Why?","answer":"so","score":1}\n{', ':2 is not JSON'],
    ['{"question":"Why?","answer":"so","score":2}', ':1: score '],
    ['{"question":"","answer":"so","score":1}', ':1: question '],
    ['{"question":"Why?","score":1}', ':1: answer '],
    ['{"question":"Why?","answer":"so","score":1,"secondScore":-1}', ':1: secondScore '],
  ])('says where and what is wrong: %s', async ([text = '', says = '']) => {
    await expect(readMarkedAnswers(await fileWith(text))).rejects.toThrow(`answers.jsonl${says}`);
  });

  test('says which file it cannot read', async () => {
    await expect(readMarkedAnswers(join(folder, 'none.jsonl'))).rejects.toThrow(/cannot read .*none\.jsonl/);
  });
});
