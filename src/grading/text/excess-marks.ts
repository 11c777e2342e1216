/** Normalising sorts combining marks in quadratic time. Unicode's stream-safe format stops at 30 in a row, so do we. */
const EXCESS_MARKS = /([\p{M}\uff9e\uff9f]{30})[\p{M}\uff9e\uff9f]+/gu;

/** A text without the marks that no writing piles up so high. */
export function withoutExcessMarks(text: string): string {
  return text.replace(EXCESS_MARKS, '$1');
}
