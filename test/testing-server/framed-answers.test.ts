import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { writePrompt } from '../../src/grading/prompt/write-prompt.js';
import type { Question } from '../../src/contract/question.js';
import { readFramedAnswers } from '../../src/testing-server/framed-answers.js';

describe('readFramedAnswers', () => {
  test.prop([fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 })])(
    'reads every answer that the prompt holds, whatever its text',
    (texts) => {
      const question: Question = { prompt: 'Why?' };
      const items = texts.map((answer, index) => ({ id: `k${index}`, question, answer }));
      const { system, prompt } = writePrompt(items);
      const expected = texts.map((text, index) => ({ key: `k${index}`, text, criteria: [false] }));
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
    expect(readFramedAnswers(system, prompt).map(({ criteria }) => criteria)).toEqual([[false], [false, false, true]]);
  });

  test('reads a single question without a number', () => {
    expect(
      readFramedAnswers('Question: "a"\nCriterion 1: "b"\nCriterion 2: "c"', '<answer key="k">"x"</answer>'),
    ).toEqual([{ key: 'k', text: 'x', criteria: [false, false] }]);
  });

  test('takes a frame without a key and a broken string as they are', () => {
    expect(readFramedAnswers('', '<answer>"a\\q"</answer>')).toEqual([{ key: '', text: '"a\\q"', criteria: [false] }]);
  });

  test('finds nothing in other prompts', () => {
    expect(readFramedAnswers('You are a poet.', 'Write a poem, <answer>please</answer>')).toEqual([]);
  });
});
