import { GradingOptionsError } from '../contract/errors.js';

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
  if (!someObject.holds(options)) throw new GradingOptionsError('options', someObject.rule, typeof options);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined) {
    // Not the value: a key belongs to the client, and may have been put here by mistake.
    throw new GradingOptionsError(
      unknown,
      'is not an option; check its spelling',
      typeof Reflect.get(options, unknown),
    );
  }
  for (const [name, { rule, holds, isRequired = false }] of Object.entries<OptionRule>(rules)) {
    const value: unknown = Reflect.get(options, name);
    const isLeftOut = value === undefined && !isRequired;
    if (!isLeftOut && !holds(value)) throw new GradingOptionsError(name, rule, shown(value));
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value;
}
