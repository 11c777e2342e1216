import type { RubricCriterion } from '../contract/question.js';
import type { CriterionScore, GradingResult } from '../contract/result.js';
import { FEWEST_FOR_INTERVALS, type Figure } from './agreement.js';
import { intervalOverUnits, type ResolvedBootstrap } from './bootstrap.js';
import { type MarkedAnswer, nameOfQuestion, textOfAnswer } from './marked-answers.js';
import { quadraticWeightedKappa } from './mark-agreement.js';
import type { Metric, ScorePair } from './pairs.js';
import { singleUnits, type Unit, unitsOf } from './statistics/resample.js';

/** A criterion on which the grader gave other points than a person. */
export interface MisgradedCriterion {
  /** Position in the dataset and in the results, from 0. */
  index: number;
  questionId?: string | undefined;
  answerId?: string | undefined;
  /** What the learner wrote. */
  answer: string;
  /** The person's points. */
  expected: number;
  /** What the grader gave, with its reason and its evidence where it states them. */
  given: CriterionScore;
}

/** How a grader did on one criterion, over the graded answers on which a person marked it. */
export interface CriterionAgreement {
  id: string;
  description: string;
  count: number;
  /** The share of answers with the very points that a person gave, 0..1. */
  agreement: Figure;
  /** The weighted kappa of the points. */
  kappa: Figure;
  /** Mean of (grader - person) as a share of the criterion's points, -1..1: above 0 it is too kind, below 0 too harsh. */
  bias: Figure;
  tooKindCount: number;
  tooHarshCount: number;
  /** The furthest off first. */
  misgraded: readonly MisgradedCriterion[];
}

/** Points are rounded to 1e-6. */
const ROUNDING = 1e-6;

interface CriterionPair extends ScorePair {
  criterion: RubricCriterion;
  question: string;
  misgraded: MisgradedCriterion;
}

/** Compares criterion by criterion, those of one id together, in the order in which the rubrics name them. */
export function criterionAgreements(
  dataset: readonly MarkedAnswer[],
  results: readonly GradingResult[],
  listCount: number,
  bootstrap: ResolvedBootstrap & { byQuestion: boolean },
): readonly CriterionAgreement[] {
  const byId = new Map<string, CriterionPair[]>();
  for (const pair of dataset.flatMap((marked, index) => pairsOf(marked, results[index], index))) {
    const pairs = byId.get(pair.criterion.id) ?? [];
    pairs.push(pair);
    byId.set(pair.criterion.id, pairs);
  }
  return [...byId.values()].map((pairs) => agreementOn(pairs, listCount, bootstrap));
}

function pairsOf(marked: MarkedAnswer, result: GradingResult | undefined, index: number): readonly CriterionPair[] {
  const { question, humanCriteria } = marked;
  if (result?.status !== 'graded' || humanCriteria === undefined) return [];
  const { questionId, answerId } = result;
  const about = { index, ...(questionId !== undefined && { questionId }), ...(answerId !== undefined && { answerId }) };
  return (question.rubric?.criteria ?? []).flatMap((criterion): readonly CriterionPair[] => {
    const expected = humanCriteria[criterion.id];
    const given = result.criteria?.find(({ id }) => id === criterion.id);
    if (expected === undefined || given === undefined) return [];
    const misgraded = { ...about, answer: textOfAnswer(marked.answer), expected, given };
    // As shares: criteria of one name may be worth different points in different questions.
    const points = Math.abs(given.scoreMaximum) || 1;
    const pair = { expected: expected / points, actual: given.scoreGiven / points };
    return [{ ...pair, criterion, question: nameOfQuestion(question), misgraded }];
  });
}

function agreementOn(
  pairs: readonly CriterionPair[],
  listCount: number,
  bootstrap: ResolvedBootstrap & { byQuestion: boolean },
): CriterionAgreement {
  const names = pairs.map(({ question }) => question);
  const isSpread = bootstrap.byQuestion && new Set(names).size > 1;
  const units: readonly Unit[] = isSpread ? unitsOf(names) : singleUnits(pairs.length);
  const figure = (metric: Metric<ScorePair>): Figure => ({
    value: metric(pairs),
    interval: pairs.length < FEWEST_FOR_INTERVALS ? undefined : intervalOverUnits(metric, pairs, units, bootstrap),
  });
  const [first] = pairs;
  const wrong = pairs.filter((pair) => Math.abs(differenceIn(pair)) > ROUNDING);
  return {
    id: first?.criterion.id ?? '',
    description: first?.criterion.description ?? '',
    count: pairs.length,
    agreement: figure((drawn) => meanOf(drawn, (pair) => (Math.abs(differenceIn(pair)) > ROUNDING ? 0 : 1))),
    kappa: figure(quadraticWeightedKappa),
    bias: figure((drawn) => meanOf(drawn, differenceIn)),
    tooKindCount: wrong.filter((pair) => differenceIn(pair) > 0).length,
    tooHarshCount: wrong.filter((pair) => differenceIn(pair) < 0).length,
    misgraded: wrong
      .toSorted((left, right) => Math.abs(differenceIn(right)) - Math.abs(differenceIn(left)))
      .slice(0, listCount)
      .map(({ misgraded }) => misgraded),
  };
}

function differenceIn({ expected, actual }: ScorePair): number {
  return actual - expected;
}

function meanOf(pairs: readonly ScorePair[], figure: (pair: ScorePair) => number): number | undefined {
  return pairs.length === 0 ? undefined : pairs.reduce((sum, pair) => sum + figure(pair), 0) / pairs.length;
}
