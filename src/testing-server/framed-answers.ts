import { TOP_LEVEL } from '../contract/criterion-scale.js';
import { criteriaInPrompt, type PromptCriterion } from '../grading/prompt/read-criteria.js';

/** A learner's answer as found in a prompt. */
export interface FramedAnswer {
  key: string;
  text: string;
  /** One per criterion of its question, in order; one in all without a rubric. */
  criteria: readonly PromptCriterion[];
}

const FRAME = /<answer\b([^>]{0,400})>\s*("(?:[^"\\]|\\.)*")\s*<\/answer>/g;
const KEY = /\bkey="([^"]*)"/;
const QUESTION_NUMBER = /\bquestion="(\d+)"/;
const WHOLE: readonly PromptCriterion[] = [{ isFault: false, topLevel: TOP_LEVEL }];

/**
 * The answers of this package's grading prompt: frames of the form `<answer key="K">"JSON string"</answer>`. The
 * criteria are those below the `Question n:` line that the frame's `question="n"` names, or below the only one.
 */
export function readFramedAnswers(system: string, prompt: string): readonly FramedAnswer[] {
  const criteria = criteriaInPrompt(system, prompt);
  return [...prompt.matchAll(FRAME)].map(([, attributes = '', text = '']) => ({
    key: KEY.exec(attributes)?.[1] ?? '',
    text: decode(text),
    criteria: criteria.get(QUESTION_NUMBER.exec(attributes)?.[1] ?? '') ?? WHOLE,
  }));
}

function decode(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
