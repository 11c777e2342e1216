import type { PartGrade } from './grade-part.js';
import { COMPARED_CHARACTERS } from './normalise-text.js';
import type { PreparedQuestion } from './prepared-question.js';
import { wordsOf } from './tokenise.js';

/** Runs of words that are quoted, at most. */
const MOST_RUNS = 20;
const WRITTEN_WORD = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*/gu;

/** The words of an answer that matched a model answer, as they are written, neighbours in one piece. */
export function matchedWords(
  { profile }: PreparedQuestion,
  grades: readonly PartGrade[],
  answer: string,
): readonly string[] {
  if (profile !== 'words') return [];
  const matched = new Set(grades.flatMap((grade) => (grade.by === 'comparison' ? grade.nearest.learnerWords : [])));
  const runs: { start: number; end: number }[] = [];
  // What was not compared has matched nothing.
  for (const { 0: written, index } of answer.slice(0, COMPARED_CHARACTERS).matchAll(WRITTEN_WORD)) {
    if (!wordsOf(written, profile).some((word) => matched.has(word))) continue;
    const last = runs.at(-1);
    const end = index + written.length;
    if (last !== undefined && answer.slice(last.end, index).trim() === '') last.end = end;
    else if (runs.length < MOST_RUNS) runs.push({ start: index, end });
  }
  return runs.map(({ start, end }) => answer.slice(start, end));
}
