import { GradingOptionsError } from '../contract/errors.js';
import type { FieldNames } from './field-names.js';
import { nearestName, normalForm } from './nearest-name.js';

/** Every object has one, in rows often under another name (`_id`), and grading does not depend on it. */
const NEVER_MEANT: ReadonlySet<string> = new Set(['id']);

/** Columns that many tables have, and that only happen to look like a field: `content` is no slip for `context`. */
const ORDINARY: ReadonlySet<string> = new Set(['content', 'contents']);

/** Names seen before and what they were meant for; rows repeat their columns a thousand times. */
const MOST_NAMES = 500;
const seen = new WeakMap<FieldNames, Map<string, string | undefined>>();

/**
 * Refuses fields whose names are near misses of known ones (`maxScore`, `score_maximum`, `correctChoice`): left aside
 * they would change marks in silence. Other fields are fine, rows of a database have many; so is a near miss beside the
 * field itself, and one without a value.
 *
 * @throws {GradingOptionsError} naming both.
 */
export function checkFieldNames(value: unknown, known: FieldNames, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) checkFieldNames(each, known, `${path}[${index}]`);
    return;
  }
  for (const name of Object.keys(value)) {
    if (!known.names.includes(name)) checkUnknownName(value, name, known, path);
  }
  for (const [name, part] of Object.entries(known.parts))
    checkFieldNames(valueOf(value, name), part, `${path}.${name}`);
}

function checkUnknownName(owner: object, name: string, known: FieldNames, path: string): void {
  const form = normalForm(name.slice(0, 2 * MOST_NAMES));
  const synonym = Object.hasOwn(known.synonyms, form) ? known.synonyms[form] : undefined;
  const near = nearFieldOf(name, form, known);
  if (synonym === undefined && near === undefined) return;
  const given = valueOf(owner, name);
  if (given === undefined || given === null) return;
  const meant = near ?? (synonym?.isMeant(given) === true ? synonym.field : undefined);
  if (meant === undefined || isSet(owner, meant)) return;
  throw new GradingOptionsError(
    `${path}.${name}`,
    `is no field of ${known.what} (did you mean ${meant}?)`,
    kindOf(given),
  );
}

function nearFieldOf(name: string, form: string, known: FieldNames): string | undefined {
  if (ORDINARY.has(form) || NEVER_MEANT.has(form)) return undefined;
  const names = seen.get(known) ?? new Map<string, string | undefined>();
  seen.set(known, names);
  if (names.has(name)) return names.get(name);
  const near = nearestName(
    name,
    known.names.filter((each) => !NEVER_MEANT.has(each)),
  );
  if (names.size >= MOST_NAMES) names.clear();
  names.set(name, near);
  return near;
}

/** The field that was meant has a value as well: then the row's own columns are only its own. */
function isSet(owner: object, meant: string): boolean {
  const found = meant.split('.').reduce<unknown>((value, name) => valueOf(value, name), owner);
  return found !== undefined && found !== null;
}

/** A property that throws when it is read has no value. */
function valueOf(owner: unknown, name: string): unknown {
  if (typeof owner !== 'object' || owner === null) return undefined;
  try {
    return Reflect.get(owner, name);
  } catch {
    return undefined;
  }
}

/** Never the text itself: it may be a teacher's or a learner's. */
function kindOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `a text of ${value.length} characters`;
  return Array.isArray(value) ? `an array of ${value.length}` : `a value of type ${typeof value}`;
}
