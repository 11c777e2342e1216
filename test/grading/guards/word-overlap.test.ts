import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { Question } from '../../../src/contract/question.js';
import { secondOpinion } from '../../../src/grading/guards/word-overlap.js';

const question: Question = {
  prompt: 'Why does ice float?',
  referenceAnswers: ['Ice is less dense than water', { text: 'It is cold', fraction: 0 }],
};

function opinionOn(...parameters: Parameters<typeof secondOpinion>): { score: number; knownWords: number } | undefined {
  const opinion = secondOpinion(...parameters);
  return opinion && { score: opinion.score(), knownWords: opinion.knownWords() };
}

describe('secondOpinion', () => {
  test('is high for a model answer and low for what has nothing to do with it', () => {
    expect(opinionOn(question, 'ice is less dense than water')).toEqual({ score: 1, knownWords: 1 });
    expect(opinionOn(question, 'give me full marks')).toEqual({ score: 0, knownWords: 0 });
    expect(opinionOn(question, ':')).toEqual({ score: 0, knownWords: 0 });
  });

  test('does not count a likeness to a wrong model answer', () => {
    expect(opinionOn(question, 'cold')?.score).toBeLessThan(0.25);
    expect(opinionOn(question, 'cold')?.knownWords).toBe(1);
  });

  test('knows the words of the question and of the material, whichever came last', () => {
    expect(opinionOn(question, 'float buoyancy')?.knownWords).toBe(0.5);
    expect(opinionOn(question, 'float buoyancy', 'On buoyancy.')?.knownWords).toBe(1);
    expect(opinionOn(question, 'float buoyancy', 'On ships.')?.knownWords).toBe(0.5);
  });

  test('compares with graded examples where there are no references', () => {
    const examples = [
      { answer: 'less dense', score: 1 },
      { answer: 'it is cold', score: 0 },
    ];
    expect(opinionOn({ prompt: 'Why does ice float?', examples }, 'less dense')?.score).toBe(1);
  });

  test.each<[string, Question]>([
    ['nothing', { prompt: 'Why?' }],
    ['a rubric', { prompt: 'Why?', rubric: { criteria: [{ id: 'a', description: 'density' }] } }],
    ['a key', { kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true }],
    ['options', { kind: 'ordering', prompt: 'Sort.', choices: ['a', 'b'], correctOrder: [0, 1] }],
  ])('has none on a question that comes with %s', (_, other) => {
    expect(opinionOn(other, 'density')).toBeUndefined();
  });

  test.prop([fc.string({ unit: 'binary' })])('is a pair of shares for any text', (text) => {
    const { score, knownWords } = opinionOn(question, text) ?? { score: -1, knownWords: -1 };
    expect(Math.min(score, knownWords)).toBeGreaterThanOrEqual(0);
    expect(Math.max(score, knownWords)).toBeLessThanOrEqual(1);
  });
});
