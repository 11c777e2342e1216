import type { GradingResult } from 'gradelanes';
import type { DeckAnswer } from '../deck.ts';

/** Below this confidence the demo asks a person to look. That is the demo's own policy; yours may differ. */
export const SURE_FROM = 0.6;

const PASSES_FROM = 0.5;

/** Whether a person should look at a result. */
export function isDoubtful(result: GradingResult): boolean {
  return result.status === 'failed' || result.needsReview || (result.confidence ?? 1) < SURE_FROM;
}

/** Whether the grade says right where the teacher said wrong, or the other way round. */
export function isUnlikeTeacher({ teacherMarks }: DeckAnswer, result: GradingResult | undefined): boolean {
  if (result?.status !== 'graded') return false;
  return result.isCorrect !== teacherMarks / result.scoreMaximum >= PASSES_FROM;
}
