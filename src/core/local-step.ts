import type { LocalFinding, LocalGrade } from '../grading/local-grading.js';
import { resolveLocalGrading, type ResolvedOptions } from './options.js';
import type { AnswerToGrade } from './question.js';

type GradeLocally = typeof import('../grading/local-grading.js').gradeLocally;

let loaded: GradeLocally | undefined;

/**
 * Loads the rules, a chunk of their own, before a run that may need them: so no answer waits for them, and runs go the
 * same way whether they were loaded before or not.
 */
export async function prepareRules({ localGrading: { rules, exactMatch, blank } }: ResolvedOptions): Promise<void> {
  // Rules that cannot be loaded are no reason to stop.
  if (rules || exactMatch || blank) await loadRules().catch(() => {});
}

/** Decides an answer without a model where a rule can. Waits only if just the question itself asks for rules. */
export function decideLocally(
  { question, answer }: AnswerToGrade,
  { localGrading }: ResolvedOptions,
): LocalGrade | LocalFinding | undefined | Promise<LocalGrade | LocalFinding | undefined> {
  const switches =
    question.localGrading === undefined ? localGrading : resolveLocalGrading(localGrading, question.localGrading);
  if (!switches.rules && !switches.exactMatch && !switches.blank) return undefined;
  return loaded === undefined ? loadAndDecide(question, answer, switches) : decide(loaded, question, answer, switches);
}

/** Rules that fail leave the answer to the model. */
function decide(
  gradeLocally: GradeLocally,
  ...parameters: Parameters<GradeLocally>
): ReturnType<GradeLocally> | undefined {
  try {
    return gradeLocally(...parameters);
  } catch {
    return undefined;
  }
}

/** So do rules that cannot be loaded. */
async function loadAndDecide(...parameters: Parameters<GradeLocally>): Promise<ReturnType<GradeLocally> | undefined> {
  try {
    return decide(await loadRules(), ...parameters);
  } catch {
    return undefined;
  }
}

async function loadRules(): Promise<GradeLocally> {
  const { gradeLocally } = await import('../grading/local-grading.js');
  loaded = gradeLocally;
  return gradeLocally;
}
