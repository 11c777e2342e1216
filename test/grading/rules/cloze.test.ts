import { describe, expect, test } from 'vitest';
import type { ClozeQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const gaps = (...blanks: ClozeQuestion['blanks']): ClozeQuestion => ({
  kind: 'cloze',
  prompt: 'Fill the gaps.',
  blanks,
});
const capitals = gaps({ accept: ['Paris', 'Lutetia'] }, { accept: ['Rome'], points: 3 });

describe('a cloze text', () => {
  test.each<[string | readonly string[] | readonly number[], number | 'model']>([
    ['Paris; Rome', 1],
    ['lutetia;rome!', 1],
    ['Paris\nRome', 1],
    ['Paris;\r\nRome;', 1],
    ['Paris\n\nRome', 1],
    ['1. Paris\n2. Rome', 1],
    ['1) Paris; 2) Rome', 1],
    ['Paris;', 0.25],
    ['; Rome', 0.75],
    [['Paris', 'Rome'], 1],
    [['Paris', ''], 0.25],
    [['Paris', '?'], 0.25],
    [['idk', 'Rome'], 0.75],
    [['', ''], 0],
    [[], 0],
    ['', 0],
    ['?', 0],
    ['Paris', 'model'],
    ['Paris, Rome', 'model'],
    ['Paris;;Rome', 'model'],
    [';', 'model'],
    ['Rome; Paris', 'model'],
    ['2. Rome\n1. Paris', 'model'],
    [['Paris', 'Roma'], 'model'],
    [['Paris'], 'model'],
    [['Paris', 'Rome', ''], 'model'],
    [[0, 1], 'model'],
  ])('is graded when filled with %j', (answer, outcome) => {
    expect(outcomeOf(capitals, answer)).toBe(outcome);
  });

  test.each<[string, ClozeQuestion, readonly string[] | readonly number[] | string, number | 'model']>([
    ['all right', { ...capitals, scoring: 'all_or_nothing' }, ['Paris', 'Rome'], 1],
    ['one gap empty', { ...capitals, scoring: 'all_or_nothing' }, ['Lyon', ''], 0],
    ['one gap unknown', { ...capitals, scoring: 'all_or_nothing' }, ['Lyon', 'Rome'], 'model'],
    ['another case where case counts', { ...capitals, caseSensitive: true }, ['paris', 'Rome'], 'model'],
    ['one gap as a text', gaps({ accept: ['a; b'] }), 'a; b', 1],
    ['a number', gaps({ accept: ['1945'] }), [1945], 1],
    ['nothing where nothing is accepted', gaps({ accept: [''] }, { accept: ['the'] }), ['', 'the'], 1],
    ['a dash where a dash is accepted', gaps({ accept: ['-'] }, { accept: ['the'] }), ['–', 'the'], 1],
    ['another blank where a dash is accepted', gaps({ accept: ['-'] }, { accept: ['the'] }), ['?', 'the'], 'model'],
    ['nothing at all where nothing is accepted', gaps({ accept: [''] }, { accept: ['the'] }), ['', ''], 'model'],
    [
      'a dash for an operator',
      { ...gaps({ accept: ['minus'] }, { accept: ['+'] }), prompt: 'Which operators?' },
      ['-', '+'],
      'model',
    ],
  ])('is graded with %s', (_, question, answer, outcome) => {
    expect(outcomeOf(question, answer)).toBe(outcome);
  });
});
