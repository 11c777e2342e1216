import { describe, expect, test } from 'vitest';
import type { Question } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

describe('an answer left blank', () => {
  test.each<[string, Question, string | readonly string[], number | 'model']>([
    ['nothing', { prompt: 'Why?' }, ' ', 0],
    ['nothing for an empty reference', { prompt: 'Why?', referenceAnswers: [''] }, '', 0],
    ['nothing for an empty option', { kind: 'multiple_choice', prompt: 'Which?', choices: ['', 'x'] }, '', 'model'],
    ['a question mark', { prompt: 'Why?', referenceAnswers: ['It is light.'] }, '?', 0],
    ['a question mark in code', { prompt: 'Why?', kind: 'code' }, '?', 'model'],
    [
      'a dash for a reference with a dash',
      { prompt: 'What subtracts?', referenceAnswers: ['minus (-)'] },
      '-',
      'model',
    ],
    ['a dash for a reference with hyphens', { prompt: 'Why?', referenceAnswers: ['a well-known fact'] }, '-', 0],
    ['a dash for an operator', { prompt: 'Which operator?', referenceAnswers: ['minus'] }, '-', 'model'],
    ['another blank than the reference', { prompt: 'Which?', referenceAnswers: ['-'] }, '?', 'model'],
    ['not knowing', { prompt: 'Why?', referenceAnswers: ['It is light.'] }, "I don't know.", 0],
    ['not knowing why', { prompt: 'Why?' }, "I don't know why but it is light", 'model'],
    ['a translation', { prompt: "How do Germans say 'I don't know'?" }, 'weiß nicht', 'model'],
    ['part of a reference', { prompt: 'Sag nein!', referenceAnswers: ['Nein, weiß nicht!'] }, 'weiß nicht', 'model'],
    ['not knowing in another language', { prompt: 'Warum?', language: 'de' }, 'boh', 'model'],
    ['not knowing in its language', { prompt: 'Perché?', language: 'it-IT' }, 'boh', 0],
    ['empty parts', { prompt: 'Why?' }, ['', ' '], 0],
    ['one part that is not empty', { prompt: 'Why?' }, ['', 'x'], 'model'],
    ['a partner that reads like a blank', { kind: 'matching', prompt: 'Match.', pairs: [['x', '?']] }, '-', 'model'],
  ])('is recognised in %s', (_, question, answer, outcome) => {
    expect(outcomeOf(question, answer)).toBe(outcome);
  });
});
