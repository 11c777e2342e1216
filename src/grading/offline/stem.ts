const VOWEL = /[aeiouy]/;
const DOUBLED_CONSONANT = /([^aeiouylsz])\1$/;
const DERIVATIONS = [
  ...['ational', 'ization', 'fulness', 'ousness', 'iveness', 'ation', 'ement', 'ator', 'ness', 'ment', 'able', 'ible'],
  ...['ance', 'ence', 'ity', 'ive', 'ize', 'ise', 'ous', 'ful', 'ion', 'ant', 'ent', 'ate', 'ial'],
  ...['al', 'at', 'er', 'or', 'ly', 'ic', 'y', 'e'],
];

/**
 * Cuts an English word down to a stem shared by its forms: "evaporates", "evaporating" and "evaporation" all become
 * "evap". A short relative of the suffix-stripping method of M. F. Porter (1980): plural, then verb ending, then at
 * most two derivations.
 */
export function stem(word: string): string {
  if (word.length < 4) return word;
  const verb = withoutVerbEnding(withoutPlural(word));
  return withoutDerivation(withoutDerivation(verb));
}

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (word.endsWith('sses')) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutVerbEnding(word: string): string {
  const ending = word.endsWith('ing') ? 3 : word.endsWith('ed') ? 2 : 0;
  const base = word.slice(0, word.length - ending);
  if (ending === 0 || base.length < 3 || !VOWEL.test(base)) return word;
  return DOUBLED_CONSONANT.test(base) ? base.slice(0, -1) : base;
}

function withoutDerivation(word: string): string {
  const suffix = DERIVATIONS.find((ending) => word.endsWith(ending) && leavesStem(word, ending));
  return suffix === undefined ? word : word.slice(0, -suffix.length);
}

function leavesStem(word: string, ending: string): boolean {
  return word.length - ending.length >= (ending.length === 1 ? 3 : 4);
}
