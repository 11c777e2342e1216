import { open } from 'node:fs/promises';
import type { Question } from 'gradelanes';
import type { MarkedAnswer } from 'gradelanes/evaluate';
import * as z from 'zod/mini';
import { UsageError } from '../grade-deck/usage-error.ts';

const score = z.number().check(z.minimum(0), z.maximum(1));
const reference = z.union([z.string(), z.object({ text: z.string(), fraction: z.optional(score) })]);

/** A line of the file. More properties than these are fine. */
const rowSchema = z.object({
  question: z.string().check(z.minLength(1)),
  answer: z.string(),
  score,
  secondScore: z.optional(score),
  id: z.optional(z.string()),
  questionId: z.optional(z.string()),
  referenceAnswer: z.optional(z.string()),
  referenceAnswers: z.optional(z.array(reference)),
});

type Row = z.infer<typeof rowSchema>;

/**
 * Reads marked answers, one JSON object a line; lines without anything are skipped.
 *
 * @param path Of a JSONL file in UTF-8.
 * @param limit Stops after so many answers.
 * @throws {UsageError} naming the file, the line and what is wrong with it.
 */
export async function readMarkedAnswers(path: string, limit: number = Infinity): Promise<readonly MarkedAnswer[]> {
  await using file = await open(path).catch((error: unknown) => {
    throw new UsageError(`cannot read ${path}`, { cause: error });
  });
  const answers: MarkedAnswer[] = [];
  // The same question is one object, so that a grader prepares it once.
  const questions = new Map<string, Question>();
  let line = 0;
  for await (const text of file.readLines()) {
    if (answers.length >= limit) break;
    line += 1;
    if (text.trim() !== '') answers.push(markedAnswer(readRow(text, `${path}:${line}`), questions));
  }
  return answers;
}

function readRow(text: string, place: string): Row {
  const outcome = rowSchema.safeParse(jsonOf(text.replace(/^\ufeff/, ''), place));
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  throw new UsageError(`${place}: ${issue?.path.join('.')} ${issue?.message}`);
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${place} is not JSON`, { cause: error });
  }
}

function markedAnswer(row: Row, questions: Map<string, Question>): MarkedAnswer {
  const { id, answer, score: first, secondScore } = row;
  const question = questionOf(row);
  const key = JSON.stringify(question);
  const known = questions.get(key) ?? question;
  questions.set(key, known);
  const humanScores: MarkedAnswer['humanScores'] = secondScore === undefined ? [first] : [first, secondScore];
  return { id, question: known, answer, humanScores };
}

function questionOf({ questionId, question, referenceAnswer, referenceAnswers }: Row): Question {
  const references = referenceAnswers ?? (referenceAnswer === undefined ? undefined : [referenceAnswer]);
  return { id: questionId, prompt: question, referenceAnswers: references };
}
