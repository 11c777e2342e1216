import { hashGradeKey } from '../engine/reuse/grade-key.js';

/** A key that neither learners nor sessions share, of a length that every store takes. */
export async function recordKey(...parts: readonly (string | undefined)[]): Promise<string> {
  return digest(JSON.stringify(['gradelanes', 1, ...parts]));
}

/** A hash of a text, which does not give it away. */
export async function digest(text: string): Promise<string> {
  return hashGradeKey(text);
}
