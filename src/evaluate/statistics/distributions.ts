// Distributions that intervals and tests are made of, to about 1e-10: nothing here is random.

/** Lanczos approximation (1964) with the coefficients of Godfrey (2001), g = 7. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** The logarithm of the gamma function, for arguments above 0. */
function logGamma(value: number): number {
  const shifted = value - 1;
  const sum = LANCZOS.reduce((total, each, index) => total + (index === 0 ? each : each / (shifted + index)), 0);
  const base = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** More terms than any argument here needs: the fraction converges within about the square root of a + b. */
const MOST_TERMS = 10_000;

/** The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8), by Lentz's method (1976). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  const awayFromZero = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let numerator = 1;
  let denominator = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let fraction = denominator;
  for (let term = 1; term <= MOST_TERMS; term += 1) {
    const even = (term * (b - term) * x) / ((a + 2 * term - 1) * (a + 2 * term));
    denominator = 1 / awayFromZero(1 + even * denominator);
    numerator = awayFromZero(1 + even / numerator);
    fraction *= denominator * numerator;
    const odd = (-(a + term) * (a + b + term) * x) / ((a + 2 * term) * (a + 2 * term + 1));
    denominator = 1 / awayFromZero(1 + odd * denominator);
    numerator = awayFromZero(1 + odd / numerator);
    const step = denominator * numerator;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-14) break;
  }
  return fraction;
}

/** The regularised incomplete beta function: the chance that a Beta(a, b) variable is at most `x`. */
export function betaChance(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFactor = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x);
  const factor = Math.exp(logFactor);
  return x < (a + 1) / (a + b + 2)
    ? (factor * betaFraction(a, b, x)) / a
    : 1 - (factor * betaFraction(b, a, 1 - x)) / b;
}

/** The chance of at most `successes` in `trials`; both may be fractions, as effective counts are. */
export function binomialChance(successes: number, trials: number, rate: number): number {
  if (successes < 0) return 0;
  if (successes >= trials) return 1;
  return 1 - betaChance(rate, successes + 1, trials - successes);
}

/**
 * The highest rate that is not ruled out by so few successes: the one-sided exact bound of Clopper and Pearson (1934).
 */
export function binomialUpperBound(successes: number, trials: number, certainty: number): number {
  if (successes >= trials) return 1;
  return solve((rate) => 1 - certainty - binomialChance(successes, trials, rate), 0, 1);
}

/** The point between two bounds at which a rising function is 0, by bisection. */
function solve(rising: (value: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  // Halving 100 times reaches the last bit of any double.
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The chance that a Student variable with so many degrees of freedom is at most `value`. */
function studentChance(value: number, freedom: number): number {
  const tail = betaChance(freedom / (freedom + value * value), freedom / 2, 0.5) / 2;
  return value < 0 ? tail : 1 - tail;
}

/** The value that a Student variable stays below with this chance, 0..1. */
export function studentQuantile(chance: number, freedom: number): number {
  return solve((value) => studentChance(value, freedom) - chance, -1_000, 1_000);
}

/** The chance that a standard normal variable is at most `value`: a Student variable with freedom beyond measure. */
export function normalChance(value: number): number {
  return studentChance(value, 1e9);
}

/** The value that a standard normal variable stays below with this chance, 0..1. */
export function normalQuantile(chance: number): number {
  return solve((value) => normalChance(value) - chance, -40, 40);
}

/** A range that a figure most likely lies in. */
export interface Interval {
  lower: number;
  upper: number;
  /** How likely, 0..1. */
  level: number;
}

/**
 * The interval of Wilson (1927) for a share: unlike the bootstrap's it stays wide where all or none agree, so that 8 of 8
 * is 0.68 to 1. `undefined` without trials.
 */
export function wilsonInterval(successes: number, trials: number, level: number): Interval | undefined {
  if (trials <= 0) return undefined;
  const z = normalQuantile((1 + level) / 2);
  const share = successes / trials;
  const middle = (share + z ** 2 / (2 * trials)) / (1 + z ** 2 / trials);
  const half = (z / (1 + z ** 2 / trials)) * Math.sqrt((share * (1 - share)) / trials + z ** 2 / (4 * trials ** 2));
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half), level };
}
