import { stem } from './stem.js';

const PAIRS = [
  ...['above/below', 'absorb/release', 'acid/alkaline', 'add/subtract', 'always/never', 'ascending/descending'],
  ...[
    'attract/repel',
    'before/after',
    'begin/end',
    'big/small',
    'bigger/smaller',
    'cold/hot',
    'connected/disconnected',
  ],
  ...['contract/expand', 'decrease/increase', 'different/same', 'down/up', 'dry/wet', 'east/west', 'empty/full'],
  ...['endothermic/exothermic', 'even/odd', 'external/internal', 'fall/rise', 'false/true', 'fast/slow', 'first/last'],
  ...['faster/slower', 'gain/lose', 'hard/soft', 'harder/softer', 'heavier/lighter', 'heavy/light', 'high/low'],
  ...['higher/lower', 'hypertonic/hypotonic', 'inside/outside', 'large/small', 'larger/smaller', 'left/right'],
  ...['less/more', 'least/most', 'long/short', 'longer/shorter', 'maximum/minimum', 'negative/positive', 'north/south'],
  ...['open/closed', 'private/public', 'push/pull', 'right/wrong', 'strong/weak', 'stronger/weaker', 'thick/thin'],
  ...['thicker/thinner', 'top/bottom', 'valid/invalid', 'warm/cool', 'warmer/cooler'],
];

const OPPOSITES: ReadonlyMap<string, ReadonlySet<string>> = oppositesByStem();

/** The stems of the words that mean the opposite of a stem. */
export function antonymsOf(wordStem: string): ReadonlySet<string> {
  return OPPOSITES.get(wordStem) ?? new Set();
}

function oppositesByStem(): Map<string, Set<string>> {
  const opposites = new Map<string, Set<string>>();
  for (const pair of PAIRS) {
    const [left = '', right = ''] = pair.split('/').map(stem);
    opposites.set(left, new Set([...(opposites.get(left) ?? []), right]));
    opposites.set(right, new Set([...(opposites.get(right) ?? []), left]));
  }
  return opposites;
}
