import type { FailureCode, GradingFailure } from '../contract/failure.js';
import type { FailedAnswer } from '../contract/result.js';

/** Faults of the one answer: asking for the whole chunk once more would only cost as much again. */
const OF_THE_ANSWER: ReadonlySet<FailureCode> = new Set([
  'malformed',
  'truncated',
  'too_large',
  'refused',
  'invalid_request',
  'unsupported',
]);

/** Faults of the way to the provider or of the worker's account: they say nothing about the answer. */
const OF_THE_WORKER: ReadonlySet<FailureCode> = new Set([
  'rate_limited',
  'overloaded',
  'network',
  'auth',
  'quota',
  'not_found',
  'budget_exceeded',
]);

/** The answer's if the provider grades others meanwhile, the provider's if it grades nothing. */
const OF_EITHER: ReadonlySet<FailureCode> = new Set(['timeout', 'server', 'unknown']);

/** Says that repeating changes nothing: the failure is the answer's result. */
export function isFinal(failure: GradingFailure): boolean {
  return OF_THE_ANSWER.has(failure.code);
}

/**
 * What really befell the answers that an attempt left open: an open circuit follows from other failures, and an answer that no
 * call was made for from those of others.
 */
export function rootsOf(left: readonly FailedAnswer[]): readonly GradingFailure[] {
  const asked = left.filter(({ attempts }) => attempts > 0);
  const all = (asked.length > 0 ? asked : left).flatMap(({ error }) => [...(error.causes ?? []), error]);
  const roots = all.filter(({ code }) => code !== 'overloaded');
  return roots.length > 0 ? roots : all;
}

/** One of the failures shows trouble of the worker or its way to the provider. */
export function isOfWorker(roots: readonly GradingFailure[]): boolean {
  return roots.some(({ code }) => OF_THE_WORKER.has(code));
}

/** One of the failures shows an outage of the provider, if it grades nothing else either. */
export function isDoubtful(roots: readonly GradingFailure[]): boolean {
  return roots.some(({ code }) => OF_EITHER.has(code));
}

/** The commonest code. */
export function commonestCode(failures: readonly GradingFailure[]): FailureCode | undefined {
  const byCode = [...Map.groupBy(failures, ({ code }) => code)];
  return byCode.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
