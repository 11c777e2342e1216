import type { Question } from '../../contract/question.js';

/** What a provider is asked in its contract. */
export interface ProviderContractOptions {
  /** A question that the provider can grade. @default one about ice on water */
  question?: Question | undefined;
  /** Five honest answers to it, all different. @default five about ice on water */
  answers?: readonly string[] | undefined;
  /**
   * Makes the provider's service answer 429 with `Retry-After: 2` to the next call, as `mockServer` does with
   * `server.enqueue({ error: 429, retryAfterMs: 2_000 })`. @default none: how errors are mapped is not checked
   */
  rateLimitNext?: (() => void | Promise<void>) | undefined;
  /** How long a call may take, in milliseconds of real time. @default 5_000 */
  callLimitMs?: number | undefined;
  /** How long a call may take to end after its abort, in milliseconds of real time. @default 500 */
  abortLimitMs?: number | undefined;
}

/** One promise that a provider must keep; `run` rejects with an `Error` that says how it was broken. */
export interface ContractCase {
  name: ContractCaseName;
  run: () => Promise<void>;
}

/** What a provider promises. The checks themselves are loaded when the first case runs. */
export const CASE_NAMES = [
  'declares capabilities that can be',
  'grades one answer',
  'grades several answers in one call',
  'keeps concurrent calls apart',
  'grades by rubric',
  'survives an empty answer',
  'survives a very long answer',
  'survives hostile answers',
  'changes nothing that it is given',
  'starts no call whose signal has aborted',
  'ends a call when its signal aborts',
  'leaves no rejection unhandled',
  'tells a rate limit and its wait',
] as const;

/** The name of a case. */
export type ContractCaseName = (typeof CASE_NAMES)[number];
