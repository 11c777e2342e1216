import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { questionForLearners, type Question } from 'gradelanes';

const SECRET = 'secret';
const teachersOnly = {
  referenceAnswers: [SECRET],
  rubric: { criteria: [{ id: SECRET, description: SECRET }] },
  examples: [{ answer: SECRET, score: 1 }],
  misconceptions: [{ id: SECRET, description: SECRET }],
  graderInfo: SECRET,
  context: SECRET,
  authorNote: SECRET,
};

describe('questionForLearners', () => {
  test.each<[Question, object]>([
    [{ prompt: 'Why?' }, { kind: 'short_answer', prompt: 'Why?' }],
    [
      { kind: 'essay', id: 'q1', prompt: 'Why?', scoreMaximum: 4, language: 'en' },
      { kind: 'essay', id: 'q1', prompt: 'Why?', scoreMaximum: 4, language: 'en' },
    ],
    [
      { kind: 'multiple_choice', prompt: 'Which?', choices: ['a', 'b'], correctChoices: [1] },
      { kind: 'multiple_choice', prompt: 'Which?', choices: ['a', 'b'] },
    ],
    [
      { kind: 'ordering', prompt: 'In which order?', choices: ['b', 'a'], correctOrder: [1, 0] },
      { kind: 'ordering', prompt: 'In which order?', choices: ['b', 'a'] },
    ],
    [
      { kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true },
      { kind: 'true_false', prompt: 'Ice floats.' },
    ],
    [
      { kind: 'numeric', prompt: 'How many?', numeric: { value: 42, unit: 'kg' } },
      { kind: 'numeric', prompt: 'How many?' },
    ],
    [
      {
        kind: 'matching',
        prompt: 'Match.',
        pairs: [
          ['z', 'last'],
          ['a', 'first'],
          ['b', 'first'],
        ],
      },
      { kind: 'matching', prompt: 'Match.', left: ['z', 'a', 'b'], right: ['first', 'last'] },
    ],
    [
      { kind: 'cloze', prompt: 'Ice ___.', blanks: [{ accept: ['floats'] }] },
      { kind: 'cloze', prompt: 'Ice ___.', blankCount: 1 },
    ],
  ])('shows of %o what is asked, and no more', (question, expected) => {
    expect(questionForLearners({ ...question, ...teachersOnly })).toEqual(expected);
  });

  test.prop([fc.dictionary(fc.string(), fc.constant(SECRET))])('lets no other field out', (fields) => {
    const shown = questionForLearners({ prompt: 'Why?', ...teachersOnly, authorFields: fields } as Question);
    expect(JSON.stringify(shown)).not.toContain(SECRET);
  });
});
