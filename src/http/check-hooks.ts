// What the hooks of an app give is checked like a request: an ORM's null, a Response or an Error must not let anybody in.
import { GradingOptionsError } from '../contract/errors.js';
import { isJsonObject } from '../json/untyped-json.js';
import type { Authorization, ReviewCard } from './review-handler-options.js';

/** Longer waits are cut, in milliseconds: a day. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/** Who a learner is, as the other hooks get it: `undefined` for learners without a name. */
export type LearnerId = string | undefined;

/**
 * The learner whom `authorize` lets in, or the status to turn the request away with.
 *
 * @throws {GradingOptionsError} for anything else.
 */
export function checkedAuthorization(given: unknown): { learnerId: LearnerId } | 401 | 403 | 404 {
  const authorization = given as Authorization;
  if (authorization === 'anonymous') return { learnerId: undefined };
  if (authorization === 401 || authorization === 403 || authorization === 404) return authorization;
  const learnerId: unknown = isPlainObject(given) && Object.hasOwn(given, 'learnerId') ? given['learnerId'] : undefined;
  if (typeof learnerId === 'string' && learnerId.trim() !== '') return { learnerId };
  const rule = "must give { learnerId } with a text that is not empty, 'anonymous', 401, 403 or 404";
  throw new GradingOptionsError('authorize', rule, nameOf(given));
}

/**
 * The card that `load` gives; `undefined` and null mean that there is none.
 *
 * @throws {GradingOptionsError} for anything else without a list of questions.
 */
export function checkedCard(given: unknown): ReviewCard | undefined {
  if (given === undefined || given === null) return undefined;
  // The questions themselves are checked where they are graded.
  if (isJsonObject(given) && Array.isArray(given['questions'])) return given as unknown as ReviewCard;
  const rule = 'must give { questions } with a list of questions, or undefined where there is no such card';
  throw new GradingOptionsError('load', rule, nameOf(given));
}

/**
 * The time that `rateLimit` asks a client to wait, in milliseconds; `undefined` and null mean none.
 *
 * @throws {GradingOptionsError} for anything else that is no time.
 */
export function checkedWait(given: unknown): number | undefined {
  if (given === undefined || given === null) return undefined;
  const waitMs: unknown = isJsonObject(given) ? given['retryAfterMs'] : undefined;
  if (typeof waitMs === 'number' && waitMs >= 0) return Math.min(waitMs, MAX_RETRY_AFTER_MS);
  const rule = 'must give { retryAfterMs } with a number of at least 0, or undefined to let the request pass';
  throw new GradingOptionsError('rateLimit', rule, nameOf(given));
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (!isJsonObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Plain objects of other realms have another `Object.prototype`, which has no prototype itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Its kind, never its value: it may hold a session. */
function nameOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (isPlainObject(value)) return `an object with the fields ${Object.keys(value).slice(0, 5).join(', ') || 'none'}`;
  const name: unknown = isJsonObject(value) ? value.constructor?.name : undefined;
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : typeof value;
}
