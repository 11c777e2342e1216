// What the app reviews in its tests, and by hand.
import type { Card } from './review-app.ts';

/** A card with two questions for a model and one that a rule can decide, and a card with a single question. */
export const cards: ReadonlyMap<string, Card> = new Map([
  [
    'ice',
    {
      material: 'Water expands by about 9 % when it freezes.',
      questions: [
        {
          id: 'why',
          prompt: 'Why does ice float on water?',
          referenceAnswers: ['Ice is less dense than liquid water.'],
        },
        {
          id: 'share',
          kind: 'numeric',
          prompt: 'By how many per cent does water expand when it freezes?',
          numeric: { value: 9, tolerance: 1 },
        },
        {
          id: 'where',
          prompt: 'Where in nature does that matter?',
          referenceAnswers: ['Ice covers lakes in winter, and fish survive in the water below it.'],
        },
      ],
    },
  ],
  [
    'sky',
    {
      material: 'Air scatters blue light more than red light.',
      questions: [{ id: 'blue', prompt: 'Why is the sky blue?', referenceAnswers: ['Air scatters blue light most.'] }],
    },
  ],
]);
