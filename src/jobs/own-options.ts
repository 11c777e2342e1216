import { GradingOptionsError } from '../contract/errors.js';

const OWN_OPTIONS = [
  'adaptive',
  'controller',
  'deadlineMs',
  'limits',
  'maxConcurrentTasks',
  'onResult',
  'priority',
  'resumeFrom',
  'signal',
] as const;

/** The options of a run that a worker's `grading` must not have: the worker decides, or they come with each chunk. */
export type OwnOption = (typeof OWN_OPTIONS)[number];

/** @throws {GradingOptionsError} for an option in `grading` that is set beside it, or by the run. */
export function refuseOwnOptions(grading: object): void {
  const found = OWN_OPTIONS.find((name) => Reflect.get(grading, name) !== undefined);
  if (found === undefined) return;
  const rule = 'must be left out: it is set beside grading, or by the run';
  throw new GradingOptionsError(`grading.${found}`, rule, typeof Reflect.get(grading, found));
}
