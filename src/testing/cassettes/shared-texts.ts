import { canonical, fingerprintOf } from './canonical.js';
import type { Json } from './cassette.js';

type JsonObject = { readonly [key: string]: Json | undefined };

/** What many calls have in common: written once, under a name that its content gives it. */
const SHARED_FIELDS: ReadonlySet<string> = new Set(['system', 'schema', 'question', 'context', 'capabilities']);

/** Takes what calls share out of a request and puts names in its place: `{ "shared": "system 1f3a09c2" }`. */
export class SharedTexts {
  readonly #byName: Map<string, Json>;
  /** Texts are the same objects again and again while a run records. */
  readonly #nameOf = new Map<string, string>();

  constructor(known: JsonObject = {}) {
    this.#byName = new Map(Object.entries(known).map(([name, value]) => [name, value ?? null]));
    for (const [name, value] of this.#byName) this.#nameOf.set(canonical(value), name);
  }

  share(request: Json): Json {
    if (Array.isArray(request)) return request.map((each: Json) => this.share(each));
    if (!isObject(request)) return request;
    return Object.fromEntries(
      Object.entries(request).map(([field, value]) => [
        field,
        SHARED_FIELDS.has(field) && typeof value === 'object' && value !== null
          ? { shared: this.#named(field, value) }
          : this.share(value ?? null),
      ]),
    );
  }

  restore(request: Json): Json {
    if (Array.isArray(request)) return request.map((each: Json) => this.restore(each));
    if (!isObject(request)) return request;
    const { shared, ...rest } = request;
    if (typeof shared === 'string' && Object.keys(rest).length === 0) return this.#found(shared);
    return Object.fromEntries(Object.entries(request).map(([field, value]) => [field, this.restore(value ?? null)]));
  }

  /** All that was named so far. */
  table(): JsonObject {
    return Object.fromEntries(this.#byName);
  }

  #named(field: string, value: Json): string {
    const text = textOf(value);
    const known = this.#nameOf.get(text);
    if (known !== undefined) return known;
    let name = `${field} ${fingerprintOf(text)}`;
    while (this.#byName.has(name)) name += '+';
    this.#byName.set(name, value);
    this.#nameOf.set(text, name);
    return name;
  }

  #found(name: string): Json {
    const value = this.#byName.get(name);
    if (value === undefined) throw new Error(`it names ${JSON.stringify(name)}, which is not among its shared texts`);
    return value;
  }
}

/** A cassette is written several times while it grows; what its entries share is put in order once each. */
const texts = new WeakMap<object, string>();

function textOf(value: Json): string {
  if (typeof value !== 'object' || value === null) return canonical(value);
  const known = texts.get(value) ?? canonical(value);
  texts.set(value, known);
  return known;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null;
}
