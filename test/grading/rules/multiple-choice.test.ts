import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { MultipleChoiceQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const choose = (choices: readonly string[], correct?: number): MultipleChoiceQuestion => ({
  kind: 'multiple_choice',
  prompt: 'Which one?',
  choices,
  ...(correct === undefined ? {} : { correctChoices: [correct] }),
});
const spawn = choose(['thread::spawn', 'tokio::spawn', 'block_on'], 1);

describe('a choice', () => {
  test.each([
    ['tokio::spawn', 1],
    ['TOKIO::SPAWN', 1],
    [' "tokio::spawn". ', 1],
    ['thread::spawn', 0],
    ['B', 1],
    ['b', 1],
    ['b)', 1],
    ['(B)', 1],
    ['[b]', 1],
    ['B.', 1],
    ['B:', 1],
    ['Ｂ', 1],
    ['B\u200b', 1],
    ['Option B', 1],
    ['answer: b', 1],
    ['A', 0],
    ['2', 1],
    ['2)', 1],
    ['1', 0],
    ['B) tokio::spawn', 1],
    ['B)tokio::spawn', 1],
    ['b. Tokio::spawn', 1],
    ['B: tokio::spawn', 1],
    ['B - tokio::spawn', 1],
    ['B tokio::spawn', 1],
    ['B\ntokio::spawn', 1],
    ['2. tokio::spawn', 1],
    ['C) block_on', 0],
    ['', 0],
    ['?', 0],
    ["I don't know", 0],
    ['A) tokio::spawn', 'model'],
    ['1. tokio::spawn', 'model'],
    ['B) tokio::spwan', 'model'],
    ['B because it is async', 'model'],
    ['not B', 'model'],
    ['A and B', 'model'],
    ['A or B', 'model'],
    ['A, B', 'model'],
    ['B?', 'model'],
    ['D', 'model'],
    ['0', 'model'],
    ['4', 'model'],
    ['none of the above', 'model'],
    ['std::spawn', 'model'],
    ['\ud800', 'model'],
  ])('is read from the text %j', (answer, outcome) => {
    expect(outcomeOf(spawn, answer)).toBe(outcome);
  });

  test.each<[readonly number[] | readonly string[], number | 'model']>([
    [[1], 1],
    [[0], 0],
    [[1, 1], 1],
    [[0, 1], 'model'],
    [[3], 'model'],
    [[-1], 'model'],
    [[0.5], 'model'],
    [[Number.NaN], 'model'],
    [[], 0],
    [['B'], 1],
    [['tokio::spawn'], 1],
    [['A', 'B'], 'model'],
    [[''], 0],
  ])('is read from the list %j', (answer, outcome) => {
    expect(outcomeOf(spawn, answer)).toBe(outcome);
  });

  test.each<[string, MultipleChoiceQuestion, string, number | 'model']>([
    ['its own text over a position', choose(['3', '1', '2'], 2), '2', 1],
    ['a letter of numbers', choose(['3', '1', '2'], 2), 'C', 1],
    ['no position next to numbers', choose(['2', '3', '4'], 0), '1', 'model'],
    ['no position that is also a number', choose(['2', '3', '4'], 0), '2)', 'model'],
    ['no position next to quantities', choose(['2 m', '3 m', '4 m'], 0), '2', 'model'],
    ['no position next to number words', choose(['two', 'three', 'one'], 0), '2', 'model'],
    ['letters that are options by their text', choose(['B', 'A'], 0), 'B', 1],
    ['no label that is also another option', choose(['B', 'A'], 0), 'B)', 'model'],
    ['no letter next to letters', choose(['B', 'C'], 0), 'A', 'model'],
    ['no letter that may be short for another option', choose(['vitamin C', 'vitamin B'], 1), 'B', 1],
    ['a letter that is part of its own option', choose(['vitamin B', 'vitamin A'], 0), 'A', 'model'],
    ['no number that may be short for another option', choose(['World War 2', 'World War 1'], 0), '2', 'model'],
    ['a letter next to one other letter', choose(['C', 'C++', 'C#'], 1), 'B', 1],
    ['options that differ in white space', choose(['a ', 'a'], 1), 'a', 1],
    ['options that differ in case', choose(['ab', 'AB'], 1), 'AB', 1],
    ['the other option that differs in case', choose(['ab', 'AB'], 1), 'ab', 0],
    ['no option in a third case', choose(['ab', 'AB'], 1), 'aB', 'model'],
    ['equal options with equal marks', choose(['x', 'y', 'y'], 0), 'y', 0],
    ['no equal options with different marks', choose(['x', 'y', 'y'], 1), 'y', 'model'],
    ['no equal options by letter either', choose(['x', 'y', 'y'], 1), 'B', 'model'],
    ['options with labels by letter', choose(['A) foo', 'B) bar'], 1), 'B', 1],
    ['options with labels by text', choose(['A) foo', 'B) bar'], 1), 'bar', 1],
    ['options with labels by another label', choose(['A) foo', 'B) bar'], 1), 'b. bar', 1],
    ['no letters of labels in disorder', choose(['B) foo', 'A) bar'], 0), 'B', 'model'],
    ['options with labels in disorder by text', choose(['B) foo', 'A) bar'], 0), 'B) foo', 1],
    ['punctuation', choose(['++', '--'], 1), '--', 1],
    ['signs', choose(['5', '-5'], 1), '\u22125', 1],
    ['an option that reads like a blank', choose(['yes', "I don't know"], 1), "I don't know", 1],
    ['no blank next to such an option', choose(['yes', "I don't know"], 1), 'idk', 'model'],
    ['an empty answer next to such an option', choose(['yes', "I don't know"], 1), '', 0],
    ['an option "?"', choose(['!', '?'], 1), '?', 1],
    ['none of the above', choose(['a dog', 'none of the above'], 1), 'None of the above.', 1],
    ['case where it counts', { ...choose(['Bash', 'zsh'], 0), caseSensitive: true }, 'bash', 'model'],
    ['a letter where case counts', { ...choose(['Bash', 'zsh'], 0), caseSensitive: true }, 'a', 1],
  ])('reads %s as a careful marker does', (_, question, answer, outcome) => {
    expect(outcomeOf(question, answer)).toBe(outcome);
  });

  test.each<[string, MultipleChoiceQuestion, string, number | 'model']>([
    ['a reference that is an option', { ...choose(['Rome', 'Paris']), referenceAnswers: ['paris'] }, 'B', 1],
    ['and the others wrong', { ...choose(['Rome', 'Paris']), referenceAnswers: ['paris'] }, 'Rome', 0],
    ['no reference that is no option', { ...choose(['Rome', 'Paris']), referenceAnswers: ['Lutetia'] }, 'B', 'model'],
    ['no partial reference', { ...choose(['a', 'b']), referenceAnswers: [{ text: 'a', fraction: 0.5 }] }, 'b', 'model'],
    ['nothing', choose(['Rome', 'Paris']), 'Paris', 'model'],
    ['an empty key', { ...choose(['Rome', 'Paris']), correctChoices: [] }, 'Paris', 'model'],
  ])('without correctChoices takes %s for the key', (_, question, answer, outcome) => {
    expect(outcomeOf(question, answer)).toBe(outcome);
  });

  test('gives part of the marks for an option with a partial reference', () => {
    const question = { ...choose(['Rome', 'Paris'], 1), referenceAnswers: [{ text: 'Rome', fraction: 0.5 }] };
    expect(['Rome', 'A', 'B'].map((answer) => outcomeOf(question, answer))).toStrictEqual([0.5, 0.5, 1]);
  });

  test.each([
    ['a full-mark reference', ['Rome']],
    [
      'two references',
      [
        { text: 'Rome', fraction: 0.2 },
        { text: 'Rome', fraction: 0.4 },
      ],
    ],
  ])('leaves an option to a model on which the key and %s disagree', (_, referenceAnswers) => {
    const question = { ...choose(['Rome', 'Paris'], 1), referenceAnswers };
    expect(['Rome', 'A', 'Paris'].map((answer) => outcomeOf(question, answer))).toStrictEqual(['model', 'model', 1]);
  });

  const spellings: readonly ((option: string, letter: string) => string)[] = [
    (option) => option,
    (option) => option.toUpperCase(),
    (option) => `  ${option}. `,
    (option) => `“${option}”`,
    (option) => `\u200f${option}\u200b`,
    (_, letter) => letter,
    (_, letter) => `(${letter.toLowerCase()})`,
    (option, letter) => `${letter}) ${option}`,
    (option, letter) => `${letter.toLowerCase()}. ${option}!`,
  ];

  test.prop([
    fc.uniqueArray(fc.stringMatching(/^[a-z]{4,8}( [a-z]{4,8}){0,2}$/), { minLength: 2, maxLength: 6 }),
    fc.nat(),
    fc.nat(),
    fc.constantFrom(...spellings),
  ])('is graded alike however it is written', (choices, key, pick, spell) => {
    const [correct, chosen] = [key % choices.length, pick % choices.length];
    const answer = spell(choices[chosen] ?? '', 'ABCDEF'.charAt(chosen));
    expect(outcomeOf(choose(choices, correct), answer)).toBe(chosen === correct ? 1 : 0);
  });
});
