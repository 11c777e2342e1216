import { describe, expect, test } from 'vitest';
import { matchTokens } from '../../../src/grading/offline/match-tokens.js';
import { prepareText } from '../../../src/grading/offline/prepared-text.js';
import type { TextProfile } from '../../../src/grading/offline/text-profile.js';

function similarities(model: string, answer: string, prompt = '', profile: TextProfile = 'words'): unknown {
  const matches = matchTokens(prepareText(model, profile), prepareText(answer, profile), prepareText(prompt, profile));
  return Object.fromEntries([...matches].map(([key, { similarity }]) => [key, similarity]));
}

describe('matchTokens', () => {
  test('finds other forms of a word, and numbers by value', () => {
    expect(similarities('evaporation of two litres', 'it evaporates: 2 litre')).toEqual({
      evap: 1,
      '#2': 1,
      litr: 1,
    });
  });

  test('finds words written together or apart', () => {
    expect(similarities('light bulb', 'the lightbulb')).toEqual({ light: 1, bulb: 1 });
    expect(similarities('lightbulb', 'the light bulb')).toEqual({ lightbulb: 1 });
  });

  test('finds misspelt words', () => {
    expect(similarities('the temperature', 'tempereture')).toEqual({ temperatur: 0.88 });
  });

  test('takes a word of the question or of the model answer as it stands', () => {
    expect(similarities('night', 'light', 'Is it light?')).toEqual({});
    expect(similarities('night light', 'light')).toEqual({ light: 1 });
  });

  test('counts opposites and other numbers against the answer', () => {
    expect(similarities('the pressure increases', 'the pressure decreases')).toMatchObject({ pressur: 1, increas: -1 });
    expect(similarities('42 km', '43 km')).toEqual({ '#42': -1, km: 1 });
  });

  test('does not count what the model answer or the question says too', () => {
    expect(similarities('not cold but hot', 'cold')).toEqual({ cold: 1 });
    expect(similarities('42 km', '7 km', 'How far is 7 times 6 km?')).toEqual({ km: 1 });
  });

  test('compares code only by what is the same', () => {
    expect(similarities('increase', 'increases decrease', '', 'symbols')).toEqual({});
  });
});
