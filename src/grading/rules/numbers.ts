import { foldText } from '../text/fold-text.js';

/** A number as a learner writes it, with what follows it. */
export interface NumberReading {
  /** With a percent sign the share: 0.5 for 50%. */
  value: number;
  /** The number in front of a percent sign: 50 for 50%. */
  percentage?: number | undefined;
  /** What follows the number, `''` if nothing does. */
  unit: string;
}

const LONGEST_NUMBER = 200;

const INFINITY = /^([+-]?)(?:∞|inf(?:inity)?)$/i;

const FRACTION = /^(?:(\d{1,15}) )?([1-9]\d{0,14}) ?\/ ?(\d{1,15})(?![\d.,/])/;

const NUMERAL = /^(?:\d+(?:[.,' ]\d+)*|[.,]\d+)/;

const EXPONENT = /^(?:e([+-]?\d{1,4})| ?[x×*·⋅] ?10\^[({]?([+-]?\d{1,4})[)}]?)(?!\d)/i;

const PERCENT = /^(?:%|per ?cent|prozent|pour cent|por ciento|por cento|per cento)$/i;

/**
 * Reads a text that is one number with at most a unit after it or a currency sign before it. Understands signs, digits
 * and separators as the language writes them (default `1,234.5`), spaces between thousands, exponents, powers of ten,
 * fractions and percent. Undefined when the text is no number, or one only to readers of another language.
 */
export function parseNumber(text: string, language: string | undefined): NumberReading | undefined {
  const folded = foldText(text, { caseSensitive: true }).replace(/^= ?/, '');
  if (folded.length > LONGEST_NUMBER) return undefined;
  const infinite = INFINITY.exec(folded);
  if (infinite !== null) return { value: infinite[1] === '-' ? -Infinity : Infinity, unit: '' };
  const [, sign = '', currency = '', written = ''] = /^([+-]?)(?:([$€£¥]) ?)?(.*)$/.exec(folded) ?? [];
  const amount = written.replace(/^10\^/, '1x10^');
  const quantity = readFraction(amount) ?? readDecimal(amount, language);
  return quantity && withUnit(quantity, sign === '-' ? -1 : 1, currency);
}

/** What a percent sign says, also as a unit: `%`, `percent`, `Prozent`, ... */
export function isPercent(unit: string): boolean {
  return PERCENT.test(unit);
}

interface Quantity {
  /** The number times a power of ten, rounded only once. */
  times: (powerOfTen: number) => number;
  rest: string;
}

function readFraction(amount: string): Quantity | undefined {
  const [read, whole, above, below] = FRACTION.exec(amount) ?? [];
  const [numerator, denominator] = [Number(above), Number(below)];
  // Three digits after a space could be thousands.
  const isProper = whole === undefined || (numerator < denominator && numerator < 100);
  if (read === undefined || denominator === 0 || !isProper) return undefined;
  const value = Number(whole ?? 0) + numerator / denominator;
  return { times: (powerOfTen) => value * 10 ** powerOfTen, rest: amount.slice(read.length) };
}

function readDecimal(amount: string, language: string | undefined): Quantity | undefined {
  const numeral = NUMERAL.exec(amount)?.[0];
  const digits = numeral && plainDigits(numeral, decimalSeparators(language));
  if (numeral === undefined || digits === undefined) return undefined;
  const following = amount.slice(numeral.length);
  const [read = '', ...exponents] = EXPONENT.exec(following) ?? [];
  return scientific(
    digits,
    Number(exponents.find((exponent) => exponent !== undefined) ?? 0),
    following.slice(read.length),
  );
}

/** Undefined for a number so small that it would round to 0. */
function scientific(digits: string, exponent: number, rest: string): Quantity | undefined {
  const times = (powerOfTen: number) => Number(`${digits}e${exponent + powerOfTen}`);
  return times(0) === 0 && /[1-9]/.test(digits) ? undefined : { times, rest };
}

/** `1,234.5` as `1234.5`; undefined when the separators are not where the language puts them. */
function plainDigits(numeral: string, { decimal, group }: DecimalSeparators): string | undefined {
  const [whole = '', fraction = '', ...others] = numeral.split(decimal);
  const separator = [group, ' '].find((candidate) => whole.includes(candidate));
  const [first = '', ...groups] = separator === undefined ? [whole] : whole.split(separator);
  const isGrouped = groups.length === 0 || /^[1-9]\d{0,2}$/.test(first);
  const digits = [first, ...groups].join('');
  return isGrouped &&
    groups.every((digit) => digit.length === 3) &&
    others.length === 0 &&
    /^\d*$/.test(digits + fraction)
    ? `${digits}.${fraction}`
    : undefined;
}

function withUnit({ times, rest }: Quantity, sign: 1 | -1, currency: string): NumberReading {
  const unit = [currency, rest.trim()].filter((text) => text !== '').join(' ');
  return isPercent(unit)
    ? { value: sign * times(-2), percentage: sign * times(0), unit: '' }
    : { value: sign * times(0), unit };
}

/** How a language writes the digits of a number. */
interface DecimalSeparators {
  /** In front of the fraction: `.` or `,`. */
  decimal: string;
  /** Between groups of digits: `,`, `.`, `'` or a space. */
  group: string;
}

const DEFAULT_SEPARATORS: DecimalSeparators = { decimal: '.', group: ',' };

/** The separators of a language (BCP 47) as the runtime knows them; those of English without or with an unknown one. */
function decimalSeparators(language: string | undefined): DecimalSeparators {
  if (language === undefined) return DEFAULT_SEPARATORS;
  try {
    const locales = [language.replaceAll('_', '-'), 'en'];
    const parts = new Intl.NumberFormat(locales, { numberingSystem: 'latn' }).formatToParts(1_234_567.8);
    const valueOf = (type: 'decimal' | 'group') =>
      parts.find((part) => part.type === type)?.value ?? DEFAULT_SEPARATORS[type];
    // As folding leaves them in answers: one kind of space, one kind of apostrophe.
    const group = valueOf('group').replace(/\s/, ' ').replace('\u2019', "'");
    return { decimal: valueOf('decimal'), group };
  } catch {
    return DEFAULT_SEPARATORS;
  }
}
