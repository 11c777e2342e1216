import { describe, expect, test } from 'vitest';
import {
  gradeAnswer,
  type AnswerPart,
  type MultipleSelectQuestion,
  type OrderingQuestion,
  type Question,
} from 'gradelanes';
import { offlineProvider } from 'gradelanes/offline';

const together = { scoring: 'all_or_nothing' } as const;
const choices = ['lead', 'iron', 'oxygen', 'helium'];

/** The parts as `+given/maximum` for right ones and `-given/maximum` for wrong ones, and their sum beside the score. */
async function partsOf(question: Question, answer: string): Promise<string | undefined> {
  const result = await gradeAnswer({ question, answer }, { provider: offlineProvider() });
  if (result.status !== 'graded' || result.parts === undefined) return undefined;
  const sum = result.parts.reduce((total, { scoreGiven }) => total + scoreGiven, 0);
  expect(result.scoreGiven).toBeCloseTo(Math.max(0, sum), 5);
  expect(result.parts.map(({ index }) => index)).toEqual([...result.parts.keys()]);
  return result.parts.map(described).join(' ');
}

const described = ({ isCorrect, scoreGiven, scoreMaximum }: AnswerPart): string =>
  `${isCorrect ? '+' : '-'}${scoreGiven}/${scoreMaximum}`;

describe('the parts of an answer that a rule decides', () => {
  test('are the options of several, where a wrong one costs as much as a right one earns', async () => {
    const question: MultipleSelectQuestion = {
      kind: 'multiple_select',
      prompt: 'Metals?',
      choices,
      correctChoices: [0, 1],
      scoreMaximum: 4,
    };
    expect(await partsOf(question, 'A, B')).toBe('+2/2 +2/2 +0/0 +0/0');
    expect(await partsOf(question, 'A, C')).toBe('+2/2 -0/2 --2/0 +0/0');
    expect(await partsOf({ ...question, ...together }, 'A')).toBe('+0/2 -0/2 +0/0 +0/0');
  });

  test('are the places of an order', async () => {
    const question: OrderingQuestion = {
      kind: 'ordering',
      prompt: 'Order?',
      choices: ['b', 'a', 'c', 'd'],
      correctOrder: [1, 0, 2, 3],
    };
    expect(await partsOf(question, 'a; b; d; c')).toBe('+0.25/0.25 +0.25/0.25 -0/0.25 -0/0.25');
    expect(await partsOf({ ...question, ...together }, 'a; b; d; c')).toBe('+0/0.25 +0/0.25 -0/0.25 -0/0.25');
  });

  test('are the pairs of a matching', async () => {
    const question: Question = {
      kind: 'matching',
      prompt: 'Match?',
      pairs: [
        ['dog', 'bark'],
        ['cat', 'meow'],
      ],
    };
    expect(await partsOf(question, 'dog -> bark; cat -> bark')).toBe('+0.5/0.5 -0/0.5');
  });

  test('are the gaps of a cloze text, by their points', async () => {
    const question: Question = {
      kind: 'cloze',
      prompt: '_ and _',
      scoreMaximum: 4,
      blanks: [{ accept: ['salt'], points: 3 }, { accept: ['pepper'] }],
    };
    expect(await partsOf(question, 'salt; pepper')).toBe('+3/3 +1/1');
    expect(await partsOf(question, 'salt; ')).toBe('+3/3 -0/1');
  });

  test('are none where there is only one, or a model decides', async () => {
    const one: Question = { kind: 'cloze', prompt: '_', blanks: [{ accept: ['salt'] }] };
    expect(await partsOf(one, 'salt')).toBeUndefined();
    expect(
      await partsOf({ ...one, blanks: [{ accept: ['salt'] }, { accept: ['pepper'] }] }, 'salt; mace'),
    ).toBeUndefined();
    expect(await partsOf({ kind: 'multiple_choice', prompt: '?', choices, correctChoices: [0] }, 'A')).toBeUndefined();
  });
});
