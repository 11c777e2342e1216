import type { AnswerToGrade, ClozeQuestion } from '../../contract/question.js';
import { splitIntoParts, withoutNumbering } from './answer-parts.js';
import { isBlankPart } from './left-blank.js';
import { partedScore, type RuleOutcome } from './rule-outcome.js';
import { createTextLookup } from './text-lookup.js';

/** A text with gaps. A gap is right when it reads as accepted, wrong when left blank; any other text needs a reader. */
export function gradeCloze(question: ClozeQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const parts = partsOf(answer, question.blanks.length);
  if (parts === undefined || parts.every((part) => part.trim() === '')) return undefined;
  const fillings = fillingsOf(question, parts);
  const numbered = fillings.includes('unknown') ? withoutNumbering(parts) : undefined;
  return scoreOf(question, numbered === undefined ? fillings : fillingsOf(question, numbered));
}

type Filling = 'accepted' | 'blank' | 'unknown';

function partsOf(answer: AnswerToGrade['answer'], count: number): readonly string[] | undefined {
  if (typeof answer === 'string') return count === 1 ? [answer] : splitIntoParts(answer, count);
  return answer.length === count ? answer.map(String) : undefined;
}

function fillingsOf(question: ClozeQuestion, parts: readonly string[]): readonly Filling[] {
  const { blanks, caseSensitive = false } = question;
  return blanks.map(({ accept }, index) => {
    const part = parts[index] ?? '';
    const isAccepted = createTextLookup(accept, caseSensitive)(part).length > 0 || accept.includes(part.trim());
    if (isAccepted) return 'accepted';
    return isBlankPart(question, part) ? 'blank' : 'unknown';
  });
}

function scoreOf({ blanks, scoring }: ClozeQuestion, fillings: readonly Filling[]): RuleOutcome {
  if (fillings.every((filling) => filling === 'blank')) return undefined;
  // A gap left blank has lost all marks, whatever the texts in the others are worth.
  if (scoring === 'all_or_nothing' && fillings.includes('blank') && fillings.includes('unknown')) return 0;
  if (fillings.includes('unknown')) {
    const open = fillings.flatMap((filling, index) => (filling === 'unknown' ? [index + 1] : []));
    return `Gaps with a text that is not on the list, counted from 1: ${open.join(', ')}.`;
  }
  return partedScore(
    fillings.map((filling) => filling === 'accepted'),
    scoring,
    blanks.map(({ points = 1 }) => points),
  );
}
