const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** 36^6 keys, about 31 bits: a learner's text cannot guess the key of a call. */
const KEY_LENGTH = 6;

/** Different random keys for the items of one call, a letter first. */
export function itemKeys(count: number, random: () => number): readonly string[] {
  const keys = new Set<string>();
  while (keys.size < count) {
    const key = randomKey(random);
    // A stuck random source must not hang the run.
    keys.add(keys.has(key) ? `${key}${keys.size}` : key);
  }
  return [...keys];
}

function randomKey(random: () => number): string {
  let key = '';
  for (let position = 0; position < KEY_LENGTH; position++) {
    const letters = position === 0 ? 26 : ALPHABET.length;
    key += ALPHABET[Math.floor(random() * letters) % letters] ?? 'a';
  }
  return key;
}
