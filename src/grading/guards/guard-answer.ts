import type { Question } from '../../contract/question.js';
import { DEFAULT_MAX_ANSWER_CHARACTERS } from '../../contract/question.js';
import { cleanText } from './clean-text.js';
import { inspectAnswer } from './detect-manipulation.js';
import type { MarkingTalk } from './marking-talk.js';

/** As much talk as one word of the language of marking. */
export const A_STRONG_WORD = 3;

/** A learner's answer, ready to be asked about. */
export interface GuardedAnswer {
  /** The model's copy; the learner's own text stays as it is. */
  text: string;
  /** `manipulation` and the patterns behind it, `hidden_characters`, `answer_truncated` */
  flags: readonly string[];
  /** It may try to move marks, its own or others': it shares no prompt with other answers. */
  isSuspicious: boolean;
  /** It has a word of the language of marking: no finding, but the second opinion weighs more. */
  mentionsMarking: boolean;
}

/**
 * Prepares an answer before a model reads it. It never changes a mark.
 *
 * @param markingTalk Handed in: it is a chunk of its own.
 */
export function guardAnswer(
  question: Question,
  answer: string,
  markingTalk: MarkingTalk,
  maxCharacters: number = DEFAULT_MAX_ANSWER_CHARACTERS,
): GuardedAnswer {
  const { patterns, talk, cleaned } = inspectAnswer(answer, markingTalk, question);
  const { text, flags } = cleaned.text.length <= maxCharacters ? cleaned : cleanText(answer, maxCharacters);
  const isSuspicious = patterns.length > 0;
  return {
    text,
    flags: [...(isSuspicious ? ['manipulation', ...patterns] : []), ...flags],
    isSuspicious,
    mentionsMarking: talk >= A_STRONG_WORD,
  };
}
