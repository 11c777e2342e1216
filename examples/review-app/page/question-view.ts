import type { ReviewedAnswer } from 'gradelanes/client';
import type { LearnersQuestion } from '../card-for-learners.ts';
import { createAnswerField, type Answer, type Graded } from './answer-field.ts';
import { createChoiceGroup, type ChoiceGroup } from './choice-group.ts';
import { create } from './create.ts';

/** The FSRS ratings, as the values of radio buttons. */
const ratings = [
  { value: '1', label: 'Again' },
  { value: '2', label: 'Hard' },
  { value: '3', label: 'Good' },
  { value: '4', label: 'Easy' },
] as const;

type Rating = (typeof ratings)[number]['value'];

/** A question on the page, from the empty field to the rating. */
export interface QuestionView {
  element: HTMLElement;
  readonly isGraded: boolean;
  read(): Answer;
  fill(answer: Answer): void;
  /** The answer is on its way: it can no longer be changed. */
  wait(): void;
  /** The answer can be changed again. */
  reopen(): void;
  show(result: ReviewedAnswer): void;
  /** `undefined` before the answer is graded. */
  rating(): Rating | undefined;
}

/** Builds the view of the question at a position, from 0. */
export function createQuestionView(question: LearnersQuestion, index: number): QuestionView {
  const labelId = `question-${index}`;
  const field = createAnswerField(question, labelId);
  // Disables whatever is inside, and leaves it readable.
  const answer = create('fieldset', { class: 'answer' }, [field.element]);
  const outcome = create('div', { class: 'outcome' });
  const element = create('article', { class: 'question', 'data-state': 'open', 'aria-labelledby': labelId }, [
    create('h2', { id: labelId }, [create('span', { class: 'position' }, [`${index + 1}`]), question.prompt]),
    answer,
    outcome,
  ]);
  let rating: ChoiceGroup<Rating> | undefined;
  const setState = (state: string, isLocked: boolean): void => {
    element.dataset['state'] = state;
    answer.disabled = isLocked;
  };

  return {
    element,
    get isGraded() {
      return rating !== undefined;
    },
    read: () => field.read(),
    fill: (value) => field.fill(value),
    wait: () => {
      setState('waiting', true);
      outcome.replaceChildren(create('p', { class: 'verdict' }, ['Waiting for a grade']));
    },
    reopen: () => {
      setState('open', false);
      outcome.replaceChildren();
    },
    show: (result) => {
      if (result.status === 'failed') {
        setState('failed', false);
        outcome.replaceChildren(create('p', { class: 'verdict' }, [`⚠ Not graded: ${result.error.message}`]));
        return;
      }
      rating = createRating(index, result.suggestedRating);
      setState(stateOf(result), true);
      field.mark?.(result);
      outcome.replaceChildren(...describe(result), rating.element);
    },
    rating: () => rating?.value(),
  };
}

function stateOf({ isCorrect, scaledScore }: Graded): string {
  if (scaledScore >= 0.8) return 'right';
  return isCorrect ? 'partly' : 'wrong';
}

function describe(result: Graded): readonly Node[] {
  const words = { right: '✓ Right', partly: '◐ Partly right', wrong: '✕ Not yet' }[stateOf(result)] ?? '';
  const points = `${Number(result.scoreGiven.toFixed(1))} of ${result.scoreMaximum}`;
  const verdict = create('p', { class: 'verdict' }, [words, create('span', { class: 'points' }, [points])]);
  const { feedback } = result;
  return feedback === undefined ? [verdict] : [verdict, create('p', { class: 'feedback' }, [feedback])];
}

function createRating(index: number, suggested: number): ChoiceGroup<Rating> {
  const choices = ratings.map((each) => (Number(each.value) === suggested ? { ...each, note: 'suggested' } : each));
  const [{ value: again }] = ratings;
  const chosen = ratings.find(({ value }) => Number(value) === suggested)?.value ?? again;
  return createChoiceGroup('How well did you know it?', `rating-${index}`, choices, chosen);
}
