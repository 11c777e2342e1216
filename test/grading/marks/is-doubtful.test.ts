import { expect, test } from 'vitest';
import { isDoubtful } from '../../../src/grading/marks/is-doubtful.js';

const limits = { belowConfidence: 0.7, nearPassingScore: 0.1 };

test.each([
  ['a sure pass', 1, 0.9, undefined, false],
  ['a sure fail', 0, 0.9, undefined, false],
  ['a grade without a stated confidence', 1, undefined, undefined, false],
  ['little confidence', 1, 0.69, undefined, true],
  ['just enough confidence', 1, 0.7, undefined, false],
  ['one level below the passing score', 0.4, 0.9, undefined, true],
  ['one level above it', 0.6, 0.9, undefined, true],
  ['two levels below it', 0.2, 0.9, undefined, false],
  ['a passing score of the question itself', 0.8, 0.9, 0.9, true],
  ['a distance that binary fractions make a little larger', 0.8, 0.9, 0.7, true],
])('%s', (_, scaledScore, confidence, passingScaledScore, expected) => {
  expect(isDoubtful({ prompt: 'Why?', passingScaledScore }, { scaledScore }, confidence, limits)).toBe(expected);
});

test('with limits of 1 every grade is doubtful, with limits of 0 only one on the line', () => {
  const question = { prompt: 'Why?' };
  expect(isDoubtful(question, { scaledScore: 0 }, 1, { belowConfidence: 0, nearPassingScore: 1 })).toBe(true);
  expect(isDoubtful(question, { scaledScore: 1 }, 0, { belowConfidence: 0, nearPassingScore: 0 })).toBe(false);
  expect(isDoubtful(question, { scaledScore: 0.5 }, 1, { belowConfidence: 0, nearPassingScore: 0 })).toBe(true);
});
