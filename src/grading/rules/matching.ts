import type { AnswerToGrade, MatchingQuestion } from '../../contract/question.js';
import { splitParts, withoutNumbering } from './answer-parts.js';
import { partedScore, type RuleOutcome } from './rule-outcome.js';
import { createTextLookup } from './text-lookup.js';

const ARROW = /->|=>|→|⇒/g;
const MOST_ARROWS = 8;

/** Pairs: the share of left sides with the right partner, or all or nothing. A left side left out is wrong. */
export function gradeMatching(question: MatchingQuestion, answer: AnswerToGrade['answer']): RuleOutcome {
  const { pairs, scoring } = question;
  const parts = typeof answer === 'string' ? splitParts(answer) : answer;
  if (parts.length > pairs.length) return undefined;
  const sides = createSides(question);
  const partners =
    (typeof answer === 'string' ? undefined : partnersInOrder(answer, sides)) ??
    partnersByArrow(parts.map(String), sides) ??
    partnersByArrow(withoutNumbering(parts.map(String)) ?? [], sides);
  if (partners === undefined) return undefined;
  // By text, so that equal right sides may change places.
  return partedScore(
    pairs.map(([, expected], left) => partners.get(left) === expected),
    scoring,
  );
}

/** The right side that the learner gave to each left side, by the index of the left side. */
type Partners = ReadonlyMap<number, string>;

interface Sides {
  rights: readonly string[];
  /** The only left side that a text names, by its index. */
  findLeft: (text: string) => number | undefined;
  /** The only right side that a text names. */
  findRight: (text: string) => string | undefined;
}

function createSides({ pairs, caseSensitive = false }: MatchingQuestion): Sides {
  const rights = pairs.map(([, right]) => right);
  const lookUpLeft = createTextLookup(
    pairs.map(([left]) => left),
    caseSensitive,
  );
  const lookUpRight = createTextLookup(rights, caseSensitive);
  return {
    rights,
    findLeft: (text) => onlyOne(lookUpLeft(text)),
    findRight: (text) => onlyOne(lookUpRight(text).map((index) => rights[index])),
  };
}

function onlyOne<Found>(found: readonly Found[]): Found | undefined {
  const [one, ...others] = new Set(found);
  return others.length === 0 ? one : undefined;
}

/** One right side for each left side, in the order of the pairs; `''` where the learner gave none. */
function partnersInOrder(parts: readonly (string | number)[], { rights, findRight }: Sides): Partners | undefined {
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
function partnersByArrow(parts: readonly string[], sides: Sides): Partners | undefined {
  const partners = new Map<number, string>();
  for (const part of parts) {
    const [pair, ...others] = readPairs(part, sides);
    if (pair === undefined || others.length > 0 || partners.has(pair.left)) return undefined;
    partners.set(pair.left, pair.right);
  }
  return partners.size > 0 ? partners : undefined;
}

/** Every reading of a part: more than one when a side itself holds an arrow. */
function readPairs(part: string, { findLeft, findRight }: Sides): readonly { left: number; right: string }[] {
  const arrows = [...part.matchAll(ARROW)];
  if (arrows.length > MOST_ARROWS) return [];
  return arrows.flatMap((arrow) => {
    const left = findLeft(part.slice(0, arrow.index));
    const right = findRight(part.slice(arrow.index + arrow[0].length));
    return left === undefined || right === undefined ? [] : [{ left, right }];
  });
}
