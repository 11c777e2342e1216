import type { Question } from '../../contract/question.js';
import { isAscii } from '../text/is-ascii.js';

/**
 * How a text is cut up for comparison: `words` for prose in Latin letters, `characters` (overlapping groups of two or
 * three) for other scripts, `symbols` for code and wherever case matters.
 */
export type TextProfile = 'words' | 'characters' | 'symbols';

/** The profile that suits a question and the texts its answers are compared with. */
export function textProfile(question: Question, modelTexts: readonly string[]): TextProfile {
  if (question.kind === 'code' || question.caseSensitive === true) return 'symbols';
  return isMostlyLatin(modelTexts.join(' ')) ? 'words' : 'characters';
}

function isMostlyLatin(text: string): boolean {
  if (isAscii(text)) return true;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return latin * 2 >= letters;
}
