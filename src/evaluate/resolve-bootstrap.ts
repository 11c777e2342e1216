import { GradingOptionsError } from '../contract/errors.js';

/** Options of {@link bootstrapInterval}. */
export interface BootstrapOptions {
  /** How often the pairs are drawn anew: an integer of at least 1. @default 1_000 */
  samples?: number | undefined;
  /** The same seed gives the same interval. An integer. @default 1 */
  seed?: number | undefined;
  /** How much of the drawn values lies within: above 0 and below 1. @default 0.95 */
  level?: number | undefined;
}

/** How figures are drawn anew, with every default in place. */
export type ResolvedBootstrap = { readonly [Option in keyof BootstrapOptions]-?: number };

/** @throws {GradingOptionsError} for options outside their ranges. */
export function resolveBootstrap({ samples = 1_000, seed = 1, level = 0.95 }: BootstrapOptions): ResolvedBootstrap {
  check('samples', samples, 'must be an integer of at least 1', Number.isInteger(samples) && samples >= 1);
  check('seed', seed, 'must be an integer', Number.isInteger(seed));
  check('level', level, 'must be a number above 0 and below 1', level > 0 && level < 1);
  return { samples, seed, level };
}

function check(field: string, value: number, rule: string, holds: boolean): void {
  if (!holds) throw new GradingOptionsError(field, rule, String(value));
}
