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
