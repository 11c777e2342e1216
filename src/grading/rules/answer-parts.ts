import type { AnswerToGrade } from '../../contract/question.js';

/** The parts of an answer in one string that are not empty: one a line or separated by `;`. */
export function splitParts(text: string): readonly string[] {
  return split(text).filter((part) => part !== '');
}

/**
 * Exactly so many parts, empty ones between two `;` among them; undefined when there are more or fewer. A `;` at the end
 * of a line closes a part rather than opening another, unless the number says so.
 */
export function splitIntoParts(text: string, count: number): readonly string[] | undefined {
  return [split(text.replace(/;$|;(?=[\r\n])/g, '')), split(text)].find((parts) => parts.length === count);
}

/** The parts without the numbers 1, 2, 3 ... in front of them; undefined when they are not numbered that way. */
export function withoutNumbering(parts: readonly string[]): readonly string[] | undefined {
  const numbered = parts.map((part) => /^\(?(\d{1,3})(?:\)\s*|[.:]\s+)(\S[^]*)$/.exec(part));
  const isInOrder = numbered.every((match, index) => Number(match?.[1]) === index + 1);
  return isInOrder ? numbered.map((match) => match?.[2] ?? '') : undefined;
}

function split(text: string): readonly string[] {
  const lines = text.split(/[\r\n\u2028\u2029]+/).filter((line) => line.trim() !== '');
  return lines.flatMap((line) => line.split(';').map((part) => part.trim()));
}

/** The answer as one text, when it is one: a string, or a list with one string. */
export function singleText(answer: AnswerToGrade['answer']): string | undefined {
  if (typeof answer === 'string') return answer;
  const [only] = answer;
  return answer.length === 1 && typeof only === 'string' ? only : undefined;
}
