import * as z from 'zod/mini';
import { GradingOptionsError } from '../contract/errors.js';
import { describe, unknownOption } from './misuse.js';

/**
 * Checks what a caller handed over and returns it typed.
 *
 * @throws {GradingOptionsError} naming the first field that breaks its rule; an option that does not exist comes before
 * all others, since it often is the one that is missed.
 */
export function checkOptions<T>(schema: z.ZodMiniType<T>, value: unknown, path = ''): T {
  const outcome = schema.safeParse(value);
  if (outcome.success) return outcome.data;
  const { issues } = outcome.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  throw issue === undefined
    ? new GradingOptionsError(path, 'must be valid', typeof value)
    : misuse(issue, value, path, schema);
}

function misuse(issue: z.core.$ZodIssue, value: unknown, path: string, schema: z.ZodMiniType): GradingOptionsError {
  if (issue.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const known = schema instanceof z.ZodMiniObject && issue.path.length === 0 ? Object.keys(schema.shape) : [];
    return unknownOption(fieldName(path, [...issue.path, name]), name, known, at(value, [...issue.path, name]));
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
