/** A rule on one field: its name, whether it is kept, and what it says. */
export type Rule<Subject> = readonly [field: keyof Subject & string, isKept: boolean, rule: string];

/** One sentence per rule that is broken, with what the field holds. */
export function brokenRules<Subject extends object>(
  subject: Subject,
  place: string,
  rules: readonly Rule<Subject>[],
): readonly string[] {
  return rules
    .filter(([, isKept]) => !isKept)
    .map(([field, , rule]) => `${place}.${field} must be ${rule}: received ${JSON.stringify(subject[field])}`);
}

/** Scores are rounded to 1e-6, and sums of them are off by as much per term. */
const TOLERANCE = 1.5e-6;

/** Whether two numbers are the same but for rounding. `terms` of it went into them. */
export function isAbout(received: number, expected: number, terms = 1): boolean {
  return Math.abs(received - expected) <= TOLERANCE * terms * Math.max(1, Math.abs(expected));
}
