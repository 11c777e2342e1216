import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import type { NumericKey, NumericQuestion } from '../../../src/contract/question.js';
import { outcomeOf } from './outcome-of.js';

const ask = (numeric: NumericKey, language?: string): NumericQuestion => ({
  kind: 'numeric',
  prompt: 'How much?',
  numeric,
  language,
});

const english = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 6 });

describe('a number', () => {
  test.each<[string, number, number | 'model']>([
    ['5', 5, 1],
    [' 5.0 ', 5, 1],
    ['5.', 5, 1],
    ['+5', 5, 1],
    ['= 5', 5, 1],
    ['005', 5, 1],
    ['５', 5, 1],
    ['\u200e5', 5, 1],
    ['6', 5, 0],
    ['-5', 5, 0],
    ['-5', -5, 1],
    ['\u22125', -5, 1],
    ['–5', -5, 1],
    ['-0', 0, 1],
    ['.5', 0.5, 1],
    ['1,500', 1500, 1],
    ['1,500.00', 1500, 1],
    ['1 500', 1500, 1],
    ['1\u202f500', 1500, 1],
    ['1,234,567', 1_234_567, 1],
    ['1.500', 1500, 'model'],
    ['1,234', 1.234, 'model'],
    ['1.234', 1234, 'model'],
    ['1.234', 1235, 0],
    ['1.500', 1.5, 1],
    ['1e3', 1000, 1],
    ['1.5E+3', 1500, 1],
    ['15e-1', 1.5, 1],
    ['1.5 x 10^3', 1500, 1],
    ['1.5·10³', 1500, 1],
    ['1.5×10^{-3}', 0.0015, 1],
    ['10³', 1000, 1],
    ['-10^3', -1000, 1],
    ['3/4', 0.75, 1],
    ['-3/4', -0.75, 1],
    ['½', 0.5, 1],
    ['1½', 1.5, 1],
    ['1 1/2', 1.5, 1],
    ['1/3', 1 / 3, 1],
    ['50%', 0.5, 1],
    ['50 %', 0.5, 1],
    ['50 percent', 0.5, 1],
    ['7.1%', 0.071, 1],
    ['1/2 %', 0.005, 1],
    ['40%', 50, 0],
    ['50%', 50, 'model'],
    ['0.5%', 0.5, 'model'],
    ['∞', 5, 0],
    ['-Infinity', 5, 0],
    ['1e400', 5, 0],
    ['NaN', 5, 'model'],
    ['1e-400', 0, 'model'],
    ['1,5', 1.5, 'model'],
    ['1.234.567', 1_234_567, 'model'],
    ["1'500", 1500, 'model'],
    ['15,00', 15, 'model'],
    ['0,500', 500, 'model'],
    ['1 5 00', 1500, 'model'],
    ['- 5', -5, 'model'],
    ['--5', 5, 'model'],
    ['five', 5, 'model'],
    ['~5', 5, 'model'],
    ['>5', 5, 'model'],
    ['5 or 6', 5, 'model'],
    ['5-6', 5, 'model'],
    ['5!', 120, 'model'],
    ['5?', 5, 'model'],
    ['(5)', 5, 'model'],
    ['x = 5', 5, 'model'],
    ['1/0', 5, 'model'],
    ['1/2/3', 5, 'model'],
    ['5 000/2', 2500, 'model'],
    ['1 234/500', 2.468, 'model'],
    ['0x5', 5, 'model'],
    ['5n', 5, 'model'],
    ['٥', 5, 'model'],
    ['\u202e5', 5, 'model'],
    ['5 kg', 5, 'model'],
    ['$5', 5, 'model'],
    ['5 because', 5, 'model'],
    ['1'.repeat(300), 5, 'model'],
    ['', 5, 0],
    ['-', 5, 0],
    ['idk', 5, 0],
  ])('is read from %j and held against %d', (answer, value, outcome) => {
    expect(outcomeOf(ask({ value }), answer)).toBe(outcome);
  });

  test.each<[string, string, number | 'model']>([
    ['1,500.5', 'en', 1],
    ['1.500,5', 'de', 1],
    ['1500,5', 'de', 1],
    ['1 500,5', 'de', 1],
    ['1500.5', 'de', 'model'],
    ['1,500.5', 'de', 'model'],
    ['1\u202f500,5', 'fr', 1],
    ['1 500,5', 'fr-CA', 1],
    ['1.500,5', 'fr', 'model'],
    ['1’500.5', 'de-CH', 1],
    ["1'500.5", 'de-CH', 1],
    ['1,500.5', 'es-MX', 1],
    ['1.500,5', 'es', 1],
    ['1.500,5', 'de_AT', 'model'],
    ['1.500,5', 'de_DE', 1],
    ['1,500.5', 'xx', 1],
    ['1,500.5', 'no such language!', 1],
    ['1500,5', 'no such language!', 'model'],
  ])('is read from %j as the language %s writes it', (answer, language, outcome) => {
    expect(outcomeOf(ask({ value: 1500.5 }, language), answer)).toBe(outcome);
  });

  test.each<[string, NumericKey, number]>([
    ['0.4', { value: 0.3, tolerance: 0.1 }, 1],
    ['0.2', { value: 0.3, tolerance: 0.1 }, 1],
    ['0.4000001', { value: 0.3, tolerance: 0.1 }, 0],
    ['105', { value: 100, tolerance: 0.05, toleranceMode: 'relative' }, 1],
    ['94.9', { value: 100, tolerance: 0.05, toleranceMode: 'relative' }, 0],
    ['-105', { value: -100, tolerance: 0.05, toleranceMode: 'relative' }, 1],
    ['0.1', { value: 0, tolerance: 0.5, toleranceMode: 'relative' }, 0],
    ['101', { value: 100, tolerance: 5 }, 1],
    ['101', { value: 100, tolerance: 5, toleranceMode: 'absolute' }, 1],
    ['101', { value: 100, tolerance: 5, toleranceMode: 'exact' }, 0],
    ['101', { value: 100, toleranceMode: 'absolute' }, 0],
    ['∞', { value: 100, tolerance: Number.MAX_VALUE }, 0],
    ['0.3', { value: 0.1 + 0.2 }, 1],
    ['9007199254740990', { value: 9_007_199_254_740_991 }, 0],
  ])('is held from %j against the key %j', (answer, key, outcome) => {
    expect(outcomeOf(ask(key), answer)).toBe(outcome);
  });

  test('in a list is read when it is the only one', () => {
    expect(outcomeOf(ask({ value: 5 }), [5])).toBe(1);
    expect(outcomeOf(ask({ value: 5 }), [6])).toBe(0);
    expect(outcomeOf(ask({ value: 5 }), [Infinity])).toBe(0);
    expect(outcomeOf(ask({ value: 5 }), [Number.NaN])).toBe('model');
    expect(outcomeOf(ask({ value: 5 }), [5, 5])).toBe('model');
    expect(outcomeOf(ask({ value: 5 }), ['5'])).toBe(1);
    expect(outcomeOf(ask({ value: 5, unit: 'kg' }), [5])).toBe('model');
  });

  test.each<[string, number, string, number | 'model']>([
    ['Write 3/4 as a decimal.', 0.75, '3/4', 'model'],
    ['Write 3/4 as a decimal.', 0.75, '¾', 'model'],
    ['Write 3/4 as a decimal.', 0.75, '0.75', 1],
    ['Which is more, 5 or 3?', 5, '5', 1],
    ['Write 5e3 in full.', 5000, '5e3', 'model'],
  ])('that hands back "%s" is left to a model', (prompt, value, answer, outcome) => {
    expect(outcomeOf({ kind: 'numeric', prompt, numeric: { value } }, answer)).toBe(outcome);
  });

  const spellings: readonly ((value: number) => string)[] = [
    String,
    english,
    (value) => english(value).replaceAll(',', '\u202f'),
    (value) => english(value).replace('-', '\u2212'),
    (value) => value.toExponential(),
    (value) => value.toExponential().replace('e', ' × 10^'),
    (value) => `\u200f “${value}.” `,
    (value) => `=${value}`,
    (value) => `${value}.000`.replace(/(\..*)\.000$/, '$1'),
  ];

  test.prop([fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom(1, 10, 1000), fc.constantFrom(...spellings)])(
    'is graded alike however it is written',
    (digits, divisor, spell) => {
      const value = digits / divisor;
      expect(outcomeOf(ask({ value }), spell(value))).toBe(1);
      expect(outcomeOf(ask({ value: value + 1 }), spell(value))).toBe(0);
    },
  );

  test.prop([
    fc.integer({ min: -1e9, max: 1e9 }),
    fc.constantFrom('de', 'fr', 'es', 'it', 'pt', 'de-CH', 'pl', 'en-IN'),
  ])('is read as its language writes it', (value, language) => {
    fc.pre(language !== 'en-IN' || Math.abs(value) < 1e5);
    const written = new Intl.NumberFormat(language, { maximumFractionDigits: 3 }).format(value + 0.125);
    expect(outcomeOf(ask({ value: value + 0.125 }, language), written)).toBe(1);
  });
});

describe('a unit', () => {
  test.each<[string, string, number | 'model']>([
    ['5 kg', 'kg', 1],
    ['5kg.', 'kg', 1],
    ['7 kg', 'kg', 0],
    ['5 kilograms', 'kg', 1],
    ['5 metres', 'm', 1],
    ['5 secs', 's', 1],
    ['5', 'kg', 'model'],
    ['4', 'kg', 'model'],
    ['5000 g', 'kg', 'model'],
    ['5 000 g', 'kg', 'model'],
    ['4000 g', 'kg', 'model'],
    ['5 g', 'kg', 0],
    ['5 lb', 'kg', 0],
    ['5 m', 'kg', 0],
    ['7 m', 'kg', 0],
    ['5 Kg', 'kg', 'model'],
    ['5 apples', 'kg', 'model'],
    ['5 constructor', 'kg', 'model'],
    ['5 kg 200 g', 'kg', 'model'],
    ['5 kg of rice', 'kg', 'model'],
    ['50%', 'kg', 'model'],
    ['∞ kg', 'kg', 'model'],
    ['∞', 'kg', 0],
    ['5 mW', 'mW', 1],
    ['5 MW', 'mW', 0],
    ['5e-9 MW', 'mW', 'model'],
    ['5 mw', 'mW', 'model'],
    ['5 m/s', 'm/s', 1],
    ['5 m s^-1', 'm/s', 1],
    ['5 m·s⁻¹', 'm/s', 1],
    ['5 metres per second', 'm/s', 1],
    ['5 m/s²', 'm/s', 0],
    ['5 m', 'm/s', 0],
    ['5 ms^-1', 'm/s', 'model'],
    ['18 km/h', 'm/s', 'model'],
    ['5 km/h', 'm/s', 0],
    ['5 J/(kg·K)', 'J kg^-1 K^-1', 1],
    ['5 J/kg K', 'J/(kg K)', 'model'],
    ['5 1/s', 's^-1', 'model'],
    ['5 /s', 's^-1', 'model'],
    ['5 ℃', '°C', 1],
    ['5 C', '°C', 'model'],
    ['5 K', '°C', 'model'],
    ['278.15 K', '°C', 'model'],
    ['5 S', 's', 'model'],
    ['5 m', 'min', 'model'],
    ['5 min', 's', 0],
    ['5 l', 'L', 1],
    ['5 mL', 'ml', 1],
    ['5 dm³', 'L', 'model'],
    ['5 N m', 'J', 'model'],
    ['5 um', 'µm', 1],
    ['5 Mm', 'µm', 0],
    ['5 mol/dm^3', 'mol dm^-3', 1],
    ['5%', '%', 1],
    ['5 percent', '%', 1],
    ['0.05', '%', 'model'],
    ['6%', '%', 0],
    ['€5', '€', 1],
    ['5 €', '€', 1],
    ['-$5', '$', 0],
    ['5 €', '$', 'model'],
    ['5 Apples', 'apples', 1],
    ['5 pears', 'apples', 'model'],
    [`5 ${'m'.repeat(50)}`, 'm', 'model'],
  ])('is compared in %j with a key in %s', (answer, unit, outcome) => {
    expect(outcomeOf(ask({ value: 5, unit }), answer)).toBe(outcome);
  });

  test('of white space counts as none', () => {
    expect(outcomeOf(ask({ value: 5, unit: ' ' }), '5')).toBe(1);
  });

  test('of the same quantity that is right within the tolerance stays with the model', () => {
    expect(outcomeOf(ask({ value: 5, tolerance: 10, unit: 'kg' }), '5 g')).toBe('model');
  });
});
