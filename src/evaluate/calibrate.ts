import { GradingOptionsError } from '../contract/errors.js';
import { isotonicFit, type IsotonicBlock } from './isotonic-fit.js';
import type { ScorePair } from './pairs.js';

/** With fewer graded answers, a curve through them says more about chance than about the grader. */
const FEWEST_EXAMPLES = 20;

/** An answer that a grader and a person have marked. */
export interface CalibrationExample extends ScorePair {
  /** How sure the grader was, 0..1. */
  confidence?: number | undefined;
}

/** A point of a calibration curve. */
export interface CalibrationPoint {
  /** What the grader gives. */
  score: number;
  /** What a person gives such answers on average. */
  expected: number;
}

/** A point of the curve that confidence follows. */
export interface ConfidencePoint {
  /** What the grader says. */
  confidence: number;
  /** How many such grades are right, 0..1. */
  shareCorrect: number;
}

/** What a grader's scores are worth, learned from graded answers. Plain data that survives `JSON.stringify`. */
export interface Calibration {
  /** The lowest score that is worth `passingScaledScore`; absent where no score is. */
  cutScore?: number | undefined;
  passingScaledScore: number;
  /** In rising order of both; between them the curve is straight, beyond them it is level. */
  points: readonly CalibrationPoint[];
  /**
   * What confidence is worth, where at least 20 examples have one: how many grades are right when answers pass from
   * `cutScore` on. In rising order, as `points`.
   */
  confidencePoints?: readonly ConfidencePoint[] | undefined;
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
 * `cutScore` as a question's `passingScaledScore`, or turn scores into marks with {@link applyCalibration}. Examples with
 * a confidence teach what that is worth too, see {@link calibratedConfidence}; overrides by people become examples with
 * {@link calibrationExamples}.
 *
 * It fits the answers it was given: measure the gain on others, and calibrate anew for another grader or deck.
 *
 * @param examples At least 20 graded answers: `actual` is the grader's scaled score, `expected` a person's, both 0..1, as
 *   is `confidence`.
 * @returns Plain data to store.
 * @throws {GradingOptionsError} for fewer than 20 examples, for marks and confidence outside 0..1, and for such a passing score.
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
export function calibrate(examples: readonly CalibrationExample[], options: CalibrateOptions = {}): Calibration {
  const { passingScaledScore = 0.5 } = options;
  checkExamples(examples);
  if (!isShare(passingScaledScore)) {
    throw new GradingOptionsError('passingScaledScore', 'must be a number from 0 to 1', String(passingScaledScore));
  }
  const points = isotonicFit(examples).flatMap(pointsOf);
  const cutScore = lowestScoreWorth(passingScaledScore, points);
  const confidencePoints = confidenceCurve(examples, cutScore, passingScaledScore);
  return {
    ...(cutScore !== undefined && { cutScore }),
    passingScaledScore,
    points,
    ...(confidencePoints !== undefined && { confidencePoints }),
    exampleCount: examples.length,
  };
}

function checkExamples(examples: readonly CalibrationExample[]): void {
  if (examples.length < FEWEST_EXAMPLES) {
    const rule = `must be at least ${FEWEST_EXAMPLES} graded answers`;
    throw new GradingOptionsError('examples', rule, String(examples.length));
  }
  for (const [index, { expected, actual, confidence = 0 }] of examples.entries()) {
    if (!isShare(expected) || !isShare(actual)) {
      throw new GradingOptionsError(`examples[${index}]`, 'must have scores from 0 to 1', `${expected} and ${actual}`);
    }
    if (!isShare(confidence)) {
      throw new GradingOptionsError(`examples[${index}].confidence`, 'must be from 0 to 1', String(confidence));
    }
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

/** The share of right grades as confidence rises, by the same regression. */
function confidenceCurve(
  examples: readonly CalibrationExample[],
  cutScore: number | undefined,
  passing: number,
): readonly ConfidencePoint[] | undefined {
  const pairs = examples.flatMap(({ expected, actual, confidence }) => {
    if (confidence === undefined) return [];
    const isRight = (cutScore !== undefined && actual >= cutScore) === expected >= passing;
    return [{ actual: confidence, expected: isRight ? 1 : 0 }];
  });
  if (pairs.length < FEWEST_EXAMPLES) return undefined;
  const points = isotonicFit(pairs).flatMap(pointsOf);
  return points.map(({ score, expected }) => ({ confidence: score, shareCorrect: expected }));
}
