/** Objects in a value; one with more is known by itself alone, so that a row that reaches a whole database costs little. */
const MOST_OBJECTS = 10_000;

/** What a walk through a value has met. */
interface Walk {
  readonly nameOf: (thing: object) => string;
  /** Objects met so far and their numbers, in an order that only the content decides. */
  readonly met: Map<object, number>;
}

/** Ends a walk through a value that is too large. */
class TooLarge extends Error {}

/**
 * Writes any value down so that two values have the same text only if they are the same data, whatever the order in which
 * an object was put together; what is `undefined` is as good as absent. Never throws.
 *
 * Plain data is written as JSON. What JSON cannot tell apart has forms of its own (NaN, -0, a BigInt, a Date, a reference
 * back to an object around it), and what only code can tell apart (a Map, an instance of a class, a function, an object
 * that throws when it is read) is known by its identity.
 *
 * @param nameOf Names an object like no other.
 */
export function canonicalText(value: unknown, nameOf: (thing: object) => string): string {
  try {
    return written(value, { nameOf, met: new Map() });
  } catch {
    return identityOf(typeof value === 'object' && value !== null ? value : {}, nameOf);
  }
}

function written(value: unknown, walk: Walk): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return identityOf(value, walk.nameOf);
  // A symbol may have the description of another.
  if (typeof value === 'symbol') return identityOf({}, walk.nameOf);
  return typeof value === 'object' && value !== null ? writtenObject(value, walk) : String(value);
}

function writtenObject(value: object, walk: Walk): string {
  const known = walk.met.get(value);
  if (known !== undefined) return `#${known}`;
  if (walk.met.size >= MOST_OBJECTS) throw new TooLarge();
  walk.met.set(value, walk.met.size);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return `[${Array.from(value, (part) => written(part, walk)).join(',')}]`;
  if (prototype === Date.prototype) return `Date(${Number(value)})`;
  const isPlain = (prototype === Object.prototype || prototype === null) && !hasSymbols(value);
  return isPlain ? `{${writtenProperties(value, walk).join(',')}}` : identityOf(value, walk.nameOf);
}

function writtenProperties(value: object, walk: Walk): readonly string[] {
  return Object.keys(value)
    .toSorted()
    .flatMap((name) => {
      const part: unknown = Reflect.get(value, name);
      return part === undefined ? [] : [`${JSON.stringify(name)}:${written(part, walk)}`];
    });
}

function hasSymbols(value: object): boolean {
  return Object.getOwnPropertySymbols(value).length > 0;
}

function identityOf(thing: object, nameOf: Walk['nameOf']): string {
  return `<${nameOf(thing)}>`;
}
