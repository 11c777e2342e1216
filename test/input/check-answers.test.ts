import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isGradingOptionsError, type AnswerToGrade, type GradingOptionsError } from 'gradelanes';
import { checkAnswers } from '../../src/input/check-answers.js';
import { sampleAnswers } from '../sample-answers.js';

/** What answers are refused with; `undefined` if they pass. */
async function refusal(answers: unknown): Promise<GradingOptionsError | undefined> {
  try {
    await checkAnswers(answers as readonly AnswerToGrade[]);
    return undefined;
  } catch (error) {
    if (isGradingOptionsError(error)) return error;
    throw error;
  }
}

describe('checkAnswers', () => {
  test('names the answer and the field', async () => {
    const answers = [...sampleAnswers(2), { question: { prompt: 7 }, answer: 'x' }];
    expect(await refusal(answers)).toMatchObject({
      field: 'answers[2].question.prompt',
      rule: 'must be a text that is not empty',
      received: '7',
    });
  });

  test.each<[unknown, string]>([
    [null, 'answers[0]'],
    [undefined, 'answers[0]'],
    ['an answer', 'answers[0]'],
    [{}, 'answers[0].question'],
    [{ question: null, answer: 'x' }, 'answers[0].question'],
    [{ question: 'Why?', answer: 'x' }, 'answers[0].question'],
    [{ question: { prompt: 'Why?' } }, 'answers[0].answer'],
    [{ question: { prompt: 'Why?' }, answer: null }, 'answers[0].answer'],
    [{ question: { prompt: 'Why?' }, answer: 42 }, 'answers[0].answer'],
    [{ question: { prompt: 'Why?' }, answer: ['a', 1] }, 'answers[0].answer'],
    [{ question: { prompt: 'Why?' }, answer: [Number.NaN] }, 'answers[0].answer'],
    [{ question: { prompt: 'Why?' }, answer: 'x', id: 7 }, 'answers[0].id'],
    [{ question: { prompt: 'Why?' }, answer: 'x', learnerId: 7 }, 'answers[0].learnerId'],
  ])('refuses %o at %s', async (answer, field) => {
    expect(await refusal([answer])).toMatchObject({ field });
  });

  test.each(['x', '', [], ['a', 'b'], [0, 1], '😀'.repeat(10_000)])('accepts %o as an answer', async (answer) => {
    expect(await refusal([{ question: { prompt: 'Why?' }, answer, extra: 'of a database row' }])).toBeUndefined();
  });

  test('refuses holes in the array', async () => {
    // oxlint-disable-next-line no-sparse-arrays
    expect(await refusal([...sampleAnswers(1), , ...sampleAnswers(1)])).toMatchObject({ field: 'answers[1]' });
  });

  test('checks a question that many answers share only once', async () => {
    let reads = 0;
    const question = {
      get prompt() {
        reads += 1;
        return 'Why?';
      },
    };
    await checkAnswers(sampleAnswers(1_000, () => ({ question })));
    expect(reads).toBeLessThan(10);
  });

  test('gives the event loop its turns', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await checkAnswers(sampleAnswers(60_000, () => ({ question: { prompt: 'Why?' } })));
    isDone = true;
    expect(turns).toBeGreaterThan(1);
  });

  test('never shows what a learner or a teacher wrote', async () => {
    const secret = 'my secret';
    for (const answer of [
      { question: { prompt: secret }, answer: { text: secret } },
      { question: { prompt: 'Why?', rubric: secret }, answer: secret },
      { question: { prompt: 'Why?', language: [secret] }, answer: secret },
      { question: { prompt: 'Why?', kind: 'numeric', numeric: { value: secret } }, answer: secret },
    ]) {
      const error = await refusal([answer]);
      expect(error).toBeDefined();
      expect(error?.message).not.toContain(secret);
    }
  });

  test.prop([fc.array(fc.anything({ withNullPrototype: true, withBigInt: true }), { maxLength: 3 })], { numRuns: 500 })(
    'refuses whatever is no answer with a rule, and nothing else is thrown',
    async (answers) => {
      const error = await refusal(answers);
      if (error !== undefined) expect(error.rule).toMatch(/^(must|is) /);
    },
  );
});
