import { CUE_WORDS, type Cue, type CueWords } from './cue-words.js';

/** A sentence, or as many of its words as go into 80 characters: what stands further apart is not about the same. */
const SENTENCE = /[^\n.!?\u3002\uff01\uff1f]{1,80}(?![^\s.!?\u3002\uff01\uff1f])|[^\n.!?\u3002\uff01\uff1f]{1,80}/g;

/** As much as one word of the language of marking. */
export const A_STRONG_WORD = 3;

const CUES = CUE_WORDS.map((entry) => ({ ...entry, pattern: patternFor(entry) }));

/**
 * How much a text, in plain letters, talks about its own marking: in the sentence that does so most, the sum over all
 * cues of their strongest word. One word accuses nobody.
 */
export function markingTalk(text: string): number {
  const sentences = text.match(SENTENCE) ?? [];
  return sentences.reduce((most, sentence) => Math.max(most, talkIn(sentence)), 0);
}

function talkIn(sentence: string): number {
  const strengths = new Map<Cue, number>();
  for (const { cue, strength, pattern } of CUES) {
    if (!strengths.has(cue) && pattern.test(sentence)) strengths.set(cue, strength);
  }
  return [...strengths.values()].reduce((sum, strength) => sum + strength, 0);
}

function patternFor({ words, unspaced }: CueWords): RegExp {
  const spaced = String.raw`(?<![\p{L}\p{N}])(?:${words})`;
  return new RegExp(unspaced === undefined ? spaced : `${spaced}|${unspaced}`, 'u');
}
