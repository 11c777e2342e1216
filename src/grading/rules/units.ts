import { foldText } from '../text/fold-text.js';

/** A unit taken apart, so that `m/s`, `m s^-1` and `metres per second` are one. */
interface Unit {
  /** The same for every spelling of the unit: `m1 s-1`. */
  name: string;
  /** The same for every unit of the quantity. */
  dimension: string;
  /** Size in base units; NaN where a factor does not convert (°C). */
  scale: number;
}

interface Factor {
  symbol: string;
  definition: UnitDefinition;
  exponent: number;
}

const LONGEST_UNIT = 40;

/** A unit of the SI or one used beside it; undefined for any other text and for what can be read in two ways. */
function parseUnit(text: string): Unit | undefined {
  const factors = text.length > LONGEST_UNIT ? [] : factorsOf(foldText(text, { caseSensitive: true }));
  if (factors.length === 0 || factors.includes(undefined)) return undefined;
  const known = factors.filter((factor) => factor !== undefined);
  return {
    name: product(known.map(({ symbol, exponent }) => [symbol, exponent])),
    dimension: product(known.flatMap(({ definition, exponent }) => baseUnits(definition[1], exponent))),
    scale: known.reduce((scale, { definition, exponent }) => scale * definition[0] ** exponent, 1),
  };
}

function factorsOf(text: string): readonly (Factor | undefined)[] {
  const [above = '', ...below] = text.split(/ ?\/ ?| per /);
  return [...(above === '1' ? [] : productOf(above, 1)), ...below.flatMap(divisorOf)];
}

/** More than one factor below a line must be in brackets: `W/m^2 K` can be read in two ways. */
function divisorOf(text: string): readonly (Factor | undefined)[] {
  const bracketed = /^\(([^()]*)\)$/.exec(text)?.[1];
  const factors = productOf(bracketed ?? text, -1);
  return bracketed === undefined && factors.length > 1 ? [undefined] : factors;
}

function productOf(text: string, sign: 1 | -1): readonly (Factor | undefined)[] {
  return text.split(/ ?[·⋅*] ?| /).map((factor) => readFactor(factor, sign));
}

function readFactor(text: string, sign: 1 | -1): Factor | undefined {
  const [, word = '', power = '1'] = /^(°?\p{L}+)\^?(-?[1-9])?$/u.exec(text) ?? [];
  const symbol = symbolOf(word);
  const definition = definitionOf(symbol);
  // Physicists write m s^-1 as ms^-1, which is also "per millisecond".
  const isTwofold = power.startsWith('-') && /^m(?!m|ol|in$)./.test(symbol);
  return definition === undefined || isTwofold ? undefined : { symbol, definition, exponent: sign * Number(power) };
}

/** The symbol for a symbol or a written-out name, `''` for any other word. */
function symbolOf(word: string): string {
  const symbol = word.replace(/^u(?=.)/, 'μ').replace(/^(.?)l$/, '$1L');
  if (definitionOf(symbol) !== undefined) return symbol;
  const name = word.toLowerCase().replace(/(?<=..)s$/, '');
  const [, prefix = '', base = ''] = /^(micro|milli|centi|kilo|mega|)(.*)$/.exec(name) ?? [];
  const named = NAMES.get(base);
  return named === undefined ? '' : `${PREFIX_NAMES.get(prefix) ?? ''}${named}`;
}

function definitionOf(symbol: string): UnitDefinition | undefined {
  const known = PLAIN.get(symbol) ?? PREFIXABLE.get(symbol);
  const [prefix, base] = [PREFIXES.get(symbol.charAt(0)), PREFIXABLE.get(symbol.slice(1))];
  if (known !== undefined || prefix === undefined || base === undefined) return known;
  return [prefix * base[0], base[1]];
}

function baseUnits(dimension: string, exponent: number): readonly (readonly [base: string, exponent: number])[] {
  return dimension.split(' ').map((factor) => {
    const base = factor.replace(/-?\d$/, '');
    return [base, Number(factor.slice(base.length) || 1) * exponent];
  });
}

/** `m1 s-1`: each factor once, in alphabetical order. */
function product(factors: readonly (readonly [name: string, exponent: number])[]): string {
  const exponents = new Map<string, number>();
  for (const [name, exponent] of factors) exponents.set(name, (exponents.get(name) ?? 0) + exponent);
  const terms = [...exponents].filter(([, exponent]) => exponent !== 0).map(([name, exponent]) => name + exponent);
  return terms.toSorted().join(' ');
}

/** How a written unit relates to the key's: `factor` turns a number in the one into a number in the other. */
type UnitRelation = 'same' | 'other' | 'unknown' | { factor: number };

/** Compares two units by what they mean; `other` only for units that both are known and cannot be confused. */
export function compareUnits(written: string, expected: string): UnitRelation {
  if (isSame(written, expected, true)) return 'same';
  const [unit, key] = [parseUnit(written), parseUnit(expected)];
  if (key === undefined) return isSame(written, expected, false) ? 'same' : 'unknown';
  if (unit === undefined) return 'unknown';
  if (unit.name === key.name) return 'same';
  if (unit.dimension !== key.dimension) return isSloppySpelling(written, expected) ? 'unknown' : 'other';
  const factor = unit.scale / key.scale;
  return Number.isNaN(factor) ? 'unknown' : { factor };
}

function isSame(written: string, expected: string, caseSensitive: boolean): boolean {
  return foldText(written, { caseSensitive }) === foldText(expected, { caseSensitive });
}

/** `C` for `°C`, `S` for `s`, `m` for minutes or miles. */
function isSloppySpelling(written: string, expected: string): boolean {
  const [unit, key] = [written, expected].map((text) => text.toLowerCase().replaceAll(/[°\s.]/g, ''));
  return unit === key || (unit === 'm' && (key === 'min' || key === 'mi'));
}

/** A unit in base units: `[1e-3, 'm3']` for the litre. */
type UnitDefinition = readonly [scale: number, dimension: string];

/** Units that take a prefix (kPa, mL), by symbol. Scales and dimensions as in the SI brochure, 9th edition. */
const PREFIXABLE: ReadonlyMap<string, UnitDefinition> = mapOf({
  m: [1, 'm'],
  g: [1e-3, 'kg'],
  s: [1, 's'],
  A: [1, 'A'],
  K: [1, 'K'],
  mol: [1, 'mol'],
  Hz: [1, 's-1'],
  N: [1, 'kg m s-2'],
  Pa: [1, 'kg m-1 s-2'],
  J: [1, 'kg m2 s-2'],
  W: [1, 'kg m2 s-3'],
  C: [1, 's A'],
  V: [1, 'kg m2 s-3 A-1'],
  Ω: [1, 'kg m2 s-3 A-2'],
  L: [1e-3, 'm3'],
  eV: [1.602_176_634e-19, 'kg m2 s-2'],
  cal: [4.184, 'kg m2 s-2'],
  bar: [1e5, 'kg m-1 s-2'],
  Wh: [3_600, 'kg m2 s-2'],
});

/** Units without prefixes. */
const PLAIN: ReadonlyMap<string, UnitDefinition> = mapOf({
  min: [60, 's'],
  h: [3_600, 's'],
  d: [86_400, 's'],
  t: [1_000, 'kg'],
  in: [0.0254, 'm'],
  ft: [0.3048, 'm'],
  mi: [1_609.344, 'm'],
  lb: [0.453_592_37, 'kg'],
  // Their zero is elsewhere, so there is no scale to convert by.
  '°C': [Number.NaN, 'K'],
  '°F': [Number.NaN, 'K'],
});

/** Prefixes by symbol; case counts (mW, MW). */
const PREFIXES: ReadonlyMap<string, number> = mapOf({
  p: 1e-12,
  n: 1e-9,
  μ: 1e-6,
  m: 1e-3,
  c: 1e-2,
  d: 1e-1,
  h: 1e2,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
});

/** Written-out names of units, without a plural s. */
const NAMES: ReadonlyMap<string, string> = mapOf({
  meter: 'm',
  metre: 'm',
  gram: 'g',
  sec: 's',
  second: 's',
  min: 'min',
  minute: 'min',
  hr: 'h',
  hour: 'h',
  day: 'd',
  liter: 'L',
  litre: 'L',
  newton: 'N',
  joule: 'J',
  watt: 'W',
  volt: 'V',
  lb: 'lb',
});

/** Written-out prefixes. */
const PREFIX_NAMES: ReadonlyMap<string, string> = mapOf({
  micro: 'μ',
  milli: 'm',
  centi: 'c',
  kilo: 'k',
  mega: 'M',
});

/** A map and not the record itself, which would also find `constructor`. */
function mapOf<Value>(record: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> {
  return new Map(Object.entries(record));
}
