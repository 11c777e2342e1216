import { GradingOptionsError } from '../contract/errors.js';
import type { Metric } from './pairs.js';

/**
 * How sure a figure is, given so many answers: draws as many pairs again, with repetition, many times over, and takes
 * the middle `level` of the figures (percentile bootstrap; Efron & Tibshirani 1993, chapter 13). Draws that leave the
 * metric undefined are left out.
 *
 * Time is `samples` times that of the metric. Answers of one learner or to one question are taken as independent; where
 * they are not, the true interval is wider.
 *
 * @param metric Any function of pairs. It must not keep the array, which is reused.
 * @param pairs What the metric is computed from.
 * @param options Number of draws, seed and level.
 * @returns The interval; `undefined` where the metric is undefined for the pairs themselves or for every draw.
 * @throws {GradingOptionsError} for options outside their ranges, and whatever the metric throws.
 *
 * @example
 * ```ts
 * import { accuracy, bootstrapInterval } from 'gradelanes/evaluate';
 *
 * const pairs = Array.from({ length: 100 }, (_, index) => ({ expected: true, actual: index % 5 !== 0 }));
 * const interval = bootstrapInterval(accuracy, pairs, { seed: 7 });
 * console.log(accuracy(pairs), interval !== undefined && interval.lower < 0.8 && interval.upper > 0.8); // 0.8 true
 * ```
 */
export function bootstrapInterval<Pair>(
  metric: Metric<Pair>,
  pairs: readonly Pair[],
  options: BootstrapOptions = {},
): BootstrapInterval | undefined {
  const bootstrap = resolveBootstrap(options);
  if (metric(pairs) === undefined) return undefined;
  return percentileInterval(drawnValues(metric, pairs, bootstrap), bootstrap.level);
}

function drawnValues<Pair>(
  metric: Metric<Pair>,
  pairs: readonly Pair[],
  { samples, seed }: ResolvedBootstrap,
): readonly number[] {
  const random = seededRandom(seed);
  const drawn = [...pairs];
  const values: number[] = [];
  for (let sample = 0; sample < samples; sample += 1) {
    for (let index = 0; index < drawn.length; index += 1) {
      // As it is: the position is within the pairs.
      drawn[index] = pairs[Math.floor(random() * pairs.length)] as Pair;
    }
    const value = metric(drawn);
    if (value !== undefined) values.push(value);
  }
  return values;
}

/** Where a figure would lie for other answers of the same kind. */
export interface BootstrapInterval {
  lower: number;
  upper: number;
  level: number;
  /** How many draws defined the metric. */
  samples: number;
}

/** The middle `level` of drawn figures; `undefined` where there are none. */
export function percentileInterval(drawn: readonly number[], level: number): BootstrapInterval | undefined {
  if (drawn.length === 0) return undefined;
  const sorted = Float64Array.from(drawn).toSorted();
  const lower = quantile(sorted, (1 - level) / 2);
  const upper = quantile(sorted, (1 + level) / 2);
  return { lower, upper, level, samples: drawn.length };
}

/** With linear interpolation between neighbours (type 7 of Hyndman & Fan 1996). */
function quantile(sorted: Float64Array, share: number): number {
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (position - below);
}

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

/**
 * Numbers from 0 to below 1 that are the same for the same seed on every platform. mulberry32 by Tommy Ettinger (2017,
 * public domain).
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
