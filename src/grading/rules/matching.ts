import type { AnswerToGrade, MatchingQuestion } from '../../core/question.js';
import { splitParts, withoutNumbering } from './answer-parts.js';
import type { RuleOutcome } from './rule-outcome.js';
import { createTextLookup, type TextLookup } from './text-lookup.js';

const ARROW = /->|=>|→|⇒/g;
const MOST_ARROWS = 8;

/** Pairs: the share of left sides with the right partner, or all or nothing. A left side left out is wrong. */
export function gradeMatching(question: MatchingQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const { pairs, scoring } = question;
  const partners = partnersOf(question, answer);
  if (partners === undefined) return undefined;
  // By text, so that equal right sides may change places.
  const right = pairs.filter(([, expected], left) => partners.get(left) === expected).length;
  if (scoring === 'all_or_nothing') return right === pairs.length ? 1 : 0;
  return right / pairs.length;
}

/** The right side that the learner gave to each left side, by the index of the left side. */
type Partners = ReadonlyMap<number, string>;

function partnersOf(question: MatchingQuestion, answer: AnswerToGrade['answer']): Partners | undefined {
  const { pairs, caseSensitive = false } = question;
  const lefts = pairs.map(([left]) => left);
  const rights = pairs.map(([, right]) => right);
  const findLeft = createTextLookup(lefts, caseSensitive);
  const findRight = onlyText(rights, createTextLookup(rights, caseSensitive));
  const parts = typeof answer === 'string' ? splitParts(answer) : answer;
  if (parts.length > pairs.length) return undefined;
  const inOrder = typeof answer === 'string' ? undefined : partnersInOrder(parts, rights, findRight);
  const texts = parts.map(String);
  return (
    inOrder ??
    partnersByArrow(texts, findLeft, findRight) ??
    partnersByArrow(withoutNumbering(texts) ?? [], findLeft, findRight)
  );
}

/** The text found, unless there are several that differ. */
function onlyText(texts: readonly string[], find: TextLookup): (text: string) => string | undefined {
  return (text) => {
    const [found, ...others] = new Set(find(text).map((index) => texts[index]));
    return others.length === 0 ? found : undefined;
  };
}

/** One right side for each left side, in the order of the pairs; `''` where the learner gave none. */
function partnersInOrder(
  parts: readonly (string | number)[],
  rights: readonly string[],
  findRight: (text: string) => string | undefined,
): Partners | undefined {
  if (parts.length !== rights.length || parts.every((part) => part === '')) return undefined;
  const partners = new Map<number, string>();
  for (const [left, part] of parts.entries()) {
    if (part === '') continue;
    const right = typeof part === 'number' ? rights[part] : findRight(part);
    if (right === undefined) return undefined;
    partners.set(left, right);
  }
  return partners;
}

/** Parts such as `left -> right`, each left side at most once. */
function partnersByArrow(
  parts: readonly string[],
  findLeft: TextLookup,
  findRight: (text: string) => string | undefined,
): Partners | undefined {
  const partners = new Map<number, string>();
  for (const part of parts) {
    const [pair, ...others] = readPairs(part, findLeft, findRight);
    if (pair === undefined || others.length > 0 || partners.has(pair.left)) return undefined;
    partners.set(pair.left, pair.right);
  }
  return partners.size > 0 ? partners : undefined;
}

/** Every reading of a part: more than one when a side itself holds an arrow. */
function readPairs(
  part: string,
  findLeft: TextLookup,
  findRight: (text: string) => string | undefined,
): readonly { left: number; right: string }[] {
  const arrows = [...part.matchAll(ARROW)];
  if (arrows.length > MOST_ARROWS) return [];
  return arrows.flatMap((arrow) => {
    const [left, ...others] = findLeft(part.slice(0, arrow.index));
    const right = findRight(part.slice(arrow.index + arrow[0].length));
    return left === undefined || others.length > 0 || right === undefined ? [] : [{ left, right }];
  });
}
