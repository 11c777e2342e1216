import type { Question } from 'gradelanes';
import { inspectAnswer } from '../../src/grading/guards/detect-manipulation.js';
import { markingTalk } from '../../src/grading/guards/marking-talk.js';

/** The names of the patterns that the guards find in an answer. */
export function detectManipulation(text: string, question?: Question): readonly string[] {
  return inspectAnswer(text, markingTalk, question).patterns;
}
