const NOT_ASCII = /[^\0-\x7f]/;

/** Whether a text is all ASCII: no normal form changes it, and most answers are. */
export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}
