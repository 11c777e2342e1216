import { GradingOptionsError } from '../contract/errors.js';
import type { CalibrationPoint } from './calibrate.js';

/**
 * The curve through the points, straight between them and level beyond.
 *
 * @throws {GradingOptionsError} naming `field`, where there are no points.
 */
export function valueOn(field: string, points: readonly CalibrationPoint[], score: number): number {
  const last = points.at(-1);
  if (last === undefined) throw new GradingOptionsError(field, 'must not be empty', 'an empty list');
  const index = points.findIndex((point) => point.score >= score);
  const above = points[index] ?? last;
  return between(points[index - 1] ?? above, above, score);
}

function between(below: CalibrationPoint, above: CalibrationPoint, score: number): number {
  if (below.expected === above.expected || score >= above.score) return above.expected;
  const share = (score - below.score) / (above.score - below.score);
  return below.expected + share * (above.expected - below.expected);
}
