import { foldText } from '../fold-text.js';
import { NAMES, PLAIN, PREFIX_NAMES, PREFIXABLE, PREFIXES, type UnitDefinition } from './unit-table.js';

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
export function parseUnit(text: string): Unit | undefined {
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
