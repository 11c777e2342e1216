import type { GradingOptions } from '../contract/grading-options.js';
import { optionNames } from '../input/option-facts.js';
import { resolveOptions } from '../input/resolve-options.js';
import type { ResolvedOptions } from '../input/resolved-options.js';
import type { Provider } from '../contract/provider.js';

/** A value of an option, or of a part of it. */
export type AuditedValue = string | number | boolean;

/** Options by name. One that is switched off is `false`; one without a value is absent. */
export type AuditedOptions = Readonly<Record<string, AuditedValue | Readonly<Record<string, AuditedValue>>>>;

/** `undefined` switches these off. */
const SWITCHES: ReadonlySet<keyof ResolvedOptions> = new Set(['guards', 'feedback', 'hedge', 'samples']);

/**
 * The options of a run as data, with every default in place and the names of the providers.
 *
 * @throws {GradingOptionsError} for options that no run would take.
 */
export function auditedOptions(given: GradingOptions): AuditedOptions {
  const options = resolveOptions(given);
  const entries = optionNames('audit').flatMap((name): [string, AuditedOptions[string]][] => {
    const value: unknown = options[name] ?? (SWITCHES.has(name) ? false : undefined);
    if (isPlain(value)) return [[name, value]];
    return typeof value === 'object' && value !== null ? [[name, plainPartsOf(value)]] : [];
  });
  const judges = options.samples?.judges ?? [];
  return {
    providers: namesOf(options.providers),
    ...(judges.length > 0 && { judges: namesOf(judges) }),
    ...Object.fromEntries(entries),
  };
}

function namesOf(providers: readonly Provider[]): string {
  return providers.map(({ name = 'provider' }) => name).join(', ');
}

/** Nothing nested: a part that is an object may hold anything. */
function plainPartsOf(value: object): Readonly<Record<string, AuditedValue>> {
  const parts = Object.entries(value).flatMap(([name, part]: [string, unknown]): [string, AuditedValue][] =>
    isPlain(part) ? [[name, part]] : [],
  );
  return Object.fromEntries(parts);
}

function isPlain(value: unknown): value is AuditedValue {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
