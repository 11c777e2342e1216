import type { Json } from './cassette.js';

/** The API keys of well-known vendors (OpenAI and its like, GitHub, Google, AWS, Hugging Face, Slack), tokens and JWTs. */
const SECRETS =
  /\b(?:(?:sk|pk|rk|gsk|xai|gh[opsur]|xox[abeprs])[-_][\w-]{16,}|github_pat_\w{16,}|hf_\w{16,}|AIza[\w-]{16,}|A(?:KIA|SIA)[A-Z\d]{16}\b|Bearer [\w.~+/=-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/g;

/** Replaces the random keys of a call by `<key 1>`, `<key 2>`, ... and whatever looks like a secret by `<secret>`. */
export function conceal(value: unknown, keys: readonly string[], redact: (text: string) => string): Json {
  const placeholders = keys.map((key, index) => [key, `<key ${index + 1}>`] as const);
  // The longest first, since one key may be the beginning of another.
  const longestFirst = placeholders.toSorted(([first], [second]) => second.length - first.length);
  return mapTexts(value, (text) =>
    concealSecrets(
      longestFirst.reduce((rest, [key, placeholder]) => rest.replaceAll(key, placeholder), text),
      redact,
    ),
  );
}

export function concealSecrets(text: string, redact: (text: string) => string): string {
  return redact(text).replace(SECRETS, '<secret>');
}

/** Puts the keys of the present call where those of the recorded one were. */
export function reveal(value: Json, keys: readonly string[]): Json {
  return mapTexts(value, (text) =>
    text.replace(/<key (\d+)>/g, (placeholder, position) => keys[Number(position) - 1] ?? placeholder),
  );
}

function mapTexts(value: unknown, change: (text: string) => string): Json {
  return JSON.parse(JSON.stringify(value), (_, each: Json) => (typeof each === 'string' ? change(each) : each)) as Json;
}
