import { answerFromForm, gradeAnswer, type GradingResult, type Question } from 'gradelanes';
import { mockProvider } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';

/** Graded by rule alone: a model would give nothing. */
async function graded(question: Question, values: readonly unknown[]): Promise<GradingResult> {
  const answer = answerFromForm(question, values);
  return gradeAnswer({ question, answer }, { provider: mockProvider(new Error('asked a model')), retry: false });
}

describe('an answer from a form', () => {
  const choices = ['sinks', 'floats', 'melts'];

  test.for([
    [{ kind: 'multiple_choice', prompt: 'Ice', choices, correctChoices: [1] }, ['1']],
    [{ kind: 'multiple_choice', prompt: 'Ice', choices, correctChoices: [1] }, ['floats']],
    [{ kind: 'multiple_select', prompt: 'Ice', choices, correctChoices: [1, 2] }, ['1', '2']],
    [{ kind: 'multiple_choice', prompt: '1 + 1', choices: ['1', '2', '0'], correctChoices: [2] }, ['0']],
    [{ kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true }, ['on']],
    [{ kind: 'true_false', prompt: 'Ice sinks.', correctAnswer: false }, ['0']],
    [
      { kind: 'ordering', prompt: 'From cold to hot', choices: ['steam', 'ice', 'water'], correctOrder: [1, 2, 0] },
      ['1', '2', '0'],
    ],
    [
      {
        kind: 'matching',
        prompt: 'States',
        pairs: [
          ['ice', 'solid'],
          ['steam', 'gas'],
        ],
      },
      ['solid', 'gas'],
    ],
    [
      { kind: 'cloze', prompt: '_ floats on _', blanks: [{ accept: ['ice'] }, { accept: ['water'] }] },
      ['ice', 'water'],
    ],
    [{ kind: 'numeric', prompt: '6 x 7', numeric: { value: 42 } }, ['42']],
  ] satisfies [Question, string[]][])('of %j with %j is right', async ([question, values]) => {
    expect(await graded(question, values)).toMatchObject({ status: 'graded', gradedBy: 'rule', scaledScore: 1 });
  });

  test('is wrong where another option was chosen', async () => {
    const question: Question = { kind: 'multiple_choice', prompt: 'Ice', choices, correctChoices: [1] };
    expect(await graded(question, ['0'])).toMatchObject({ gradedBy: 'rule', scaledScore: 0 });
  });

  test('keeps what it cannot read, and leaves out files', () => {
    const question: Question = { kind: 'multiple_choice', prompt: 'Ice', choices, correctChoices: [1] };
    expect(answerFromForm(question, ['7'])).toEqual(['7']);
    expect(answerFromForm({ prompt: 'Why?' }, [new Blob(['x']), 'because', 'so'])).toBe('because\nso');
    expect(
      answerFromForm({ kind: 'cloze', prompt: '_ and _', blanks: [{ accept: ['a'] }, { accept: ['b'] }] }, ['a']),
    ).toEqual(['a', '']);
  });
});
