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
