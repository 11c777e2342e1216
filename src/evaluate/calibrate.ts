import { GradingOptionsError } from '../core/errors.js';
import { isotonicFit, type IsotonicBlock } from './isotonic-fit.js';
import type { ScorePair } from './metric.js';

/** With fewer graded answers, a curve through them says more about chance than about the grader. */
const FEWEST_EXAMPLES = 20;

/** A point of a calibration curve. */
export interface CalibrationPoint {
  /** What the grader gives. */
  score: number;
  /** What a person gives such answers on average. */
  expected: number;
}

/** What a grader's scores are worth, learned from graded answers. Plain data that survives `JSON.stringify`. */
export interface Calibration {
  /** The lowest score that is worth `passingScaledScore`; absent where no score is. */
  cutScore?: number | undefined;
  passingScaledScore: number;
  /** In rising order of both; between them the curve is straight, beyond them it is level. */
  points: readonly CalibrationPoint[];
  exampleCount: number;
}

/** Options of {@link calibrate}. */
export interface CalibrateOptions {
  /** The share of the marks that passes, 0..1. @default 0.5 */
  passingScaledScore?: number | undefined;
}

/**
 * Learns from answers that a person has marked what a grader's scores are worth, and from which score on answers pass.
 * The curve is the best one that never falls (isotonic regression), so it changes marks but not their order. Use
 * `cutScore` as a question's `passingScaledScore`, or turn scores into marks with {@link applyCalibration}.
 *
 * It fits the answers it was given: measure the gain on others, and calibrate anew for another grader or deck.
 *
 * @param examples At least 20 graded answers: `actual` is the grader's scaled score, `expected` a person's, both 0..1.
 * @returns Plain data to store.
 * @throws {GradingOptionsError} for fewer than 20 examples, for marks outside 0..1, and for such a passing score.
 *
 * @example
 * ```ts
 * import { calibrate } from 'gradelanes/evaluate';
 *
 * // This grader is too strict: answers that a person passes get 0.3.
 * const examples = Array.from({ length: 40 }, (_, index) =>
 *   index % 2 === 0 ? { expected: 1, actual: 0.3 } : { expected: 0, actual: 0.1 },
 * );
 * console.log(calibrate(examples).cutScore?.toFixed(1)); // 0.2
 * ```
 */
export function calibrate(examples: readonly ScorePair[], options: CalibrateOptions = {}): Calibration {
  const { passingScaledScore = 0.5 } = options;
  checkExamples(examples);
  if (!isShare(passingScaledScore)) {
    throw new GradingOptionsError('passingScaledScore', 'must be a number from 0 to 1', String(passingScaledScore));
  }
  const points = isotonicFit(examples).flatMap(pointsOf);
  const cutScore = lowestScoreWorth(passingScaledScore, points);
  return { ...(cutScore !== undefined && { cutScore }), passingScaledScore, points, exampleCount: examples.length };
}

function checkExamples(examples: readonly ScorePair[]): void {
  if (examples.length < FEWEST_EXAMPLES) {
    const rule = `must be at least ${FEWEST_EXAMPLES} graded answers`;
    throw new GradingOptionsError('examples', rule, String(examples.length));
  }
  const index = examples.findIndex(({ expected, actual }) => !isShare(expected) || !isShare(actual));
  if (index >= 0) {
    const { expected, actual } = examples[index] ?? {};
    throw new GradingOptionsError(`examples[${index}]`, 'must have scores from 0 to 1', `${expected} and ${actual}`);
  }
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1;
}

function pointsOf({ lowest, highest, value }: IsotonicBlock): readonly CalibrationPoint[] {
  const scores = lowest === highest ? [lowest] : [lowest, highest];
  return scores.map((score) => ({ score, expected: value }));
}

function lowestScoreWorth(passing: number, points: readonly CalibrationPoint[]): number | undefined {
  const index = points.findIndex(({ expected }) => expected >= passing);
  const [below, from] = [points[index - 1], points[index]];
  if (from === undefined) return undefined;
  if (below === undefined) return 0;
  const share = (passing - below.expected) / (from.expected - below.expected);
  return below.score + share * (from.score - below.score);
}
