/** Scores are rounded to 1e-6, and sums of them are off by as much per term. */
const TOLERANCE = 1.5e-6;

/** Whether two numbers are the same but for rounding. `terms` of it went into them. */
export function isAbout(received: number, expected: number, terms = 1): boolean {
  return Math.abs(received - expected) <= TOLERANCE * terms * Math.max(1, Math.abs(expected));
}
