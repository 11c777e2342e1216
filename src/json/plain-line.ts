/** Controls, and what breaks a line: terminals and logs obey them. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * A text from outside as one line that can be shown and logged: without control characters, and cut where it is longer
 * than `most` UTF-16 units.
 */
export function plainLine(text: string, most: number): string {
  const line = text
    .slice(0, 2 * most)
    .replace(CONTROLS, ' ')
    .trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).toWellFormed()}…`;
}
