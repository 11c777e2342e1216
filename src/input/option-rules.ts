import { GradingOptionsError } from '../contract/errors.js';
import { describe, unknownOption } from './misuse.js';

/** The rule an option must keep, with the words for it. */
export interface OptionRule {
  rule: string;
  holds: (value: unknown) => boolean;
  /** `undefined` breaks the rule too. */
  isRequired?: boolean;
}

/** A text with something in it. */
export const someText: OptionRule = {
  rule: 'must be a text that is not empty',
  holds: (value) => typeof value === 'string' && value.trim() !== '',
};

/** A text that must be there. */
export const requiredText: OptionRule = { ...someText, isRequired: true };

/** A number of tokens. */
export const wholeNumber: OptionRule = {
  rule: 'must be an integer of at least 0',
  holds: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
};

/** An object of vendor options. */
export const someObject: OptionRule = {
  rule: 'must be an object',
  holds: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** One of a few values. */
export function oneOf(...values: readonly (string | boolean)[]): OptionRule {
  return { rule: `must be one of ${values.join(', ')}`, holds: (value) => values.some((each) => each === value) };
}

/**
 * Checks the options of a provider; `undefined` means the default.
 *
 * @throws {GradingOptionsError} for an unknown option, and for one that breaks its rule.
 */
export function checkProviderOptions<T extends object>(
  options: T,
  rules: { readonly [K in keyof T]-?: OptionRule },
): void {
  const required = Object.entries<OptionRule>(rules).filter(([, { isRequired = false }]) => isRequired);
  if (!someObject.holds(options)) {
    const names = required.map(([name]) => name).join(', ');
    const rule = names === '' ? someObject.rule : `${someObject.rule} with at least ${names}`;
    throw new GradingOptionsError(
      'options',
      rule,
      typeof options === 'string' ? 'a text' : describe(options, 'options'),
    );
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    throw unknownOption(unknown, unknown, Object.keys(rules), Reflect.get(options, unknown));
  }
  for (const [name, { rule, holds, isRequired = false }] of Object.entries<OptionRule>(rules)) {
    const value: unknown = Reflect.get(options, name);
    const isLeftOut = value === undefined && !isRequired;
    if (!isLeftOut && !holds(value)) throw new GradingOptionsError(name, rule, describe(value, name));
  }
}

/**
 * The error for what was handed over in a client's place.
 *
 * @param wanted The client in words, such as `a client of @anthropic-ai/sdk`.
 * @param example The code that makes one.
 */
export function notAClient(client: unknown, wanted: string, example: string): GradingOptionsError {
  return new GradingOptionsError('client', `must be ${wanted}, such as ${example}`, describeNoClient(client, example));
}

function describeNoClient(client: unknown, example: string): string {
  if (typeof client === 'function') return `a class or function: pass ${example}`;
  if (typeof client === 'string') return 'a text: keys belong to the client';
  const isOptions = someObject.holds(client) && typeof Reflect.get(Object(client), 'model') === 'string';
  return isOptions ? `options: pass ${example} first, then the options` : describe(client, 'client');
}
