import type { AnswerToGrade, Question } from '../contract/question.js';

/**
 * Turns the values of an HTML form into an answer. Forms send texts only, so that `value="1"` arrives as `'1'`, which would
 * be read as a learner's own words: the first option. Here a whole number is the position of an option, counted from 0 as
 * in `correctChoices`, unless an option reads just so.
 *
 * - Choices (`multiple_choice`, `multiple_select`, `ordering`): positions or the options' own texts, in the form's order.
 * - `true_false`: `true`, `1`, `on` and `yes` are true, `false`, `0`, `off` and `no` false.
 * - Several parts (`cloze`, `matching`): one value for each gap or left side; for `matching` the right side's text.
 * - Everything else: the text.
 *
 * @param question The question that the form asks.
 * @param values What the form sent, as `FormData.getAll(name)` gives it; files are left out.
 * @returns The answer, for `AnswerToGrade.answer` or for the review routes.
 *
 * @example
 * ```ts
 * import { answerFromForm } from 'gradelanes';
 *
 * const question = { kind: 'multiple_choice', prompt: 'Ice', choices: ['sinks', 'floats'], correctChoices: [1] } as const;
 * const form = new FormData();
 * form.append('ice', '1');
 * console.log(answerFromForm(question, form.getAll('ice'))); // [ 1 ]
 * ```
 */
export function answerFromForm(question: Question, values: readonly unknown[]): AnswerToGrade['answer'] {
  const texts = values.filter((value) => typeof value === 'string');
  if (question.kind === 'true_false') return truthOf(texts[0] ?? '');
  if (question.kind === 'cloze') return question.blanks.map((_, index) => texts[index] ?? '');
  if (question.kind === 'matching') return question.pairs.map(([left], index) => `${left} -> ${texts[index] ?? ''}`);
  return 'choices' in question ? chosen(question.choices, texts) : texts.join('\n');
}

/** Positions where all are known, else the texts: whoever grades then reads them as a learner's words. */
function chosen(choices: readonly string[], texts: readonly string[]): readonly number[] | readonly string[] {
  const positions = texts.map((text) => {
    const named = choices.indexOf(text);
    const position = /^\d{1,4}$/.test(text) ? Number(text) : -1;
    return named === -1 && position < choices.length ? position : named;
  });
  return positions.includes(-1) ? texts : positions;
}

const TRUTHS: ReadonlyMap<string, string> = new Map([
  ...['true', '1', 'on', 'yes'].map((text) => [text, 'true'] as const),
  ...['false', '0', 'off', 'no'].map((text) => [text, 'false'] as const),
]);

function truthOf(text: string): string {
  return TRUTHS.get(text.trim().toLowerCase()) ?? text;
}
