import { gradeAnswer, gradeAnswersInBatch } from 'gradelanes';
import { faultyProvider, mockLLM, mockProvider, type FaultName } from 'gradelanes/testing';
import { describe, expect, test } from 'vitest';
import { outcomes, sampleAnswers } from '../../sample-answers.js';

describe.each([
  ['a model', () => mockLLM(0.4)],
  ['a provider of verdicts', () => mockProvider(0.4)],
])('faults of the marking of %s', (_, inner) => {
  const scores = async (fault: FaultName) =>
    outcomes(
      await gradeAnswersInBatch(sampleAnswers(2), { provider: faultyProvider(inner(), [fault]), guards: false }),
    );

  test('a noisy grader is one level off, down and up', async () => {
    expect(await scores('noisy')).toEqual([0.2, 0.6]);
  });

  test('another always gives full marks', async () => {
    expect(await scores('always_full')).toEqual([1, 1]);
  });

  test('prose around the JSON is asked again', async () => {
    const provider = faultyProvider(inner(), ['prose_around']);
    const result = await gradeAnswer({ question: { prompt: 'Why?' }, answer: 'because' }, { provider });
    expect(result).toMatchObject({ status: 'graded', attempts: 2, scaledScore: 0.4 });
  });

  test('confidence may be missing', async () => {
    const provider = faultyProvider(inner(), ['no_confidence']);
    const result = await gradeAnswer({ question: { prompt: 'Why?' }, answer: 'because' }, { provider, guards: false });
    expect(result).toMatchObject({ status: 'graded', scaledScore: 0.4 });
    expect(result).not.toHaveProperty('confidence');
  });
});
