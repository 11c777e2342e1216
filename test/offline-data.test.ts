// The offline grader on public sets of graded answers, which are not part of the project: without them this file skips.
import { beforeAll, describe, expect, test } from 'vitest';
import { gradeAnswersWithFallback, type Question, type Verdict } from 'gradelanes';
import { macroF1, pearson } from 'gradelanes/evaluate';
import { offlineProvider } from 'gradelanes/offline';
import { mockProvider } from 'gradelanes/testing';
import { hasGradingData, readRows, type GradedRow } from './tools/grading-data.js';

interface GradedSet {
  rows: readonly GradedRow[];
  questions: readonly Question[];
  scores: readonly number[];
}

describe.skipIf(!hasGradingData).each([
  ['scientsbank-train', { leastMacroF1: 0.7, leastPearson: 0.44 }],
  ['beetle-train', { leastMacroF1: 0.75, leastPearson: 0.58 }],
  ['saf-train', { leastMacroF1: undefined, leastPearson: 0.29 }],
])('the offline grader on %s', (name, { leastMacroF1, leastPearson }) => {
  let graded: GradedSet;
  beforeAll(async () => {
    graded = await gradeSet(name);
  });

  test('agrees with the teachers as well as measured before', () => {
    const { rows, scores } = graded;
    const correlation = pearson(rows.map((row, index) => ({ expected: row.score, actual: scores[index] ?? -1 })));
    expect(correlation).toBeGreaterThanOrEqual(leastPearson);
    if (leastMacroF1 === undefined) return;
    const labels = rows.map((row, index) => ({
      expected: row.label === 'correct',
      actual: (scores[index] ?? 0) >= 0.5,
    }));
    expect(macroF1(labels)).toBeGreaterThanOrEqual(leastMacroF1);
  });

  test('passes every reference, also misspelt and in another order', async () => {
    for (const change of [(text: string) => text, misspell, reverse]) {
      expect(await passRate(graded.questions, (question) => change(referenceOf(question)))).toBe(1);
    }
  });

  test('is not needed where a rule decides, and rules decide as the teachers did', async () => {
    const { rows, questions } = graded;
    const byPrompt = new Map(questions.map((question) => [question.prompt, question]));
    const answers = rows.map((row) => ({
      question: byPrompt.get(row.question) ?? questionOf(row),
      answer: row.answer,
    }));
    const { results, metrics } = await gradeAnswersWithFallback(answers, {
      provider: mockProvider(0.5),
      guards: false,
    });
    const decided = results.flatMap((result, index) =>
      result.status === 'graded' && result.gradedBy !== 'llm' ? [{ ...result, expected: rows[index]?.score }] : [],
    );
    console.info(`${name}: ${decided.length} of ${rows.length} answers decided by rule`);
    expect(decided.filter(({ scaledScore, expected }) => scaledScore !== expected)).toEqual([]);
    expect(metrics.localCount).toBe(decided.length);
  });

  test('passes no echo of the question, and no blank', async () => {
    const words = (prompt: string) => prompt.split(/\s+/);
    const sentences = (prompt: string) => prompt.split(/(?<=[.?!])\s+/);
    const echoes: readonly ((prompt: string) => string | undefined)[] = [
      (prompt) => prompt,
      (prompt) => sentences(prompt)[0],
      (prompt) => sentences(prompt).at(-1),
      (prompt) =>
        words(prompt)
          .slice(words(prompt).length / 2)
          .join(' '),
      (prompt) => words(prompt).slice(-6).join(' '),
    ];
    for (const echo of echoes) {
      expect(await passRate(graded.questions, ({ prompt }) => echo(prompt) ?? '')).toBe(0);
    }
    expect(await passRate(graded.questions, () => 'I don’t know.')).toBe(0);
  });
});

async function gradeSet(name: string): Promise<GradedSet> {
  const rows = readRows(name);
  const questions = new Map(rows.map((row) => [row.questionId, questionOf(row)]));
  const scores = await scoresOf(rows.map((row) => [questions.get(row.questionId) ?? questionOf(row), row.answer]));
  return { rows, questions: [...questions.values()], scores };
}

function questionOf({ question, referenceAnswer, referenceAnswers }: GradedRow): Question {
  return { prompt: question, referenceAnswers: referenceAnswers?.map(({ text }) => text) ?? [referenceAnswer] };
}

async function passRate(questions: readonly Question[], answer: (question: Question) => string): Promise<number> {
  const scores = await scoresOf(questions.map((question) => [question, answer(question)]));
  return scores.filter((score) => score >= 0.5).length / scores.length;
}

async function scoresOf(answers: readonly (readonly [Question, string])[]): Promise<readonly number[]> {
  const items = answers.map(([question, answer], index) => ({ id: String(index), question, answer }));
  const call = { signal: new AbortController().signal, attempt: 1, callId: 'data', report: () => undefined };
  return (await offlineProvider().grade(items, call)).map(scoreOf);
}

function scoreOf(verdict: Verdict): number {
  return 'score' in verdict ? verdict.score : -1;
}

function referenceOf({ referenceAnswers: [reference = ''] = [] }: Question): string {
  return typeof reference === 'string' ? reference : reference.text;
}

/** Swaps two letters of every longer word. */
function misspell(text: string): string {
  return text.replace(/\b(\w{3})(\w)(\w)(\w+)/g, '$1$3$2$4');
}

function reverse(text: string): string {
  return text.split(/\s+/).toReversed().join(' ');
}
