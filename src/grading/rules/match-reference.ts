import type { AnswerToGrade, Question, QuestionBase } from '../../contract/question.js';
import { asksAboutForm } from './asks-about-form.js';
import { createTextLookup, type TextLookup } from './text-lookup.js';

/** A run has a copy of its own of every question, so that none of these is ever out of date. */
const lookups = new WeakMap<Question, TextLookup>();

/**
 * The share of full marks of the reference that the answer repeats word for word; undefined when it repeats none, or
 * several that are worth different marks.
 */
export function matchReference(question: Question, answer: AnswerToGrade['answer']): number | undefined {
  const text = wholeText(answer);
  const references = referenceWorth(question);
  if (text === undefined || references.length === 0) return undefined;
  const find = lookups.get(question) ?? createReferenceLookup(question, references);
  lookups.set(question, find);
  const [fraction, ...others] = new Set(find(text).map((index) => references[index]?.fraction));
  return others.length === 0 ? fraction : undefined;
}

function wholeText(answer: AnswerToGrade['answer']): string | undefined {
  const parts: readonly (string | number)[] = typeof answer === 'string' ? [answer] : answer;
  return parts.every((part) => typeof part === 'string') ? parts.join('\n') : undefined;
}

function createReferenceLookup(question: Question, worths: readonly { text: string }[]): TextLookup {
  const references = worths.map(({ text }) => text);
  if (question.kind === 'code') return literalLookup(references, withoutOuterSpace);
  if (asksAboutForm(question.prompt)) return literalLookup(references, (text) => text.trim());
  // Options may differ in case alone.
  return createTextLookup(references, question.caseSensitive === true || 'choices' in question);
}

function literalLookup(references: readonly string[], form: (text: string) => string): TextLookup {
  const known = references.map(form);
  return (text) => {
    const wanted = form(text);
    return wanted === '' ? [] : known.flatMap((reference, index) => (reference === wanted ? [index] : []));
  };
}

/** Code without empty lines around it and white space after its lines; indentation stays, it can carry meaning. */
function withoutOuterSpace(code: string): string {
  const lines = code.split(/\r\n?|\n/).map((line) => line.trimEnd());
  const first = lines.findIndex((line) => line !== '');
  const body = lines.slice(Math.max(0, first), lines.findLastIndex((line) => line !== '') + 1);
  return body.length === 1 ? body.join('').trim() : body.join('\n');
}

/** A reference and the share of full marks (0..1) that it is worth. */
interface ReferenceWorth {
  text: string;
  fraction: number;
}

/** The references of a question, plain texts among them, with what each is worth. */
export function referenceWorth({ referenceAnswers = [] }: Pick<QuestionBase, 'referenceAnswers'>): ReferenceWorth[] {
  return referenceAnswers.map((reference) =>
    typeof reference === 'string'
      ? { text: reference, fraction: 1 }
      : { text: reference.text, fraction: Math.min(1, Math.max(0, reference.fraction ?? 1)) },
  );
}
