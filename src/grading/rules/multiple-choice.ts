import type { AnswerToGrade, MultipleChoiceQuestion } from '../../contract/question.js';
import { createOptionReader } from './option-reader.js';
import { referenceWorth } from './match-reference.js';
import { DISAGREEMENT, type RuleOutcome } from './rule-outcome.js';
import { createTextLookup } from './text-lookup.js';

/** One option out of several. Without a key, a reference that equals an option is the key. */
export function gradeMultipleChoice(question: MultipleChoiceQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const worth = optionWorth(question);
  if (worth === undefined) return undefined;
  const chosen = chosenOptions(question, answer);
  if (chosen.length === 0) return undefined;
  const texts = chosen.map((index) => question.choices[index]);
  const [score, ...others] = new Set(worth.filter((_, index) => texts.includes(question.choices[index])));
  if (score === undefined || others.length > 0) return DISAGREEMENT;
  return score;
}

/** The option that the answer names; several when equal options cannot be told apart, none when it is not clear. */
function chosenOptions(question: MultipleChoiceQuestion, answer: AnswerToGrade['answer']): readonly number[] {
  const { choices, caseSensitive = false } = question;
  if (typeof answer === 'string') return createOptionReader(choices, caseSensitive)(answer);
  const [only, ...others] = new Set<string | number>(answer);
  if (only === undefined || others.length > 0) return [];
  if (typeof only === 'string') return chosenOptions(question, only);
  return choices[only] === undefined ? [] : [only];
}

/** The share of full marks by option, undefined where key and references disagree; undefined without any key. */
function optionWorth(question: MultipleChoiceQuestion): readonly (number | undefined)[] | undefined {
  const { choices, correctChoices = [] } = question;
  const fractions = referencedFractions(question);
  const hasKey = correctChoices.length > 0;
  if (!hasKey && !fractions.some((known) => known.has(1))) return undefined;
  return choices.map((_, index) => {
    const [fraction, ...others] = fractions[index] ?? [];
    const keyed = correctChoices.includes(index) ? 1 : 0;
    if (others.length > 0) return undefined;
    if (fraction === undefined || !hasKey) return fraction ?? keyed;
    return Math.floor(fraction) === keyed ? fraction : undefined;
  });
}

/** The fractions that references give to each option. */
function referencedFractions(question: MultipleChoiceQuestion): readonly ReadonlySet<number>[] {
  const { choices, caseSensitive = false } = question;
  const fractions = choices.map(() => new Set<number>());
  const find = createTextLookup(choices, caseSensitive);
  for (const { text, fraction } of referenceWorth(question)) {
    for (const index of find(text)) fractions[index]?.add(fraction);
  }
  return fractions;
}
