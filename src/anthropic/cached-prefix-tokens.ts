const MODEL = /(opus|sonnet|haiku|fable|mythos)-(\d+(?:-\d(?!\d))?)/;

/**
 * Shorter beginnings of a prompt are not cached, silently. From the vendor's documentation, except that Sonnet 4.6 was
 * found to cache from 2,048 tokens only.
 */
const TOKENS: Readonly<Record<string, number>> = {
  'opus-5': 512,
  'fable-5': 512,
  'mythos-5': 512,
  'opus-4': 1_024,
  'opus-4-1': 1_024,
  'opus-4-8': 1_024,
  'sonnet-4': 1_024,
  'sonnet-4-5': 1_024,
  'sonnet-5': 1_024,
  'sonnet-4-6': 2_048,
  'opus-4-7': 2_048,
};

/** The most that any model is known to ask for. */
const TOKENS_OF_OTHERS = 4_096;

/** From how many tokens on a model's prompt cache takes the beginning of a prompt. */
export function cachedPrefixTokens(model: string): number {
  const [, family, version] = MODEL.exec(model) ?? [];
  return TOKENS[`${family}-${version}`] ?? TOKENS_OF_OTHERS;
}
