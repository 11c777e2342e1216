import { describe, expect, test } from 'vitest';
import type { FreeTextQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const ask = (...referenceAnswers: NonNullable<FreeTextQuestion['referenceAnswers']>): FreeTextQuestion => ({
  prompt: 'Tell me.',
  referenceAnswers,
});
const code = (reference: string): FreeTextQuestion => ({ ...ask(reference), kind: 'code' });

describe('a reference repeated word for word', () => {
  test.each<[string | readonly string[] | readonly number[], string, number | 'model']>([
    ['Paris', 'Paris', 1],
    [' “PARIS!” ', 'paris.', 1],
    ['Ｐａｒｉｓ', 'Paris', 1],
    [['Paris'], 'Paris', 1],
    [['a', 'b'], 'a b', 1],
    ['It is Paris', 'Paris', 'model'],
    ['Pari', 'Paris', 'model'],
    [[0], '0', 'model'],
    ['C', 'C++', 'model'],
    ['c++', 'C++', 1],
    ['x', '!x', 'model'],
    ['5', '-5', 'model'],
    ['\u22125', '-5', 1],
    ['resume', 'résumé', 'model'],
    ['sort', 'sort!', 'model'],
    ['sort!', 'sort!', 1],
    ['10⁵', '105', 'model'],
    ['x^2', 'x²', 1],
    ['?', '?', 1],
    ["I don't know", "I don't know", 1],
    ['', '', 0],
    ['x', ' ', 'model'],
  ])('is looked for in %j, for the reference %j', (answer, reference, outcome) => {
    expect(outcomeOf(ask(reference), answer)).toBe(outcome);
  });

  test.each([
    ['Paris', 1],
    ['lyon', 0.5],
    ['ROME', 0],
    ['Nice', 'model'],
  ])('earns its fraction: %s', (answer, outcome) => {
    const question = ask('Paris', { text: 'Lyon', fraction: 0.5 }, { text: 'Rome', fraction: 0 });
    expect(outcomeOf(question, answer)).toBe(outcome);
  });

  test.each([
    ['Co', 1],
    ['CO', 0],
    ['co', 'model'],
  ])('is compared exactly before it is folded: %s', (answer, outcome) => {
    expect(outcomeOf(ask('Co', { text: 'CO', fraction: 0 }), answer)).toBe(outcome);
  });

  test('earns full marks under any rubric', () => {
    const rubric = {
      criteria: [
        { id: 'a', description: 'all' },
        { id: 'b', description: 'errors', points: -1 },
      ],
    };
    expect(outcomeOf({ ...ask('Paris'), rubric }, 'Paris')).toBe(1);
    expect(outcomeOf({ ...ask('Paris'), rubric }, '')).toBe(0);
  });

  test('needs the same case where case counts', () => {
    expect(outcomeOf({ ...ask('Foo'), caseSensitive: true }, 'foo')).toBe('model');
    expect(outcomeOf({ ...ask('Foo'), caseSensitive: true }, ' Foo.')).toBe(1);
  });

  test.each([
    ['let x = 5;', 'let x = 5;', 1],
    ['let x = 5;', '\n  let x = 5; \r\n', 1],
    ['let x = 5;', 'let X = 5;', 'model'],
    ['let x = 5;', 'let x = 5', 'model'],
    ["'a'", '"a"', 'model'],
    ['if a:\n  b', 'if a:  \r\n  b\n\n', 1],
    ['if a:\n  b', 'if a:\nb', 'model'],
    ['', '', 0],
  ])('in code keeps all but outer space: %j, %j', (reference, answer, outcome) => {
    expect(outcomeOf(code(reference), answer)).toBe(outcome);
  });

  test.each([
    ['Add the punctuation.', 'Is it?', 'is it?', 'model'],
    ['Add the punctuation.', 'Is it?', ' Is it? ', 1],
    ['What is the symbol of cobalt?', 'Co', 'CO', 'model'],
    ['Rewrite it with capital letters.', 'Rome', 'rome', 'model'],
  ])('is literal where form is asked for: %s', (prompt, reference, answer, outcome) => {
    expect(outcomeOf({ ...ask(reference), prompt }, answer)).toBe(outcome);
  });

  test.each([
    ['six', 1],
    ['6', 'model'],
    ['5', 1],
    ['7', 0],
  ])('adds to a rule and is left to a model where it contradicts it: %s', (answer, outcome) => {
    const referenceAnswers = ['six', { text: '6', fraction: 0.5 }];
    expect(outcomeOf({ kind: 'numeric', prompt: 'How many?', numeric: { value: 5 }, referenceAnswers }, answer)).toBe(
      outcome,
    );
  });
});
