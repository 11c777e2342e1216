/**
 * One line of at most `width` characters. Graders quote learners, and learners can write anything: characters that move
 * the cursor, hide or reverse text never reach the terminal.
 */
export function fitText(text: string, width: number): string {
  const visible = text
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  const characters = Array.from(new Intl.Segmenter().segment(visible), ({ segment }) => segment);
  if (characters.length <= width) return visible;
  const kept = characters.slice(0, Math.max(0, width - 1)).join('');
  return `${kept.trimEnd()}…`;
}
