import { TOP_LEVEL } from '../contract/criterion-scale.js';
import { isJsonObject, objectOf, type JsonObject } from '../json/untyped-json.js';
import type { FramedAnswer } from './framed-answers.js';

/** What the values of a reply depend on. */
export interface FillContext {
  answers: readonly FramedAnswer[];
  /** 0..1 for an answer's text. */
  score: (answerText: string) => number;
}

interface Place extends FillContext {
  root: JsonObject;
  /** The name of the property that is being filled. */
  name: string;
  /** The answer that the surrounding entry is about. */
  answer: FramedAnswer | undefined;
  depth: number;
}

/** Lists of a reply that have one entry for each criterion. */
const PER_CRITERION: ReadonlySet<string> = new Set(['why', 'evidence']);
/** So many words of an answer are quoted as evidence. */
const QUOTED_WORDS = 4;
const MAX_DEPTH = 20;

/**
 * A value that fits a JSON Schema, the same for the same input. Objects get every property; arrays of objects with a
 * `key` property get one entry per answer; integer arrays named `levels` get one level per criterion of the entry's
 * answer, 0 for one that names a fault, and arrays named `why` or `evidence` a text each; other arrays are as short as they may be. Numbers lie at the answer's
 * score between their bounds (without bounds 0..100 for integers, 0..1 else), those named `confidence` at the top.
 * Booleans are true from 0.5 up.
 */
export function fillSchema(schema: JsonObject, context: FillContext): unknown {
  return fill(schema, { ...context, root: schema, name: '', answer: context.answers[0], depth: 0 });
}

function fill(unresolved: unknown, place: Place): unknown {
  const schema = resolve(objectOf(unresolved), place.root);
  if (place.depth > MAX_DEPTH) return null;
  if (schema['const'] !== undefined) return schema['const'];
  // The keys of a call may be enumerated: each entry has that of its own answer.
  if (place.name === 'key' && place.answer !== undefined) return place.answer.key;
  if (Array.isArray(schema['enum'])) return chosen(schema['enum'], place);
  const variant = firstVariant(schema);
  if (variant !== undefined) return fill(variant, { ...place, depth: place.depth + 1 });
  switch (typeOf(schema)) {
    case 'object':
      return fillObject(schema, place);
    case 'array':
      return fillArray(schema, place);
    case 'integer':
      return Math.round(numberFor(schema, place, 100));
    case 'number':
      return numberFor(schema, place, 1);
    case 'boolean':
      return scoreAt(place) >= 0.5;
    case 'null':
      return null;
    default:
      return textFor(place);
  }
}

function textFor({ name, answer }: Place): string {
  if (name === 'key') return '';
  if (name === 'evidence') return answer?.text.trim().split(/\s+/).slice(0, QUOTED_WORDS).join(' ') ?? '';
  return `Mock ${name || 'text'}.`;
}

function fillObject(schema: JsonObject, place: Place): JsonObject {
  const properties = Object.entries(objectOf(schema['properties']));
  return Object.fromEntries(
    properties.map(([name, each]) => [name, fill(each, { ...place, name, depth: place.depth + 1 })]),
  );
}

function fillArray(schema: JsonObject, place: Place): unknown[] {
  const items = resolve(objectOf(schema['items']), place.root);
  const entry = { ...place, depth: place.depth + 1 };
  if ('key' in objectOf(items['properties']) && place.answers.length > 0) {
    return place.answers.map((answer) => fill(items, { ...entry, answer }));
  }
  if (place.name === 'levels' && typeOf(items) === 'integer') return levelsFor(place);
  if (PER_CRITERION.has(place.name)) return (place.answer?.criteria ?? [0]).map(() => fill(items, entry));
  const length = Number(schema['minItems'] ?? (typeOf(items) === 'object' ? 1 : 0));
  return Array.from({ length }, () => fill(items, entry));
}

/** Faults are absent, so that the marks add up to the score. */
function levelsFor(place: Place): number[] {
  const criteria = place.answer?.criteria ?? [{ isFault: false, topLevel: TOP_LEVEL }];
  return criteria.map(({ isFault, topLevel }) => (isFault ? 0 : Math.round(scoreAt(place) * topLevel)));
}

function numberFor(schema: JsonObject, place: Place, unboundedTop: number): number {
  const bottom = Number(schema['minimum'] ?? 0);
  const top = Number(schema['maximum'] ?? unboundedTop);
  return bottom + (place.name === 'confidence' ? 1 : scoreAt(place)) * (top - bottom);
}

function scoreAt({ answer, score }: Place): number {
  return Math.min(1, Math.max(0, score(answer?.text ?? '')));
}

/** Numbers by score; of anything else, the first. */
function chosen(values: readonly unknown[], place: Place): unknown {
  const isOrdered = values.every((value) => typeof value === 'number');
  return values[isOrdered ? Math.round(scoreAt(place) * (values.length - 1)) : 0];
}

function resolve(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = schema['$ref'];
  if (typeof reference !== 'string') return schema;
  const path = reference.split('/').slice(1);
  return objectOf(path.reduce<unknown>((at, name) => objectOf(at)[name], root));
}

function firstVariant(schema: JsonObject): unknown {
  const variants = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  return Array.isArray(variants) ? variants.find((each) => !isJsonObject(each) || each['type'] !== 'null') : undefined;
}

function typeOf(schema: JsonObject): unknown {
  const type = schema['type'];
  if (Array.isArray(type)) return type.find((each) => each !== 'null');
  return type ?? (isJsonObject(schema['properties']) ? 'object' : 'string');
}
