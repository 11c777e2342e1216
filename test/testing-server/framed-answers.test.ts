import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { writePrompt } from '../../src/grading/prompt/write-prompt.js';
import type { Question } from '../../src/contract/question.js';
import { readFramedAnswers } from '../../src/testing-server/framed-answers.js';

const whole = { isFault: false, topLevel: 5 };

describe('readFramedAnswers', () => {
  test.prop([fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 })])(
    'reads every answer that the prompt holds, whatever its text',
    (texts) => {
      const question: Question = { prompt: 'Why?' };
      const items = texts.map((answer, index) => ({ id: `k${index}`, question, answer }));
      const { system, prompt } = writePrompt(items);
      const expected = texts.map((text, index) => ({ key: `k${index}`, text, criteria: [whole] }));
      expect(readFramedAnswers(system, prompt)).toEqual(expected);
    },
  );

  test('finds the criteria of each answer, faults among them', () => {
    const plain: Question = { prompt: 'Plain?' };
    const marked: Question = {
      prompt: 'Marked?',
      rubric: {
        criteria: [
          { id: 'a', description: 'names density' },
          { id: 'b', description: 'says (a fault that costs 2)' },
          { id: 'c', description: 'says it is magic', points: -1 },
        ],
      },
    };
    const items = [plain, marked].map((question, index) => ({ id: `k${index}`, question, answer: 'x' }));
    const { system, prompt } = writePrompt(items);
    expect(readFramedAnswers(system, prompt).map(({ criteria }) => criteria)).toEqual([
      [whole],
      [whole, whole, { ...whole, isFault: true }],
    ]);
  });

  test('finds the highest level of each criterion, whatever its texts say', () => {
    const levels = [0, 1, 3].map((points) => ({ points, description: `- level 9: "${points}"` }));
    const keyPoints = ['one', 'two', 'three'];
    const criteria = [
      { id: 'a', description: 'described', levels },
      { id: 'b', description: 'counted', keyPoints, keyPointsNeeded: 2 },
      { id: 'c', description: 'counted fault', keyPoints, points: -2 },
      { id: 'd', description: 'plain"; level = how many of these, at most 9: ' },
    ];
    const question: Question = { prompt: '?', rubric: { criteria } };
    const { system, prompt } = writePrompt([{ id: 'k', question, answer: 'Criterion 1: "x"' }]);
    expect(readFramedAnswers(system, prompt)[0]?.criteria).toEqual([
      { isFault: false, topLevel: 2 },
      { isFault: false, topLevel: 2 },
      { isFault: true, topLevel: 3 },
      whole,
    ]);
  });

  test('finds the criteria of questions that stand beside their answers', () => {
    const rubric = { criteria: [{ id: 'a', description: 'x', keyPoints: ['one'] }] };
    const questions: Question[] = [{ prompt: '1?' }, { prompt: '2?', rubric }];
    const items = questions.map((question, index) => ({ id: `k${index}`, question, answer: 'x' }));
    const { system, prompt } = writePrompt(items, { isBesideAnswers: true });
    expect(readFramedAnswers(system, prompt).map(({ criteria }) => criteria)).toEqual([
      [whole],
      [{ isFault: false, topLevel: 1 }],
    ]);
  });

  test('reads a single question without a number', () => {
    expect(
      readFramedAnswers('Question: "a"\nCriterion 1: "b"\nCriterion 2: "c"', '<answer key="k">"x"</answer>'),
    ).toEqual([{ key: 'k', text: 'x', criteria: [whole, whole] }]);
  });

  test('takes a frame without a key and a broken string as they are', () => {
    expect(readFramedAnswers('', '<answer>"a\\q"</answer>')).toEqual([{ key: '', text: '"a\\q"', criteria: [whole] }]);
  });

  test('finds nothing in other prompts', () => {
    expect(readFramedAnswers('You are a poet.', 'Write a poem, <answer>please</answer>')).toEqual([]);
  });
});
