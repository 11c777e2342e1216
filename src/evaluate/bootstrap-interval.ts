import type { Metric } from './metric.js';
import { percentileInterval, type BootstrapInterval } from './percentile-interval.js';
import { resolveBootstrap, type BootstrapOptions, type ResolvedBootstrap } from './resolve-bootstrap.js';
import { seededRandom } from './seeded-random.js';

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
