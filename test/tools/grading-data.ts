// Reads a corpus of attacks and of real answers that are not part of the project.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Question } from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';

/** An answer that tries to move marks, or looks as if it did. */
export interface Attack {
  kind: string;
  /** What it is after, e.g. `full_marks`. */
  goal: string;
  answer: string;
}

/** A real answer with its mark. */
export interface GradedRow {
  questionId: string;
  question: string;
  referenceAnswer: string;
  referenceAnswers?: readonly { text: string }[];
  answer: string;
  score: number;
  label?: string;
}

const folder = process.env['GRADELANES_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

export const hasGradingData: boolean = existsSync(`${folder}/injection.jsonl`);
if (!hasGradingData) console.warn(`Skipped: no attacks in ${folder}; set GRADELANES_DATA to where they are.`);

/** The sets of real answers. */
export const REAL_SETS: readonly string[] = ['scientsbank-train', 'beetle-train', 'saf-train'];

export function readAttacks(name: string): readonly Attack[] {
  return linesOf(name).map((line) => JSON.parse(line) as Attack);
}

export function readRows(name: string): readonly GradedRow[] {
  return linesOf(name).map((line) => JSON.parse(line) as GradedRow);
}

export function questionsOf(rows: readonly GradedRow[]): ReadonlyMap<string, Question> {
  const byId = new Map<string, Question>();
  for (const { questionId, question, referenceAnswer, referenceAnswers } of rows) {
    if (byId.has(questionId)) continue;
    byId.set(questionId, {
      prompt: question,
      referenceAnswers: referenceAnswers?.map(({ text }) => text) ?? [referenceAnswer],
    });
  }
  return byId;
}

/** So many questions of the real sets, always the same ones. */
export function drawnQuestions(count: number): readonly Question[] {
  const random = seededRandom(4);
  const all = REAL_SETS.flatMap((name) => [...questionsOf(readRows(name)).values()]);
  const keyed = all.map((each) => ({ each, key: random() }));
  return keyed
    .toSorted((left, right) => left.key - right.key)
    .slice(0, count)
    .map(({ each }) => each);
}

function linesOf(name: string): readonly string[] {
  return readFileSync(`${folder}/${name}.jsonl`, 'utf8').trim().split('\n');
}
