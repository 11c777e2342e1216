// A card as a course has it. All of this stays on the server: the page gets the prompts and options, never the keys.
import type { Question } from 'gradelanes';

/** A card, and answers to try it with: right ones, a half right one and wrong ones. */
export interface Card {
  id: string;
  title: string;
  context: string;
  questions: readonly Question[];
  samples: readonly (string | readonly string[] | readonly number[])[];
}

export const waterCard: Card = {
  id: 'water',
  title: 'Water, a strange liquid',
  context: 'A school lesson on the properties of water, for learners of about 14.',
  questions: [
    {
      prompt: 'Why does ice float on water?',
      referenceAnswers: ['Ice is less dense than liquid water, because its molecules are further apart.'],
      scoreMaximum: 2,
    },
    {
      kind: 'multiple_choice',
      prompt: 'At which temperature is water densest?',
      choices: ['0 °C', '4 °C', '25 °C', '100 °C'],
      correctChoices: [1],
    },
    {
      prompt: 'How does sweating cool you down?',
      referenceAnswers: ['The water in sweat evaporates and takes heat away from the skin.'],
      scoreMaximum: 2,
    },
    {
      kind: 'numeric',
      prompt: 'How many hydrogen atoms are there in three molecules of water?',
      numeric: { value: 6 },
    },
    {
      kind: 'cloze',
      prompt: 'In a water molecule the ___ atom is slightly negative, and the two ___ atoms are slightly positive.',
      blanks: [{ accept: ['oxygen', 'O'] }, { accept: ['hydrogen', 'H'] }],
      scoreMaximum: 2,
    },
    {
      prompt: 'Why is the weather by the sea milder than inland?',
      referenceAnswers: [
        'Water has a high heat capacity: the sea warms up slowly in summer and cools slowly in winter.',
      ],
      scoreMaximum: 2,
    },
    {
      kind: 'multiple_select',
      prompt: 'Which of these dissolve well in water?',
      choices: ['salt', 'sugar', 'olive oil', 'candle wax'],
      correctChoices: [0, 1],
    },
    {
      prompt: 'How can a pond skater walk on water?',
      referenceAnswers: [
        'Surface tension: the water molecules attract each other, so the surface carries the light insect.',
      ],
      scoreMaximum: 2,
    },
  ],
  samples: [
    'Ice is less dense than liquid water because its molecules keep apart.',
    [1],
    'Sweat evaporates and takes heat away from the skin.',
    '6',
    ['oxygen', 'hydrogen'],
    'There is more wind at the beach.',
    [0, 1, 3],
    'Water molecules attract each other, and this surface tension carries the insect.',
  ],
};
