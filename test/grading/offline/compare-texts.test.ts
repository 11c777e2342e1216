import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { compareTexts, type Comparison } from '../../../src/grading/offline/compare-texts.js';
import { prepareText } from '../../../src/grading/offline/prepared-text.js';

const prompt = 'How did you separate the salt from the water?';
const model = 'The water was evaporated, leaving the salt.';
const compare = (answer: string, modelAnswer: string = model): Comparison =>
  compareTexts(prepareText(modelAnswer, 'words'), prepareText(answer, 'words'), prepareText(prompt, 'words'));

describe('compareTexts', () => {
  test('gives a model answer itself similarity 1', () => {
    expect(compare(model).similarity).toBeCloseTo(1, 12);
  });

  test('gives an answer that shares nothing 0', () => {
    expect(compare('Dinosaurs').similarity).toBe(0);
    expect(compare('').similarity).toBe(0);
    expect(compare('anything', '').similarity).toBe(0);
  });

  test('adds up as the formula says', () => {
    // Model "red wire" (2 words, 8 trigrams of " red wire "), answer "red": recall 1/2, trigrams 3 of 8, key words 1/2,
    // F1 of recall 1/2 and precision 1.
    const { similarity } = compare('red', 'red wire');
    expect(similarity).toBeCloseTo(0.4 / 2 + (0.25 * 3) / 8 + 0.2 / 2 + (0.15 * 2) / 3, 12);
  });

  test('counts words that the question already gave a quarter, and function words a tenth', () => {
    // Of "water wire the" in the answer "wire": weights 0.25, 1 and 0.1 * 0.25.
    const recall = 1 / 1.275;
    const { similarity } = compare('wire', 'water wire the');
    expect(similarity).toBeCloseTo(0.4 * recall + (0.25 * 4) / 14 + 0.2 + (0.15 * 2 * recall) / (recall + 1), 12);
  });

  test('tells found from missing among the words that the model answer adds to the question', () => {
    const { found, missing, learnerWords } = compare('I let it evaporate in the sun');
    expect(found.map(({ text }) => text)).toEqual(['evaporated']);
    expect(missing.map(({ text }) => text)).toEqual(['leaving']);
    expect(learnerWords).toEqual(['evaporate']);
  });

  test('notices a negation on one side only, and takes 15 percent', () => {
    expect(compare('evaporated').negationMismatch).toBe(false);
    expect(compare('not evaporated').negationMismatch).toBe(true);
    expect(compare('red wire not', 'red wire').similarity).toBeLessThan(0.85);
    expect(compare('it is not that it is not evaporated').negationMismatch).toBe(false);
  });

  test('notices a contradiction, which costs more than leaving the word out', () => {
    const opposite = compare('the pressure decreases', 'the pressure increases');
    const left = compare('the pressure', 'the pressure increases');
    expect(opposite.contradicts).toBe(true);
    expect(left.contradicts).toBe(false);
    expect(opposite.similarity).toBeLessThan(left.similarity);
  });

  const sentence = fc
    .array(fc.constantFrom('salt', 'water', 'evaporate', 'not', 'the', '42', 'hot', 'cold', 'wire'), { maxLength: 12 })
    .map((words) => words.join(' '));
  test.prop([sentence, sentence])('stays within 0..1 and does not depend on the order of the answer', (left, right) => {
    const { similarity } = compare(left, right);
    expect(similarity).toBeGreaterThanOrEqual(0);
    expect(similarity).toBeLessThanOrEqual(1 + 1e-12);
  });
});
