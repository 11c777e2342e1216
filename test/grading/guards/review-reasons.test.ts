import { describe, expect, test } from 'vitest';
import { reviewReasons, type ReviewFacts } from '../../../src/grading/guards/review-reasons.js';

const opinion =
  (score: number, knownWords: number): ReviewFacts['secondOpinion'] =>
  () => ({
    score: () => score,
    knownWords: () => knownWords,
  });
const agreed: ReviewFacts = {
  gradedBy: 'llm',
  scaledScore: 1,
  flags: [],
  mentionsMarking: false,
  isPassing: true,
  isStrict: false,
  confidence: 0.9,
  secondOpinion: opinion(0.7, 0.8),
};
const reasons = (changes: Partial<ReviewFacts>): readonly string[] => reviewReasons({ ...agreed, ...changes });

describe('reviewReasons', () => {
  test('are none where nothing speaks against the grade', () => {
    expect(reasons({})).toEqual([]);
    expect(reasons({ confidence: undefined, secondOpinion: () => undefined })).toEqual([]);
  });

  test.each(['manipulation', 'hidden_characters'])('name %s where it earned marks', (flag) => {
    expect(reasons({ flags: [flag] })).toEqual([flag]);
    expect(reasons({ flags: [flag], scaledScore: 0.2 })).toEqual([flag]);
    expect(reasons({ flags: [flag], scaledScore: 0 })).toEqual([]);
  });

  test.each(['off_topic', 'contradiction'])('name %s where the marks are nearly full all the same', (flag) => {
    expect(reasons({ flags: [flag], scaledScore: 0.8 })).toEqual([flag]);
    expect(reasons({ flags: [flag], scaledScore: 0.6 })).toEqual([]);
  });

  test.each(['answer_truncated', 'reference_doubtful'])('name %s whatever the marks', (flag) => {
    expect(reasons({ flags: [flag] })).toEqual([flag]);
    expect(reasons({ flags: [flag], scaledScore: 0 })).toEqual([flag]);
  });

  test('name a confidence below one half', () => {
    expect(reasons({ confidence: 0.49 })).toEqual(['low_confidence']);
    expect(reasons({ confidence: 0.5 })).toEqual([]);
  });

  test.each<[string, Partial<ReviewFacts>, boolean]>([
    ['few known words, unlike any model answer', { secondOpinion: opinion(0.24, 1 / 3) }, true],
    ['many known words', { secondOpinion: opinion(0.24, 0.4) }, false],
    ['somewhat like a model answer', { secondOpinion: opinion(0.25, 0.1) }, false],
    ['talk of marks', { mentionsMarking: true, secondOpinion: opinion(0.49, 1) }, true],
    ['talk of marks, but much like a model answer', { mentionsMarking: true }, false],
    ['fewer marks, but a pass', { scaledScore: 0.6, secondOpinion: opinion(0.24, 0.1) }, true],
    ['unlike any model answer, whatever the words', { secondOpinion: opinion(0.09, 1) }, true],
    ['part of the marks for it', { scaledScore: 0.6, secondOpinion: opinion(0.09, 1) }, false],
    ['unlike enough for a strict run', { isStrict: true, secondOpinion: opinion(0.29, 1) }, true],
    ['no pass', { scaledScore: 0.4, isPassing: false, secondOpinion: opinion(0, 0) }, false],
    ['an offline grade', { gradedBy: 'offline', secondOpinion: opinion(0, 0) }, false],
  ])('compare passing marks with the second opinion: %s', (_, changes, isReviewed) => {
    expect(reasons(changes)).toEqual(isReviewed ? ['offline_disagreement'] : []);
  });

  test.each<[number, number, boolean]>([
    [0, 0.8, true],
    [0.2, 0.8, true],
    [0.21, 1, false],
    [0, 0.79, false],
  ])('compare marks of %d with a second opinion of %d', (scaledScore, score, isReviewed) => {
    const secondOpinion = opinion(score, 1);
    expect(reasons({ scaledScore, secondOpinion })).toEqual(isReviewed ? ['offline_disagreement'] : []);
  });

  test('are none for marks by rule and by word-for-word match', () => {
    const doubtful = { flags: ['manipulation', 'answer_truncated'], confidence: 0 };
    expect(reasons({ ...doubtful, gradedBy: 'rule' })).toEqual([]);
    expect(reasons({ ...doubtful, gradedBy: 'exact' })).toEqual([]);
    expect(reasons({ ...doubtful, gradedBy: 'offline' })).toEqual([
      'manipulation',
      'answer_truncated',
      'low_confidence',
    ]);
  });
});
