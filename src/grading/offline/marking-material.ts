import { criterionPoints } from '../../contract/criterion-scale.js';
import type { ClozeBlank, Question, RubricCriterion } from '../../contract/question.js';
import { maximumOf } from '../marks/score.js';

/** A text that an answer is compared with, and the share of full marks that it is worth. */
export interface ModelAnswer {
  text: string;
  fraction: number;
}

/** What an answer, or one line of it, is compared with. */
export interface MaterialPart {
  weight: number;
  /** At least one is worth marks. */
  modelAnswers: readonly ModelAnswer[];
}

/** Where the texts to compare with came from. */
export type MaterialSource = 'references' | 'examples' | 'rubric' | 'options' | 'number' | 'blanks';

/** Whether the texts are the key of an objective question rather than prose. */
export function isKey(source: MaterialSource): boolean {
  return source === 'options' || source === 'number' || source === 'blanks';
}

/** All that an answer to a question can be compared with. */
export interface MarkingMaterial {
  source: MaterialSource;
  parts: readonly MaterialPart[];
  /** Every part is compared with its own line of the answer, not with the whole. */
  isLineByLine: boolean;
  allOrNothing: boolean;
}

const NOTHING_TO_COMPARE =
  'the offline grader needs a reference answer (or a key, graded examples or a rubric) to compare with';
const NO_SEQUENCES =
  'the offline grader compares words and cannot judge which options were chosen, ordered or matched: grade this by rule';

/** Finds what to compare answers with, or says why there is nothing. */
export function markingMaterial(question: Question): MarkingMaterial | string {
  const kind = question.kind ?? 'short_answer';
  if (kind === 'multiple_select' || kind === 'ordering' || kind === 'matching') return NO_SEQUENCES;
  return keyMaterial(question) ?? textMaterial(question) ?? NOTHING_TO_COMPARE;
}

function keyMaterial(question: Question): MarkingMaterial | undefined {
  if (question.kind === 'multiple_choice') return onePart('options', optionAnswers(question.choices, keyOf(question)));
  if (question.kind === 'true_false') return onePart('options', statementAnswers(question.correctAnswer));
  if (question.kind === 'numeric') {
    const { value, unit = '' } = question.numeric;
    return onePart('number', [{ text: `${value} ${unit}`, fraction: 1 }]);
  }
  return question.kind === 'cloze' ? blankMaterial(question.blanks, question.scoring) : undefined;
}

function textMaterial(question: Question): MarkingMaterial | undefined {
  const references = referenceAnswers(question);
  const examples = gradedExamples(question);
  return (
    onePart('references', references) ?? onePart('examples', [...references, ...examples]) ?? rubricMaterial(question)
  );
}

function onePart(source: MaterialSource, modelAnswers: readonly ModelAnswer[]): MarkingMaterial | undefined {
  const usable = modelAnswers.filter(({ text }) => text.trim() !== '');
  if (!usable.some(({ fraction }) => fraction > 0)) return undefined;
  return { source, parts: [{ weight: 1, modelAnswers: usable }], isLineByLine: false, allOrNothing: false };
}

function referenceAnswers({ referenceAnswers: references = [] }: Question): readonly ModelAnswer[] {
  return references.map((reference) =>
    typeof reference === 'string'
      ? { text: reference, fraction: 1 }
      : { text: reference.text, fraction: reference.fraction ?? 1 },
  );
}

/** Answers that the teacher has marked, with the share of full marks of each. */
export function gradedExamples(question: Question): readonly ModelAnswer[] {
  const maximum = maximumOf(question);
  return (question.examples ?? []).map(({ answer, score }) => ({
    text: answer,
    fraction: maximum > 0 ? Math.min(1, Math.max(0, score / maximum)) : 0,
  }));
}

/** Criteria that cost marks describe faults, which shared words cannot show; they are left out. */
function rubricMaterial({ rubric }: Question): MarkingMaterial | undefined {
  const parts = (rubric?.criteria ?? [])
    .map((criterion) => ({
      weight: criterionPoints(criterion),
      modelAnswers: [{ text: criterionText(criterion), fraction: 1 }],
    }))
    .filter(({ weight, modelAnswers }) => weight > 0 && modelAnswers[0]?.text.trim() !== '');
  return parts.length === 0 ? undefined : { source: 'rubric', parts, isLineByLine: false, allOrNothing: false };
}

/** A criterion at its best: its description, that of its highest level, and what it counts. */
function criterionText(criterion: RubricCriterion): string {
  const { description, levels = [], keyPoints = [] } = criterion;
  const best = levels.find(({ points }) => points === criterionPoints(criterion));
  return [description, ...(best === undefined ? [] : [best.description]), ...keyPoints].join(' ');
}

function keyOf(question: Extract<Question, { kind: 'multiple_choice' }>): ReadonlySet<number> {
  if (question.correctChoices !== undefined) return new Set(question.correctChoices);
  const references = new Set(referenceAnswers(question).map(({ text }) => text));
  return new Set(question.choices.flatMap((choice, index) => (references.has(choice) ? [index] : [])));
}

function optionAnswers(choices: readonly string[], key: ReadonlySet<number>): readonly ModelAnswer[] {
  return choices.map((text, index) => ({ text, fraction: key.has(index) ? 1 : 0 }));
}

function statementAnswers(isTrue: boolean): readonly ModelAnswer[] {
  const [right, wrong] = isTrue ? [1, 0] : [0, 1];
  return [
    ...['true', 'yes', 'not false'].map((text) => ({ text, fraction: right })),
    ...['false', 'no', 'not true'].map((text) => ({ text, fraction: wrong })),
  ];
}

function blankMaterial(
  blanks: readonly ClozeBlank[],
  scoring: 'partial' | 'all_or_nothing' = 'partial',
): MarkingMaterial | undefined {
  const parts = blanks.map(({ accept, points = 1 }) => ({
    weight: points,
    modelAnswers: accept.filter((text) => text.trim() !== '').map((text) => ({ text, fraction: 1 })),
  }));
  if (parts.length === 0 || parts.some(({ modelAnswers }) => modelAnswers.length === 0)) return undefined;
  return { source: 'blanks', parts, isLineByLine: parts.length > 1, allOrNothing: scoring === 'all_or_nothing' };
}
