const MODEL = /(opus|sonnet|haiku|fable|mythos)-(\d+)(?:-(\d)(?!\d))?/;

/** Models before generation 5, by family and version; from the vendor's page on prompt caching. */
const OLDER: Readonly<Record<string, number>> = {
  'opus-4': 1_024,
  'opus-4-1': 1_024,
  'opus-4-8': 1_024,
  'sonnet-4': 1_024,
  'sonnet-4-5': 1_024,
  // Found to cache from here on only.
  'sonnet-4-6': 2_048,
  'opus-4-7': 2_048,
};

/** From generation 5 on, whatever the family and minor version; newer models are taken to ask for no more. */
const TOKENS_FROM_GENERATION_5 = 512;
/** The one exception: Sonnet 5 itself, not 5.5. */
const TOKENS_OF_SONNET_5 = 1_024;
/** The most that any model is known to ask for. */
const TOKENS_OF_OTHERS = 4_096;

/**
 * The prompt cache's threshold: from how many tokens on it takes the beginning of a prompt. Shorter ones are not cached,
 * silently. A rule and not a table of all models, so that the next ones need no release of this library.
 */
export function cachedPrefixTokens(model: string): number {
  const [, family, generation = '0', minor] = MODEL.exec(model) ?? [];
  if (Number(generation) < 5) {
    const version = minor === undefined ? generation : `${generation}-${minor}`;
    return OLDER[`${family}-${version}`] ?? TOKENS_OF_OTHERS;
  }
  const isSonnet5 = family === 'sonnet' && generation === '5' && minor === undefined;
  return isSonnet5 ? TOKENS_OF_SONNET_5 : TOKENS_FROM_GENERATION_5;
}
