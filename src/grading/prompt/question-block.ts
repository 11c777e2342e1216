import { criterionPoints, criterionScale, keyPointsNeeded, nearestLevel } from '../../contract/criterion-scale.js';
import type { GradingItem } from '../../contract/provider.js';
import type { GradedExample, Question, RubricCriterion } from '../../contract/question.js';
import { maximumOf } from '../marks/score.js';
import { markingKey } from './marking-key.js';
import { quoted } from './quoted.js';

/** How a kind of question is marked, where it is not obvious. */
const KINDS: Readonly<Record<string, string>> = {
  essay: 'Kind: essay',
  code: 'Kind: code; what behaves the same is right, names, layout and comments do not count',
  problem_solving: 'Kind: problem; method earns marks, and steps that follow from an earlier slip are right',
};

/**
 * All that the teacher says of one question, one thing a line.
 *
 * @param number Tells it apart where there are several: ` 2`.
 * @param hasOwnContext The material is this question's alone, and belongs here.
 */
export function questionBlock({ question, context }: GradingItem, number: string, hasOwnContext: boolean): string {
  const { kind = 'short_answer', misconceptions = [], referenceAnswers = [], rubric, examples = [] } = question;
  return [
    `Question${number}: ${quoted(question.prompt)}`,
    ...(KINDS[kind] === undefined ? [] : [KINDS[kind]]),
    ...optional('Language', question.language),
    ...(hasOwnContext ? optional('Material', context) : []),
    ...markingKey(question, quoted),
    ...referenceAnswers.map((reference) => referenceLine(question, reference)),
    ...(rubric?.criteria ?? []).flatMap(criterionLines),
    ...optional('Notes', question.graderInfo),
    ...misconceptions.map(
      ({ description, feedback }) =>
        `Misconception: ${quoted(description)}${feedback === undefined ? '' : `; tell the learner: ${quoted(feedback)}`}`,
    ),
    ...examples.map((example) => exampleLine(question, example)),
  ].join('\n');
}

/** A labelled line, unless there is nothing to say. */
export function optional(label: string, text: string | undefined): readonly string[] {
  return text === undefined || text === '' ? [] : [`${label}: ${quoted(text)}`];
}

function referenceLine(question: Question, reference: NonNullable<Question['referenceAnswers']>[number]): string {
  const { text, fraction = 1 } = typeof reference === 'string' ? { text: reference } : reference;
  return fraction === 1 ? `Reference: ${quoted(text)}` : `Answer worth ${worth(question, fraction)}: ${quoted(text)}`;
}

function criterionLines(criterion: RubricCriterion, index: number): readonly string[] {
  const { description, levels = [], keyPoints = [] } = criterion;
  const scale = criterionScale(criterion);
  const points = criterionPoints(criterion);
  const fault = points < 0 ? [` (a fault that costs ${-points}; ${faultLevels(scale.kind, scale.shares.length)})`] : [];
  const line = `Criterion ${index + 1}: ${quoted(description)}${fault.join('')}`;
  if (scale.kind === 'counted') {
    return [
      `${line}; level = how many of these, at most ${keyPointsNeeded(criterion)}: ${keyPoints.map(quoted).join(', ')}`,
    ];
  }
  const described = scale.positions.map(
    (position, level) => `- level ${level}: ${quoted(levels[position]?.description ?? '')}`,
  );
  return [line, ...described];
}

function faultLevels(kind: string, levelCount: number): string {
  return kind === 'described'
    ? `0 the least, ${levelCount - 1} the worst`
    : `0 if absent, ${levelCount - 1} if fully there`;
}

/** In the scale that the reply is asked for: levels by criterion, one level, or a share where the teacher gave only that. */
function exampleLine(question: Question, example: GradedExample): string {
  const { answer, comment } = example;
  const reason = comment === undefined ? '' : ` because ${quoted(comment)}`;
  return `Marked example, ${exampleWorth(question, example)}: ${quoted(answer)}${reason}`;
}

function exampleWorth(question: Question, { score, criteria: points }: GradedExample): string {
  const { criteria = [] } = question.rubric ?? {};
  if (points === undefined || criteria.length === 0) return worth(question, score / maximumOf(question));
  const levels = criteria.map((criterion) => {
    const share = (points[criterion.id] ?? 0) / (criterionPoints(criterion) || 1);
    return nearestLevel(criterionScale(criterion), share);
  });
  return `levels [${levels.join(',')}]`;
}

/** A share of full marks: as a level where there is one for the whole answer, and between two where it is between two. */
function worth({ rubric }: Question, share: number): string {
  const clamped = Math.min(1, Math.max(0, share));
  if (rubric !== undefined) return `${Math.round(clamped * 100)}% of the marks`;
  const exact = clamped * (criterionScale().shares.length - 1);
  const lower = Math.floor(exact);
  const isBetween = Math.abs(exact - lower - 0.5) < 0.25;
  return isBetween ? `level ${lower} to ${lower + 1}` : `level ${Math.round(exact)}`;
}
