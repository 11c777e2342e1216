import type { AnswerToGrade, Question } from '../../contract/question.js';
import { blankPhrase, isBlankAnswer, isBlankMark, mentionsBlankPhrase } from '../text/blank-answer.js';
import { foldText } from '../text/fold-text.js';
import { asksAboutForm } from './asks-about-form.js';
import { referenceWorth } from './match-reference.js';

/**
 * Whether the learner left the question open. Not when an option or reference reads or holds what the learner wrote
 * ("?", "I don't know"), or the question itself is about it: then it may be an answer.
 */
export function isLeftBlank(question: Question, answer: AnswerToGrade['answer']): boolean {
  const parts: readonly (string | number)[] = typeof answer === 'string' ? [answer] : answer;
  return !asksForNothing(question) && parts.every((part) => isBlankPart(question, part));
}

/** With no right option, choosing none is the answer. */
function asksForNothing(question: Question): boolean {
  return question.kind === 'multiple_select' && question.correctChoices.length === 0;
}

/** Whether one part of an answer says nothing, see {@link isLeftBlank}. */
export function isBlankPart(question: Question, part: string | number): boolean {
  return typeof part === 'string' && isBlankAnswer(part, question.language) && !mayBeAnAnswer(question, part);
}

function mayBeAnAnswer(question: Question, text: string): boolean {
  const phrase = blankPhrase(text);
  const material = materialOf(question);
  if (phrase === '') return material.some((known) => known.trim() === '');
  const known = [...material, ...referenceWorth(question).map((reference) => reference.text)];
  if (known.some((candidate) => candidate.trim() !== '' && isBlankAnswer(candidate))) return true;
  return isBlankMark(phrase)
    ? isAboutMarks(question) || known.some((candidate) => holdsMark(candidate, phrase))
    : [question.prompt, ...known].some(mentionsBlankPhrase);
}

/** Everything that the teacher offers or accepts as a part of an answer. */
function materialOf(question: Question): readonly string[] {
  if ('choices' in question) return question.choices;
  if (question.kind === 'matching') return question.pairs.flat();
  return question.kind === 'cloze' ? question.blanks.flatMap(({ accept }) => accept) : [];
}

function isAboutMarks({ kind, prompt }: Question): boolean {
  return kind === 'code' || asksAboutForm(prompt);
}

function holdsMark(text: string, mark: string): boolean {
  const words = foldText(text, { caseSensitive: true }).split(' ');
  return words.some((word) => word.replace(/['"()[\]]/g, '') === mark);
}
