import { GradingOptionsError } from '../contract/errors.js';
import type { Metric } from './pairs.js';
import type { Interval } from './statistics/distributions.js';
import { resample, singleUnits, tailOf, type Unit } from './statistics/resample.js';

/**
 * How sure a figure is, given so many answers: draws as many pairs again, with repetition, many times over, and takes
 * the middle `level` of the figures (percentile bootstrap; Efron & Tibshirani 1993, chapter 13), a little more for few pairs
 * (expanded percentile interval; Hesterberg 2015). Draws that leave the metric undefined are left out.
 *
 * Time is `samples` times that of the metric. Pairs are taken as independent; where answers belong together, to one
 * question or one learner, the true interval is wider. {@link evaluateGrader} draws whole questions.
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
  return intervalOverUnits(metric, pairs, singleUnits(pairs.length), bootstrap);
}

/** {@link bootstrapInterval} that draws units of pairs. */
export function intervalOverUnits<Pair>(
  metric: Metric<Pair>,
  pairs: readonly Pair[],
  units: readonly Unit[],
  { samples, seed, level }: ResolvedBootstrap,
): BootstrapInterval | undefined {
  const values: number[] = [];
  const drawn: Pair[] = [];
  for (const positions of resample(units, samples, seed)) {
    drawn.length = positions.length;
    // As it is: every position is within the pairs.
    for (let index = 0; index < positions.length; index += 1) drawn[index] = pairs[positions[index] ?? 0] as Pair;
    const value = metric(drawn);
    if (value !== undefined) values.push(value);
  }
  return percentileInterval(values, level, units.length);
}

/** Where a figure would lie for other answers of the same kind. */
export interface BootstrapInterval extends Interval {
  /** How many draws defined the metric. */
  samples: number;
}

/** The middle `level` of figures that so many units were drawn for; `undefined` where there are none. */
export function percentileInterval(
  drawn: readonly number[],
  level: number,
  unitCount: number,
): BootstrapInterval | undefined {
  if (drawn.length === 0) return undefined;
  const sorted = Float64Array.from(drawn).toSorted();
  const tail = tailOf(level, unitCount);
  return { lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail), level, samples: drawn.length };
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
