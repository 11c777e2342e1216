import { seededRandom } from '../../contract/seeded-random.js';
import { normalChance, studentQuantile } from './distributions.js';

/** The positions of items that belong together and are drawn together. */
export type Unit = readonly number[];

/** Items as units: those of one name together, in the order in which the names come. */
export function unitsOf(names: readonly string[]): readonly Unit[] {
  const byName = new Map<string, number[]>();
  for (const [index, name] of names.entries()) {
    const unit = byName.get(name);
    if (unit === undefined) byName.set(name, [index]);
    else unit.push(index);
  }
  return [...byName.values()];
}

/** Every item as a unit of its own. */
export function singleUnits(count: number): readonly Unit[] {
  return Array.from({ length: count }, (_, index) => [index]);
}

/**
 * Draws as many units as there are, with repetition, `samples` times, and gives the positions of their items. The array
 * is reused: whoever keeps it copies it.
 */
export function* resample(units: readonly Unit[], samples: number, seed: number): Generator<Uint32Array> {
  const random = seededRandom(seed);
  const largest = units.reduce((most, unit) => Math.max(most, unit.length), 0);
  const positions = new Uint32Array(units.length * largest);
  for (let sample = 0; sample < samples; sample += 1) {
    let filled = 0;
    for (let draw = 0; draw < units.length; draw += 1) {
      const unit = units[Math.floor(random() * units.length)] ?? [];
      positions.set(unit, filled);
      filled += unit.length;
    }
    yield positions.subarray(0, filled);
  }
}

/**
 * How much of the drawn figures lies below an interval. Few units vary less among themselves than those that were not
 * drawn, so the interval reaches further out than its level says (expanded percentile interval: Hesterberg 2015, "What
 * Teachers Should Know About the Bootstrap", section 5.3).
 */
export function tailOf(level: number, unitCount: number): number {
  if (unitCount < 2) return (1 - level) / 2;
  const reach = Math.sqrt(unitCount / (unitCount - 1)) * studentQuantile((1 + level) / 2, unitCount - 1);
  return normalChance(-reach);
}
