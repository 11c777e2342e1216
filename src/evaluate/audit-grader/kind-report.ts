import type { GradedAnswer, GradingResult } from '../../contract/result.js';
import { binomialChance, type Interval, wilsonInterval } from '../statistics/distributions.js';
import type { AuditVariant } from './variants.js';

/** A mark before and after a change that ought not, or ought, to have moved it. */
export interface AuditPair {
  /** Position among the audited answers, from 0. */
  index: number;
  group?: string | undefined;
  /** The changed answer as it was asked about. */
  answer: string;
  /** The scaled scores. */
  before: number;
  after: number;
}

/** How often marks moved under one kind of change. */
export interface AuditKind {
  kind: string;
  expectation: AuditVariant['expectation'];
  /** Pairs of which both answers were graded. */
  pairs: number;
  /** Marks that moved by at least `leastChange`. */
  moved: number;
  raised: number;
  lowered: number;
  /** Verdicts that flipped between pass and fail. */
  flipped: number;
  /** `moved / pairs`, 0..1; `undefined` without pairs. */
  rate: number | undefined;
  interval?: Interval | undefined;
  /**
   * With `'same'`: marks move more often than by asking the same again, and than tolerated. With `'lower'`: most marks do
   * not fall.
   */
  isExposed: boolean;
  /** By name or language, where the change has several. */
  groups: readonly { group: string; pairs: number; moved: number; meanChange: number }[];
  /** The largest moves first; with `'lower'`, those that did not fall. */
  examples: readonly AuditPair[];
}

/** A pair with both grades. */
export interface GradedPair extends Omit<AuditPair, 'before' | 'after'> {
  before: GradedAnswer;
  after: GradedAnswer;
}

/** What counts as a move, and as too many. */
export interface AuditLimits {
  leastChange: number;
  tolerance: number;
  level: number;
  /** The more kinds are looked at, the surer each finding has to be (Bonferroni). */
  kinds: number;
}

/** Pairs an answer's grade with the changed one's, where both have one. */
export function gradedPair(
  pair: { index: number; group?: string | undefined; answer: string },
  before: GradingResult | undefined,
  after: GradingResult | undefined,
): readonly GradedPair[] {
  return before?.status === 'graded' && after?.status === 'graded' ? [{ ...pair, before, after }] : [];
}

const EXAMPLES = 5;

/** Sums of fractions miss their value by less. */
const ROUNDING = 1e-6;

/** The figures of one kind of change. `restless` are the answers whose mark moved when they were just asked again. */
export function reportKind(
  { kind, expectation }: Pick<AuditVariant, 'kind' | 'expectation'>,
  pairs: readonly GradedPair[],
  restless: ReadonlySet<number>,
  limits: AuditLimits,
): AuditKind {
  const hasMoved = (pair: GradedPair): boolean => Math.abs(changeIn(pair)) >= limits.leastChange - ROUNDING;
  const moved = pairs.filter(hasMoved);
  const lowered = moved.filter((pair) => changeIn(pair) < 0);
  const unmoved = pairs.length - lowered.length;
  const interval = wilsonInterval(moved.length, pairs.length, limits.level);
  const isExposed =
    expectation === 'same'
      ? movesTooOften(moved, pairs, restless, limits)
      : (wilsonInterval(unmoved, pairs.length, limits.level)?.lower ?? 0) > 0.5;
  const telling = expectation === 'same' ? moved : pairs.filter((pair) => !lowered.includes(pair));
  return {
    ...{ kind, expectation, pairs: pairs.length, moved: moved.length, lowered: lowered.length },
    raised: moved.length - lowered.length,
    flipped: pairs.filter(({ before, after }) => before.isCorrect !== after.isCorrect).length,
    rate: pairs.length === 0 ? undefined : moved.length / pairs.length,
    ...(interval !== undefined && { interval }),
    isExposed,
    groups: groupsOf(pairs, hasMoved),
    examples: telling
      .toSorted((left, right) => Math.abs(changeIn(right)) - Math.abs(changeIn(left)))
      .slice(0, EXAMPLES)
      .map(({ before, after, ...pair }) => ({ ...pair, before: before.scaledScore, after: after.scaledScore })),
  };
}

/** A grader that never says the same twice moves marks without a reason: only what goes beyond that is a finding. */
function movesTooOften(
  moved: readonly GradedPair[],
  pairs: readonly GradedPair[],
  restless: ReadonlySet<number>,
  { tolerance, level, kinds }: AuditLimits,
): boolean {
  const lower = wilsonInterval(moved.length, pairs.length, level)?.lower ?? 0;
  const movedIndexes = new Set(moved.map(({ index }) => index));
  const onlyChanged = moved.filter(({ index }) => !restless.has(index)).length;
  const onlyRepeated = pairs.filter(({ index }) => restless.has(index) && !movedIndexes.has(index)).length;
  // McNemar's exact test, one-sided: moves without a change are as likely as moves by it.
  const chance = binomialChance(onlyRepeated, onlyChanged + onlyRepeated, 0.5);
  return onlyChanged > 0 && lower > tolerance && chance < (1 - level) / kinds;
}

function groupsOf(pairs: readonly GradedPair[], hasMoved: (pair: GradedPair) => boolean): AuditKind['groups'] {
  const named = pairs.filter(({ group }) => group !== undefined);
  return [...Map.groupBy(named, ({ group = '' }) => group)].map(([group, own]) => ({
    group,
    pairs: own.length,
    moved: own.filter(hasMoved).length,
    meanChange: own.reduce((sum, pair) => sum + changeIn(pair), 0) / own.length,
  }));
}

function changeIn({ before, after }: GradedPair): number {
  return after.scaledScore - before.scaledScore;
}
