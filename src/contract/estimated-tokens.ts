const CHARACTERS_PER_TOKEN = 4;

/** About how many tokens a text of so many characters has; what is not English has more. */
export function estimatedTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
