import { gradeLocally, type LocalFinding, type LocalGrade } from '../../grading/rules/grade-locally.js';
import { resolveLocalGrading } from '../../input/resolve-options.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { AnswerToGrade } from '../../contract/question.js';

/**
 * Short cut without a model: decides an answer where a rule can. A question's own switches override the run's. A rule
 * that throws leaves the answer to the model, so that a fault of ours costs a call and no answer.
 */
export function decideLocally(
  { question, answer }: AnswerToGrade,
  { localGrading }: ResolvedOptions,
): LocalGrade | LocalFinding | undefined {
  const switches =
    question.localGrading === undefined ? localGrading : resolveLocalGrading(localGrading, question.localGrading);
  if (!switches.rules && !switches.exactMatch && !switches.blank) return undefined;
  try {
    return gradeLocally(question, answer, switches);
  } catch {
    return undefined;
  }
}
