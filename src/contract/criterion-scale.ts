import type { RubricCriterion } from './question.js';

/** The highest level where a criterion describes none: research finds 0..5 the scale on which models agree best with people. */
export const TOP_LEVEL = 5;

/** Marks by level of a criterion: levels count from 0, the lowest. */
export interface CriterionScale {
  /** The share (0..1) of the criterion's points that each level is worth. */
  readonly shares: readonly number[];
  /** How the levels came to be, which decides how they are explained. */
  readonly kind: 'plain' | 'described' | 'counted';
  /** Positions among the criterion's own `levels`, by level; empty where it describes none. */
  readonly positions: readonly number[];
}

const PLAIN: CriterionScale = { shares: evenShares(TOP_LEVEL), kind: 'plain', positions: [] };

/** The scale on which a criterion is marked; without one, the scale of a whole answer. */
export function criterionScale(criterion?: RubricCriterion): CriterionScale {
  const { levels = [], keyPoints = [] } = criterion ?? {};
  if (criterion === undefined || (levels.length === 0 && keyPoints.length === 0)) return PLAIN;
  if (levels.length === 0) return { shares: evenShares(keyPointsNeeded(criterion)), kind: 'counted', positions: [] };
  const farthest = farthestOf(criterion);
  const positions = [...levels.keys()].toSorted((first, second) => sizeAt(levels, first) - sizeAt(levels, second));
  const shares = positions.map((position) => (farthest === 0 ? 0 : sizeAt(levels, position) / Math.abs(farthest)));
  return { shares, kind: 'described', positions };
}

/** Points for meeting a criterion in full: its own, else those of its farthest level or its counted key points, else 1. */
export function criterionPoints(criterion: RubricCriterion): number {
  const { points, levels = [], keyPoints = [] } = criterion;
  if (points !== undefined) return points;
  if (levels.length > 0) return farthestOf(criterion);
  return keyPoints.length > 0 ? keyPointsNeeded(criterion) : 1;
}

/** So many key points are worth full marks. */
export function keyPointsNeeded({ keyPoints = [], keyPointsNeeded: needed }: RubricCriterion): number {
  return needed ?? keyPoints.length;
}

/** The level whose share lies nearest to a share; the lower of two as near. */
export function nearestLevel({ shares }: CriterionScale, share: number): number {
  const distances = shares.map((each) => Math.abs(each - share));
  return distances.indexOf(Math.min(...distances));
}

/** The position among a criterion's described levels that a share (0..1) stands for; `undefined` between two. */
export function describedLevel(criterion: RubricCriterion, share: number): number | undefined {
  const scale = criterionScale(criterion);
  const level = nearestLevel(scale, share);
  const isOnLevel = Math.abs((scale.shares[level] ?? Number.NaN) - share) <= 1e-9;
  return isOnLevel ? scale.positions[level] : undefined;
}

function evenShares(top: number): readonly number[] {
  return Array.from({ length: top + 1 }, (_, level) => level / top);
}

/** Levels of a fault have points below 0: the farthest from 0 counts. */
function farthestOf({ levels = [] }: RubricCriterion): number {
  return levels.reduce((farthest, { points }) => (Math.abs(points) > Math.abs(farthest) ? points : farthest), 0);
}

function sizeAt(levels: NonNullable<RubricCriterion['levels']>, position: number): number {
  return Math.abs(levels[position]?.points ?? 0);
}
