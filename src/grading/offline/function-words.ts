/**
 * English words that say little about what an answer claims. Words that can turn a claim round stay out: negations,
 * quantities and comparisons.
 */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  [
    'a about above after again also although am an and any are as at be became because become becomes been before being',
    'below between but by can could did do does doing down during each either else ever every for from further get gets',
    'getting got had has have having he her here hers herself him himself his how however i if in into is it its itself',
    'just let like may me might mine must my myself neither of off on once one ones onto or our ours ourselves out over',
    'own per quite rather really s she should since so some such than that the their theirs them themselves then there',
    'therefore these they thing things this those though through thus to too under until up upon us very was we were',
    'what when where whether which while who whom whose why will with within would yes you your yours yourself',
  ].flatMap((line) => line.split(' ')),
);

const NEGATIONS: ReadonlySet<string> = new Set(
  'hardly neither never no nobody none nor not nothing nowhere without'.split(' '),
);

/** Whether a lower-case English word carries grammar rather than meaning. */
export function isFunctionWord(word: string): boolean {
  return FUNCTION_WORDS.has(word);
}

/** Whether a lower-case English word negates. */
export function isNegation(word: string): boolean {
  return NEGATIONS.has(word);
}
