import { TOP_LEVEL } from '../../contract/criterion-scale.js';

/** A criterion as a prompt shows it. */
export interface PromptCriterion {
  /** It costs marks where it is met. */
  readonly isFault: boolean;
  /** The highest level that a reply may give it. */
  readonly topLevel: number;
}

const QUESTION = /^Question(?: (\d+))?: /;
const CRITERION = /^Criterion \d+: /;
const FAULT = /(?<!\\)" \(a fault that costs [^"]*\)(?:$|; level)/;
const COUNTED = /(?:(?<!\\)"|\)); level = how many of these, at most (\d+): /;
const LEVEL = /^- level (\d+): /;
const WHOLE: PromptCriterion = { isFault: false, topLevel: TOP_LEVEL };

/**
 * Reads back from a prompt which levels its reply must hold, as a model would: for each question by its number (`''` for
 * the only one) its criteria, or one for the whole answer. Learners' texts stand in frames, whose lines begin otherwise.
 */
export function criteriaInPrompt(system: string, prompt: string): ReadonlyMap<string, readonly PromptCriterion[]> {
  const found = new Map<string, PromptCriterion[]>();
  let current: PromptCriterion[] = [];
  for (const line of `${system}\n${prompt}`.split('\n')) {
    const question = QUESTION.exec(line);
    if (question !== null) found.set(question[1] ?? '', (current = []));
    if (CRITERION.test(line)) current.push(criterionIn(line));
    const level = LEVEL.exec(line)?.[1];
    const last = current.pop();
    if (last !== undefined) current.push(level === undefined ? last : { ...last, topLevel: Number(level) });
  }
  return new Map([...found].map(([number, criteria]) => [number, criteria.length === 0 ? [WHOLE] : criteria]));
}

function criterionIn(line: string): PromptCriterion {
  const counted = COUNTED.exec(line)?.[1];
  return { isFault: FAULT.test(line), topLevel: counted === undefined ? TOP_LEVEL : Number(counted) };
}
