import type { OptionRule } from '../input/option-rules.js';

/** The check that a value is an object with these methods. */
export function hasMethods(...names: readonly string[]): OptionRule['holds'] {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'function');
}
