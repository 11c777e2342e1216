/** A unit in base units: `[1e-3, 'm3']` for the litre. */
export type UnitDefinition = readonly [scale: number, dimension: string];

/** Units that take a prefix (kPa, mL), by symbol. Scales and dimensions as in the SI brochure, 9th edition. */
export const PREFIXABLE: ReadonlyMap<string, UnitDefinition> = mapOf({
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
export const PLAIN: ReadonlyMap<string, UnitDefinition> = mapOf({
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
export const PREFIXES: ReadonlyMap<string, number> = mapOf({
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
export const NAMES: ReadonlyMap<string, string> = mapOf({
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
export const PREFIX_NAMES: ReadonlyMap<string, string> = mapOf({
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
