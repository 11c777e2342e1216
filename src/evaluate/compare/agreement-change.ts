import type { GradingResult } from '../../contract/result.js';
import { FEWEST_FOR_INTERVALS, type Figure } from '../agreement.js';
import { intervalOverUnits, type ResolvedBootstrap } from '../bootstrap.js';
import type { HumanMark } from '../marked-answers.js';
import { signFlipChance } from '../statistics/sign-flip.js';
import { unitsOf } from '../statistics/resample.js';
import { gradedTwice } from './flips.js';

/** How much better or worse two runs agree with people, over the answers that both graded. */
export interface AgreementChange {
  /** Share of verdicts that are a person's, 0..1. */
  before: number | undefined;
  after: number | undefined;
  /** `after - before`, with whole questions drawn anew. */
  difference: Figure;
  /** Verdicts that agree with a person only after the change, and only before it. */
  mended: number;
  broken: number;
  /** The chance of as large a difference if the change did nothing but shuffle, 0..1. */
  chance: number;
  /** Mean absolute error of scaled scores, before, after and their difference: below 0 is better. */
  errorBefore: number | undefined;
  errorAfter: number | undefined;
  errorDifference: Figure;
}

/** What a pair of grades of one answer has to do with a person's mark. */
interface Change {
  question: string;
  /** 1 mended, -1 broken, 0 as before. */
  step: number;
  wasRight: boolean;
  isRight: boolean;
  errorBefore: number;
  errorAfter: number;
}

/** Compares two runs with people's marks. */
export function compareAgreement(
  before: readonly GradingResult[],
  after: readonly GradingResult[],
  marks: readonly HumanMark[],
  bootstrap: ResolvedBootstrap,
): AgreementChange {
  const changes = changesOf(before, after, marks);
  const units = unitsOf(changes.map(({ question }) => question));
  const figure = (value: (change: Change) => number): Figure => {
    const metric = (drawn: readonly Change[]): number | undefined => meanOf(drawn, value);
    const interval =
      changes.length < FEWEST_FOR_INTERVALS ? undefined : intervalOverUnits(metric, changes, units, bootstrap);
    return { value: metric(changes), interval };
  };
  const steps = units.map((unit) => unit.reduce((sum, index) => sum + (changes[index]?.step ?? 0), 0));
  return {
    before: meanOf(changes, ({ wasRight }) => Number(wasRight)),
    after: meanOf(changes, ({ isRight }) => Number(isRight)),
    difference: figure(({ step }) => step),
    mended: changes.filter(({ step }) => step > 0).length,
    broken: changes.filter(({ step }) => step < 0).length,
    chance: signFlipChance(steps, bootstrap.seed),
    errorBefore: meanOf(changes, ({ errorBefore }) => errorBefore),
    errorAfter: meanOf(changes, ({ errorAfter }) => errorAfter),
    errorDifference: figure(({ errorBefore, errorAfter }) => errorAfter - errorBefore),
  };
}

function changesOf(
  before: readonly GradingResult[],
  after: readonly GradingResult[],
  marks: readonly HumanMark[],
): readonly Change[] {
  const markOf = new Map(marks.map((mark) => [mark.index, mark]));
  return gradedTwice(before, after).flatMap(([first, second, index]): readonly Change[] => {
    const mark = markOf.get(index);
    if (mark === undefined) return [];
    const { question, expected, expectedPasses } = mark;
    const [wasRight, isRight] = [first.isCorrect === expectedPasses, second.isCorrect === expectedPasses];
    const step = Number(isRight) - Number(wasRight);
    const errors = {
      errorBefore: Math.abs(first.scaledScore - expected),
      errorAfter: Math.abs(second.scaledScore - expected),
    };
    return [{ question, step, wasRight, isRight, ...errors }];
  });
}

function meanOf(changes: readonly Change[], value: (change: Change) => number): number | undefined {
  return changes.length === 0 ? undefined : changes.reduce((sum, change) => sum + value(change), 0) / changes.length;
}
