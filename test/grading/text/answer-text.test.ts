import { describe, expect, test } from 'vitest';
import type { Question } from 'gradelanes';
import { answerText } from '../../../src/grading/text/answer-text.js';

const choice: Question = { kind: 'multiple_select', prompt: 'Which?', choices: ['ice', 'steel'], correctChoices: [0] };

describe('answerText', () => {
  test('leaves a text as it is', () => {
    expect(answerText({ prompt: 'Why?' }, '  spaced \n out ')).toBe('  spaced \n out ');
    expect(answerText(choice, '1')).toBe('1');
    expect(answerText({ prompt: 'Why?' }, '')).toBe('');
  });

  test('writes parts one a line', () => {
    expect(answerText({ prompt: 'Name two.' }, ['first', 'second'])).toBe('first\nsecond');
    expect(answerText({ prompt: 'Name two.' }, [])).toBe('');
  });

  test('writes chosen options as their texts, and what is no option as it came', () => {
    expect(answerText(choice, [1, 0])).toBe('steel\nice');
    expect(answerText(choice, [1, 7, -1])).toBe('steel\n7\n-1');
    expect(answerText({ prompt: 'Which numbers?' }, [0, 1])).toBe('0\n1');
  });
});
