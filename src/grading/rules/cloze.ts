import type { AnswerToGrade, ClozeBlank, ClozeQuestion } from '../../core/question.js';
import { isBlankAnswer } from '../blank-answer.js';
import { splitIntoParts, withoutNumbering } from './answer-parts.js';
import type { RuleOutcome } from './rule-outcome.js';
import { createTextLookup } from './text-lookup.js';

/** A text with gaps. A gap is right when it reads as accepted, wrong when empty; any other text needs a reader. */
export function gradeCloze(question: ClozeQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const { blanks } = question;
  const parts = partsOf(answer, blanks.length);
  if (parts === undefined || parts.every((part) => part.trim() === '')) return undefined;
  const fillings = fillingsOf(question, parts);
  const numbered = withoutNumbering(parts);
  return scoreOf(
    question,
    numbered !== undefined && fillings.includes('unknown') ? fillingsOf(question, numbered) : fillings,
  );
}

type Filling = 'accepted' | 'empty' | 'unknown';

function partsOf(answer: AnswerToGrade['answer'], count: number): readonly string[] | undefined {
  if (typeof answer === 'string') return count === 1 ? [answer] : splitIntoParts(answer, count);
  return answer.length === count ? answer.map(String) : undefined;
}

function fillingsOf(question: ClozeQuestion, parts: readonly string[]): readonly Filling[] {
  return question.blanks.map((blank, index) => fillingOf(question, blank, parts[index] ?? ''));
}

function fillingOf({ caseSensitive = false, language }: ClozeQuestion, { accept }: ClozeBlank, part: string): Filling {
  if (createTextLookup(accept, caseSensitive)(part).length > 0) return 'accepted';
  if (part.trim() === '' && accept.includes('')) return 'accepted';
  const mayStayEmpty = accept.some((text) => isBlankAnswer(text));
  return isBlankAnswer(part, language) && !mayStayEmpty ? 'empty' : 'unknown';
}

function scoreOf({ blanks, scoring }: ClozeQuestion, fillings: readonly Filling[]): RuleOutcome {
  if (fillings.every((filling) => filling === 'empty')) return undefined;
  const accepted = blanks.map((blank, index) => (fillings[index] === 'accepted' ? (blank.points ?? 1) : 0));
  if (scoring === 'all_or_nothing' && fillings.includes('empty')) return 0;
  if (fillings.includes('unknown')) {
    const open = fillings.flatMap((filling, index) => (filling === 'unknown' ? [index + 1] : []));
    return `Gaps that match no accepted text, counted from 1: ${open.join(', ')}. The others are decided by rule.`;
  }
  if (scoring === 'all_or_nothing') return 1;
  return sum(accepted) / sum(blanks.map(({ points = 1 }) => points));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
