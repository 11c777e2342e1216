import { gradeLocally, type LocalFinding, type LocalGrade } from '../../grading/rules/grade-locally.js';
import { resolveLocalGrading } from '../../input/resolve-options.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import type { AnswerToGrade } from '../../contract/question.js';

/** Decides an answer without a model where a rule can. A rule that throws leaves the answer to the model. */
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
