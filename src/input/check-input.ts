import type * as z from 'zod/mini';
import { GradingOptionsError } from '../contract/errors.js';

/** Fields under these paths may hold learner text or teacher material: only their size is told. */
const PRIVATE_FIELD = /^(?:answers|context|instructions|resumeFrom)\b/;

/** The longest text shown as received. */
const MAX_SHOWN_CHARACTERS = 40;

/**
 * Checks what a caller handed over and returns it typed.
 *
 * @throws {GradingOptionsError} naming the first field that breaks its rule.
 */
export function checkOptions<T>(schema: z.ZodMiniType<T>, value: unknown, path = ''): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const issue = outcome.error.issues[0];
  throw issue === undefined ? new GradingOptionsError(path, 'must be valid', typeof value) : misuse(issue, value, path);
}

function misuse(issue: z.core.$ZodIssue, value: unknown, path: string): GradingOptionsError {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const field = fieldName(path, [...issue.path, key]);
    return new GradingOptionsError(
      field,
      'is not an option; check its spelling',
      describe(at(value, [...issue.path, key]), field),
    );
  }
  const field = fieldName(path, issue.path);
  return new GradingOptionsError(field, issue.message, describe(at(value, issue.path), field));
}

/** `answers[2].question.prompt` */
function fieldName(path: string, keys: readonly PropertyKey[]): string {
  return (
    keys.reduce<string>((name, key) => {
      if (typeof key === 'number') return `${name}[${key}]`;
      return name === '' ? String(key) : `${name}.${String(key)}`;
    }, path) || 'options'
  );
}

function at(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (part, key) => (typeof part === 'object' && part !== null ? Reflect.get(part, key) : undefined),
    value,
  );
}

/** What was received, without the content of private texts. */
function describe(value: unknown, field: string): string {
  if (typeof value === 'string') {
    const isShown = value.length <= MAX_SHOWN_CHARACTERS && !PRIVATE_FIELD.test(field);
    return isShown ? JSON.stringify(value) : `a text of ${value.length} characters`;
  }
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value);
}
