import { describe, expect, test } from 'vitest';
import {
  gradeAnswer,
  gradeAnswersWithFallback,
  type GradedAnswer,
  type GradingOptions,
  type GradingProvider,
  type Verdict,
} from 'gradelanes';
import { mockLLM, mockProvider } from 'gradelanes/testing';
import { question, sampleAnswers } from '../../sample-answers.js';

const plain = { localGrading: false, retry: false } as const;

async function graded(
  provider: GradingOptions['provider'],
  options: Partial<GradingOptions> = {},
): Promise<GradedAnswer> {
  const result = await gradeAnswer({ question, answer: 'it is light' }, { ...plain, provider, ...options });
  if (result.status !== 'graded') throw new Error(result.error.message);
  return result;
}

/** A provider in plain JavaScript, whose verdicts no type has checked. */
function untyped(verdict: object): GradingProvider {
  return { grade: async (items) => items.map(({ id }) => ({ id, ...verdict }) as Verdict) };
}

describe('a grade', () => {
  test('says all that is known of it, and holds no undefined', async () => {
    const provider = mockProvider({
      score: 0.8,
      feedback: 'Good.',
      rationale: 'right',
      confidence: 0.9,
      flags: ['off_topic'],
    });
    const result = await graded(provider);
    expect(result).toStrictEqual({
      status: 'graded',
      index: 0,
      scoreGiven: 0.8,
      scoreMaximum: 1,
      scaledScore: 0.8,
      isCorrect: true,
      suggestedRating: 3,
      gradedBy: 'llm',
      fromCache: false,
      needsReview: expect.any(Boolean),
      reviewReasons: expect.any(Array),
      mode: 'sequential',
      provider: 'mock',
      attempts: 1,
      durationMs: expect.any(Number),
      queuedMs: expect.any(Number),
      feedback: 'Good.',
      rationale: 'right',
      confidence: 0.9,
      flags: ['off_topic'],
    });
    expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
  });

  test('by a model says which prompt it answered', async () => {
    expect(await graded(mockLLM())).toMatchObject({ promptVersion: expect.any(String), provider: 'mock' });
  });

  test('by a rule says so and names no model', async () => {
    const truth = { kind: 'true_false', prompt: 'Ice floats.', correctAnswer: true } as const;
    const result = await gradeAnswer({ question: truth, answer: 'true' }, { provider: mockProvider() });
    expect(result).toMatchObject({ gradedBy: 'rule', scaledScore: 1, attempts: 0, durationMs: 0, confidence: 1 });
    for (const field of ['mode', 'provider', 'model', 'promptVersion', 'usage'])
      expect(result).not.toHaveProperty(field);
  });

  test('belongs to the caller: changing it changes no other', async () => {
    const { results } = await gradeAnswersWithFallback(sampleAnswers(2), { ...plain, provider: mockProvider() });
    const [first, second] = results;
    if (first !== undefined) first.index = 99;
    expect(second?.index).toBe(1);
  });
});

describe('feedback', () => {
  const long = 'word '.repeat(200).trim();

  test('is cut after a whole word where it is too long', async () => {
    const result = await graded(mockProvider({ score: 1, feedback: long }), { feedback: { maxCharacters: 23 } });
    expect(result.feedback).toBe('word word word word…');
  });

  test('has 500 characters by default', async () => {
    const { feedback = '' } = await graded(mockProvider({ score: 1, feedback: long }));
    expect(feedback.length).toBeLessThanOrEqual(500);
    expect(feedback.length).toBeGreaterThan(490);
    expect((await graded(mockProvider({ score: 1, feedback: 'a'.repeat(500) }))).feedback).toHaveLength(500);
  });

  test('is cut inside a word that is longer than all of it, but not inside a character', async () => {
    const result = await graded(mockProvider({ score: 1, feedback: '😀'.repeat(20) }), {
      feedback: { maxCharacters: 10 },
    });
    expect(result.feedback?.isWellFormed()).toBe(true);
    expect(result.feedback?.length).toBeLessThanOrEqual(10);
    expect(result.feedback?.endsWith('…')).toBe(true);
  });

  test('is never longer than allowed', async () => {
    for (const maxCharacters of [1, 2, 5, 499]) {
      const { feedback = '' } = await graded(mockProvider({ score: 1, feedback: long }), {
        feedback: { maxCharacters },
      });
      expect(feedback.length).toBeLessThanOrEqual(maxCharacters);
    }
  });
});

describe('notes of the wrong type', () => {
  test.each<[string, object]>([
    ['a number as feedback', { feedback: 42 }],
    ['an object as feedback', { feedback: { text: 'Good.' } }],
    ['a list as feedback', { feedback: ['Good.'] }],
    ['null as feedback', { feedback: null }],
    ['an object as rationale', { rationale: {} }],
    ['null as rationale', { rationale: null }],
    ['a word as confidence', { confidence: 'high' }],
    ['NaN as confidence', { confidence: Number.NaN }],
    ['null as confidence', { confidence: null }],
    ['a text as flags', { flags: 'off_topic' }],
    ['numbers as flags', { flags: [7] }],
    ['null as flags', { flags: null }],
  ])('are dropped and leave the grade: %s', async (_, notes) => {
    const result = await graded(untyped({ score: 1, ...notes }));
    expect(result.scaledScore).toBe(1);
    for (const note of ['feedback', 'rationale', 'confidence'] as const) expect(result).not.toHaveProperty(note);
    expect(result.flags ?? []).toEqual([]);
  });

  test.each([7, -1, 1.01, Infinity])('a confidence of %s never stands in a result', async (confidence) => {
    const result = await graded(untyped({ score: 1, confidence }));
    expect(result.confidence ?? 0.5).toBeGreaterThanOrEqual(0);
    expect(result.confidence ?? 0.5).toBeLessThanOrEqual(1);
  });
});
