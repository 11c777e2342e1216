import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/contract/question.js';
import { checkFeedback } from '../../../src/grading/guards/check-feedback.js';

const reference = 'Ice floats because it is less dense than liquid water at the same temperature.';
const question: Question = { prompt: 'Why does ice float on water?', referenceAnswers: [reference] };
const check = (feedback: string, changes: Partial<Question> = {}, answer = 'because it is cold') =>
  checkFeedback(feedback, { question: { ...question, ...changes } as Question, answer, revealReference: false });
const leak = { flags: ['reference_leak'] };

describe('checkFeedback', () => {
  test('lets feedback through that keeps the reference to itself', () => {
    const feedback = 'Not quite: think about how heavy ice is for its size.';
    expect(check(feedback)).toEqual({ feedback, flags: [] });
  });

  test('has nothing to say where there is no feedback', () => {
    expect(checkFeedback(undefined, { question, answer: '', revealReference: false })).toEqual({ flags: [] });
    expect(check('<br>')).toEqual({ flags: ['feedback_markup'] });
  });

  test('makes it plain text and says so', () => {
    expect(check('<b>Nearly.</b>')).toEqual({ feedback: 'Nearly.', flags: ['feedback_markup'] });
  });

  test('drops six words in a row of a reference, in whatever form', () => {
    expect(check('No. Ice is less dense than liquid water.')).toEqual(leak);
    expect(check('It is LESS dense, than liquid WATERS')).toEqual(leak);
    expect(check('Ice is less dense than water.')).toHaveProperty('feedback');
  });

  test('lets the words of the answer and of the question come back', () => {
    const feedback = 'Right: it is less dense than liquid water.';
    expect(check(feedback, {}, 'it is less dense than liquid water')).toHaveProperty('feedback');
    expect(check(feedback, { prompt: 'So it is less dense than liquid water. Why?' })).toHaveProperty('feedback');
  });

  test('drops a short reference that is quoted in full', () => {
    const short = { referenceAnswers: ['the mitochondria'] };
    expect(check('It was the mitochondria!', short)).toEqual(leak);
    expect(check('Yes, the mitochondria.', short, 'mitochondria, the mitochondria')).toHaveProperty('feedback');
    expect(check('It starts with mito.', short)).toHaveProperty('feedback');
  });

  test.each(['yes', '5', 'a', 'true', 'it is'])('does not take %j for a quotation', (short) => {
    expect(check(`Oh yes, it is true: a 5.`, { referenceAnswers: [short] })).toHaveProperty('feedback');
  });

  test('lets options come back, which the learner has read', () => {
    const choices = ['thread::spawn', 'tokio::spawn'];
    const changes = { kind: 'multiple_choice', choices, referenceAnswers: ['tokio::spawn'] } as const;
    expect(check('Compare with tokio::spawn.', changes)).toHaveProperty('feedback');
  });

  test('lets the teacher tell learners about a misconception', () => {
    const feedback = 'Remember that ice is less dense than liquid water.';
    const misconceptions = [{ id: 'm', description: 'cold things rise', feedback }];
    expect(check(feedback, { misconceptions })).toHaveProperty('feedback');
  });

  test('keeps criteria secret, but not references that are wrong', () => {
    const criteria = [{ id: 'c', description: 'compares the density of ice and of water' }];
    expect(check('It should compare the density of ice and of water.', { rubric: { criteria } })).toEqual(leak);
    expect(check('It is less dense', { referenceAnswers: [{ text: 'less dense', fraction: 0 }] })).toHaveProperty(
      'feedback',
    );
    expect(check('It is less dense', { referenceAnswers: [{ text: 'less dense' }] })).toEqual(leak);
  });

  test('reveals the reference where that is allowed, but never the notes and the prompt', () => {
    const graderInfo = 'Accept any answer that speaks of density at all.';
    const context = {
      question: { ...question, graderInfo },
      answer: '',
      revealReference: true,
      instructions: 'You mark the answers of learners for a teacher.',
    };
    expect(checkFeedback(reference, context)).toEqual({ feedback: reference, flags: [] });
    expect(checkFeedback(graderInfo, context)).toEqual({ flags: ['prompt_leak'] });
    expect(checkFeedback('My task: you mark the answers of learners', context)).toEqual({ flags: ['prompt_leak'] });
  });

  test('compares other scripts by their characters', () => {
    const chinese = { prompt: '为什么冰会浮在水上？', referenceAnswers: ['因为冰的密度比液态水的密度小'] };
    expect(check('不对,冰的密度比液态水的密度小。', chinese, '因为冷')).toEqual(leak);
    expect(check('不对,请想想密度。', chinese, '因为冷')).toHaveProperty('feedback');
  });
});
