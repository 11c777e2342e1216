import type { GradingResult } from '../contract/result.js';
import { FEWEST_FOR_INTERVALS } from './agreement.js';
import type { HumanMark } from './marked-answers.js';

/** Fewer questions than this are no sample of a deck: their intervals are guesses. */
const FEWEST_QUESTIONS = 10;

/** Sentences about what makes the figures of an evaluation say less than they seem to. */
export function warningsAbout(
  humans: readonly HumanMark[],
  results: readonly GradingResult[],
  byQuestion: boolean,
  isFailureWrong: boolean,
): readonly string[] {
  const questions = new Set(humans.map(({ question }) => question)).size;
  const failed = results.filter(({ status }) => status === 'failed').length;
  const graded = humans.length - failed;
  return [
    humans.length === 0 && 'There are no answers: nothing was evaluated.',
    graded < FEWEST_FOR_INTERVALS && humans.length > 0 && `Only ${graded} graded answers: too few for intervals.`,
    byQuestion &&
      questions < FEWEST_QUESTIONS &&
      `Only ${questions} questions: intervals over fewer than ${FEWEST_QUESTIONS} questions are rough.`,
    !byQuestion &&
      questions < humans.length &&
      'Intervals take the answers to a question as independent: for other questions they are too narrow.',
    failed > 0 &&
      !isFailureWrong &&
      `${failed} of ${humans.length} answers were not graded: only the verdicts count them.`,
  ].filter((warning) => warning !== false);
}
