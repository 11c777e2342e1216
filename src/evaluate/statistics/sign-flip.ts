import { seededRandom } from '../../contract/seeded-random.js';

/** Random signs where exact counting is out of reach: the smallest chance that is told apart is 1 in 10,000. */
const DRAWS = 9_999;

/**
 * The chance of differences that add up to at least as much, either way, if nothing but luck decided their signs (Fisher's
 * randomisation test, two-sided). Whole numbers are counted exactly; with differences of 1 this is McNemar's exact test
 * (1947). Others are drawn, with the same outcome for the same seed.
 */
export function signFlipChance(differences: readonly number[], seed: number): number {
  const sizes = differences.filter((difference) => difference !== 0).map(Math.abs);
  const observed = Math.abs(differences.reduce((sum, difference) => sum + difference, 0));
  if (sizes.length === 0) return 1;
  return sizes.every(Number.isInteger) ? countedChance(sizes, observed) : drawnChance(sizes, observed, seed);
}

/** Convolution: the chance of every possible sum, one difference after the other. */
function countedChance(sizes: readonly number[], observed: number): number {
  const most = sizes.reduce((sum, size) => sum + size, 0);
  let chances = new Float64Array(2 * most + 1);
  chances[most] = 1;
  for (const size of sizes) {
    const next = new Float64Array(2 * most + 1);
    for (const [at, chance] of chances.entries()) {
      if (chance === 0) continue;
      next[at + size] = (next[at + size] ?? 0) + chance / 2;
      next[at - size] = (next[at - size] ?? 0) + chance / 2;
    }
    chances = next;
  }
  const extreme = chances.reduce((sum, chance, at) => (Math.abs(at - most) >= observed ? sum + chance : sum), 0);
  return Math.min(1, extreme);
}

function drawnChance(sizes: readonly number[], observed: number, seed: number): number {
  const random = seededRandom(seed);
  let extreme = 0;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const sum = sizes.reduce((total, size) => total + (random() < 0.5 ? size : -size), 0);
    if (Math.abs(sum) >= observed - 1e-9) extreme += 1;
  }
  return (extreme + 1) / (DRAWS + 1);
}
