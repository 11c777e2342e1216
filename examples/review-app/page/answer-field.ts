import type { ReviewedAnswer } from 'gradelanes/client';
import type { LearnersQuestion } from '../card-for-learners.ts';
import { create } from './create.ts';

/** What a learner gives: text, texts for gaps, or positions of options. */
export type Answer = string | readonly string[] | readonly number[];

/** Where one question is answered. */
export interface AnswerField {
  element: HTMLElement;
  read(): Answer;
  fill(answer: Answer): void;
  /** Marks what was chosen, once it is graded; only options have something to mark. */
  mark?(result: Graded): void;
}

/** A grade, as the client has it. */
export type Graded = Extract<ReviewedAnswer, { status: 'graded' }>;

/** A field that fits the kind of question. `labelId` names the element that holds the prompt. */
export function createAnswerField({ kind, choices, prompt }: LearnersQuestion, labelId: string): AnswerField {
  const label = { 'aria-labelledby': labelId };
  if (kind === 'text') return textField(create('textarea', { rows: '1', maxlength: '2000', ...label }));
  if (kind === 'number') return textField(create('input', { inputmode: 'decimal', class: 'number', ...label }));
  return kind === 'gaps' ? gapsField(prompt.split('___').length - 1, labelId) : optionsField(kind, choices, labelId);
}

function textField(input: HTMLTextAreaElement | HTMLInputElement): AnswerField {
  return {
    element: input,
    read: () => input.value,
    fill: (answer) => {
      input.value = String(answer);
    },
  };
}

function gapsField(count: number, labelId: string): AnswerField {
  const inputs = Array.from({ length: count }, (_, index) => create('input', { 'aria-label': `Gap ${index + 1}` }));
  return {
    element: create('div', { role: 'group', class: 'gaps', 'aria-labelledby': labelId }, inputs),
    read: () => inputs.map(({ value }) => value),
    fill: (answer) => {
      for (const [index, input] of inputs.entries()) input.value = String(answer[index] ?? '');
    },
  };
}

function optionsField(kind: 'one' | 'several', choices: readonly string[], labelId: string): AnswerField {
  const type = kind === 'one' ? 'radio' : 'checkbox';
  const inputs = choices.map(() => create('input', { type, name: labelId }));
  const labels = inputs.map((input, index) => create('label', { class: 'option' }, [input, choices[index] ?? '']));
  const role = kind === 'one' ? 'radiogroup' : 'group';
  return {
    element: create('div', { role, class: 'options', 'aria-labelledby': labelId }, labels),
    read: () => inputs.flatMap(({ checked }, index) => (checked ? [index] : [])),
    fill: (answer) => {
      for (const [index, input] of inputs.entries()) input.checked = [...answer].some((each) => each === index);
    },
    mark: ({ scaledScore, parts }) => {
      for (const [index, input] of inputs.entries()) {
        if (!input.checked) continue;
        const part = parts?.find((each) => each.index === index);
        // A wrong whole says nothing of one option among several.
        const whole = scaledScore === 1 ? 'right' : kind === 'one' ? 'wrong' : 'chosen';
        const own = part?.isCorrect === true ? 'right' : 'wrong';
        labels[index]?.setAttribute('data-mark', part === undefined ? whole : own);
      }
    },
  };
}
