import { CUE_WORDS, type CueWords } from './cue-words.js';
import { possibleMatches } from './possible-matches.js';

/** A sentence, or as many of its words as go into 80 characters: what stands further apart is not about the same. */
const SENTENCE = /[^\n.!?\u3002\uff01\uff1f]{1,80}(?![^\s.!?\u3002\uff01\uff1f])|[^\n.!?\u3002\uff01\uff1f]{1,80}/g;

/** By cue, the strongest first; each with its bit among all that a text may match. */
const ENTRIES = CUE_WORDS.map((entry, index) => ({ ...entry, bit: 1 << index, pattern: patternFor(entry) }));
// Not Map.groupBy: a Node without it hears so from the root entry, which runs after this.
const CUES = [...new Set(ENTRIES.map(({ cue }) => cue))].map((cue) => ENTRIES.filter((entry) => entry.cue === cue));
const possibleCues = possibleMatches(CUE_WORDS.map(({ words }) => words));

/** See {@link markingTalk}. */
export type MarkingTalk = typeof markingTalk;

/**
 * How much a text, in plain letters, talks about its own marking: in the sentence that does so most, the sum over all
 * cues of their strongest word. One word accuses nobody.
 */
export function markingTalk(text: string): number {
  const possible = possibleCues(text);
  if (possible === 0) return 0;
  const sentences = text.match(SENTENCE) ?? [];
  return sentences.reduce((most, sentence) => Math.max(most, talkIn(sentence, possible)), 0);
}

/** Things that a text about marking names as well; without one who does or is asked for something they demand nothing. */
const TOPICS: ReadonlySet<string> = new Set(['answer', 'marks', 'material', 'right', 'top']);
/** What talk about topics alone comes to at most: it accuses nobody. */
const MOST_TALK_OF_TOPICS = 4;

/** The strongest words of each cue. */
function talkIn(sentence: string, possible: number): number {
  let talk = 0;
  let isDemand = false;
  for (const words of CUES) {
    const found = words.find(({ bit, pattern }) => (possible & bit) !== 0 && pattern.test(sentence));
    talk += found?.strength ?? 0;
    isDemand ||= found !== undefined && !TOPICS.has(found.cue);
  }
  return isDemand ? talk : Math.min(talk, MOST_TALK_OF_TOPICS);
}

function patternFor({ words, unspaced }: CueWords): RegExp {
  const spaced = String.raw`(?<![\p{L}\p{N}])(?:${words})`;
  return new RegExp(unspaced === undefined ? spaced : `${spaced}|${unspaced}`, 'u');
}
