/** A text of several lines as a list of them: readable in a file and in its diff. */
export function toLines(text: string): string | readonly string[] {
  return text.includes('\n') ? text.split('\n') : text;
}
