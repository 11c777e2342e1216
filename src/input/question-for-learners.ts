import type { Question, QuestionKind } from '../contract/question.js';

/** A question as a learner may see it: what is asked and what can be chosen, no key, reference, rubric or note. */
export interface LearnerQuestion {
  kind: QuestionKind;
  prompt: string;
  id?: string | undefined;
  /** Of `multiple_choice`, `multiple_select` and `ordering`: as the question lists them, so that indices stay right. */
  choices?: readonly string[] | undefined;
  /** Of `matching`: the left sides, in the question's order. */
  left?: readonly string[] | undefined;
  /** Of `matching`: the right sides, each once and in alphabetical order, which tells nothing of the pairs. */
  right?: readonly string[] | undefined;
  /** Of `cloze`: how many gaps there are. */
  blankCount?: number | undefined;
  /** Points for a perfect answer, where the question says. */
  scoreMaximum?: number | undefined;
  language?: string | undefined;
}

/**
 * Takes of a question what a learner may see, to send it to a page. Only what is named here gets out, so that a new field
 * never reaches a learner by accident. Beware of `ordering` questions whose `choices` are written down in the right
 * order: shuffle those when you write them (`correctOrder` says what is right).
 *
 * @param question A checked question.
 * @returns A new object without keys, references, rubric, examples, misconceptions, notes and material.
 *
 * @example
 * ```ts
 * import { questionForLearners } from 'gradelanes';
 *
 * const question = { kind: 'multiple_choice', prompt: 'Ice floats.', choices: ['yes', 'no'], correctChoices: [0] } as const;
 * console.log(questionForLearners(question)); // { kind: 'multiple_choice', prompt: 'Ice floats.', choices: ['yes', 'no'] }
 * ```
 */
export function questionForLearners(question: Question): LearnerQuestion {
  const { id, prompt, kind = 'short_answer', scoreMaximum, language } = question;
  return {
    kind,
    prompt,
    ...partsOf(question),
    ...(id !== undefined && { id }),
    ...(scoreMaximum !== undefined && { scoreMaximum }),
    ...(language !== undefined && { language }),
  };
}

function partsOf(question: Question): Pick<LearnerQuestion, 'choices' | 'left' | 'right' | 'blankCount'> {
  if (question.kind === 'matching') {
    const right = new Set(question.pairs.map(([, side]) => side));
    return { left: question.pairs.map(([side]) => side), right: [...right].toSorted() };
  }
  if (question.kind === 'cloze') return { blankCount: question.blanks.length };
  return 'choices' in question ? { choices: [...question.choices] } : {};
}
