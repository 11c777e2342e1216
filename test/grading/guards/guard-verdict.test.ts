import { describe, expect, test } from 'vitest';
import { guardVerdict, type VerdictToGuard } from '../../../src/grading/guards/guard-verdict.js';

const verdict: VerdictToGuard = {
  question: { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water'] },
  answer: { text: 'because it is less dense', flags: [], mentionsMarking: false },
  gradedBy: 'llm',
  scaledScore: 1,
  revealReference: false,
};

describe('guardVerdict', () => {
  test('lets a sound verdict through', () => {
    expect(guardVerdict({ ...verdict, feedback: 'Well done.' })).toEqual({
      feedback: 'Well done.',
      flags: [],
      reviewReasons: [],
    });
  });

  test('gathers the flags of text, grader and feedback, each once', () => {
    const answer = { ...verdict.answer, flags: ['manipulation', 'fake_turn'] };
    const guarded = guardVerdict({ ...verdict, answer, flags: ['manipulation'], feedback: '<b>Good.</b>' });
    expect(guarded).toEqual({
      feedback: 'Good.',
      flags: ['manipulation', 'fake_turn', 'feedback_markup'],
      reviewReasons: ['manipulation'],
    });
  });

  test('drops feedback that leaks', () => {
    expect(guardVerdict({ ...verdict, feedback: 'Because ice is less dense than water.' })).toEqual({
      flags: ['reference_leak'],
      reviewReasons: [],
    });
  });

  test('asks for a second opinion of marks by a model', () => {
    const answer = { ...verdict.answer, text: 'bananas are yellow' };
    expect(guardVerdict({ ...verdict, answer }).reviewReasons).toEqual(['offline_disagreement']);
    const half = { ...verdict, answer, scaledScore: 0.6 };
    expect(guardVerdict(half).reviewReasons).toEqual(['offline_disagreement']);
    expect(guardVerdict({ ...half, context: 'Bananas are yellow.' }).reviewReasons).toEqual([]);
    expect(guardVerdict({ ...verdict, answer, gradedBy: 'offline' }).reviewReasons).toEqual([]);
  });

  test('doubts a grade that its grader doubts', () => {
    expect(guardVerdict({ ...verdict, confidence: 0.3 }).reviewReasons).toEqual(['low_confidence']);
  });
});
