import { expect, test } from 'vitest';
import { textProfile } from '../../../src/grading/offline/text-profile.js';

const question = { prompt: 'Why?' };

test.each([
  [['Ice is less dense.'], 'words'],
  [['42'], 'words'],
  [['光合作用'], 'characters'],
  [['DNA 是脱氧核糖核酸'], 'characters'],
  [['عاصمة فرنسا هي باريس'], 'characters'],
  [['Straße über Köln'], 'words'],
] as const)('compares answers to %j by %s', (modelTexts, profile) => {
  expect(textProfile(question, modelTexts)).toBe(profile);
});

test('compares code, and whatever is case-sensitive, symbol by symbol', () => {
  expect(textProfile({ ...question, kind: 'code' }, ['return a'])).toBe('symbols');
  expect(textProfile({ ...question, caseSensitive: true }, ['return a'])).toBe('symbols');
});
