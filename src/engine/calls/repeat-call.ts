import { sleep } from '../../async/waiting.js';
import type { ProviderError } from '../../contract/errors.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { GradingItem } from '../../contract/provider.js';
import { type CheckedVerdict, checkVerdicts } from '../../grading/marks/check-verdict.js';
import type { GatePass } from '../limits/gate-pass.js';
import type { DroppedCall } from '../limits/dispatcher.js';
import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import { remedyFor } from '../run/remedies.js';
import { failureOf } from '../run/to-failure.js';
import { busyFailure, stopFailure, whyOver } from '../run/why-over.js';
import { backOffMs } from './back-off.js';
import { chargeAnswers } from './charge-answers.js';
import { type CallOutcomes, hedgeCall } from './hedge.js';
import { type CallOutcome, eventBase, type ProviderCall, startCall } from './provider-call.js';

/** Allowance of 429 answers in a row beyond the attempts: waiting is their cure. */
const MORE_REJECTIONS = 2;

/** Addition to the message of a failure whose repeats the run could not pay for. */
const REPEATS_SPENT = "the run's budget for repeated calls is spent";

/** Age of a provider's last answer up to which it counts as slow and not as closed, in milliseconds. */
const LATELY_MS = 120_000;

/** Reason of a further ask; empty for the first one. */
export interface Asking {
  /** Complaint about the last reply, which the prompt repeats to the model. */
  readonly correction?: string;
  /** Failure that stands if the group cannot be asked again. */
  readonly failure?: GradingFailure;
}

/** A call that was not made, and why: the link was over, or the run's budget for repeated calls spent. */
export type NoCall = DroppedCall<GradingFailure>;

/**
 * Retry with back-off: makes a call and repeats it while it fails on its way, as long as the answers' attempts, the
 * run's budget for repeats and the link allow. Resolves to the first outcome that is not worth a retry.
 */
export async function callUntilThrough(
  link: Link,
  group: readonly PendingAnswer[],
  items: readonly GradingItem[],
  { correction, failure }: Asking,
): Promise<CallOutcome | NoCall> {
  const { run, provider } = link;
  const callId = run.nextCallId();
  const isAlone = group.length === 1;
  // An answer that an earlier mode left has its fault from there.
  let fault = failure ?? group.flatMap(({ failures }) => failures.at(-1) ?? [])[0];
  // True for a repeat that the provider's gate paces, so that the budget for repeats need not.
  let isPaced = false;
  for (;;) {
    // Answers of a group may have come by different ways; the one that was asked most often counts.
    const attempt = Math.max(...group.map(({ effort }) => effort.attempts)) + 1;
    const call = callAbout(link, group, items, callId, attempt, correction);
    const isRepeated = group.some((pending) => pending.wasAsked(provider));
    // What goes beyond an answer's first calls comes out of the run's budget, whatever it is for.
    const isFree = isPaced || provider.isLocal || group.every((pending) => pending.isFirstCall(provider, isAlone));
    if (!isFree && !run.retryBudget.spend()) return { dropped: whyOver(link) ?? budgetSpent(fault) };
    const outcomes = await callInSlot(link, call);
    if ('dropped' in outcomes) return outcomes;
    if (isRepeated) run.metrics.callRepeated();
    for (const outcome of outcomes) chargeAnswers(link, group, outcome);
    const [outcome] = outcomes;
    const { error } = outcome;
    if (!isAlone) countStrike(link, outcome);
    if (error === undefined || !isWorthRetrying(link, group, error)) return outcome;
    fault = failureOf(error, link);
    isPaced = isSlowed(link, error);
    for (const pending of group) pending.awaitRetry(fault);
    if (!(await waitBeforeRetry(link, call, group, error))) return notMade(link, fault);
  }
}

/**
 * Circuit breaker for calls of several: they are given up after so many faults in a row on their way. Calls of one do
 * not count.
 */
function countStrike({ strikes, provider, run }: Link, { error, durationMs }: CallOutcome): void {
  const nowMs = run.options.clock.now();
  if (error === undefined) strikes.succeeded();
  else if (error.code !== 'rate_limited' && remedyFor(error) === 'repeat')
    strikes.failed(failureOf(error, { provider, run }), nowMs - durationMs, nowMs);
}

/** The fault itself, with a note that the budget ended its repeats; the note of an earlier mode is enough. */
function budgetSpent(fault: GradingFailure | undefined): GradingFailure {
  const failure = fault ?? stopFailure('aborted');
  if (failure.message.endsWith(REPEATS_SPENT)) return failure;
  return { ...failure, message: `${failure.message}; ${REPEATS_SPENT}` };
}

/** Failure of a call that was not made. The link's own end tells more than the fault that came before it. */
function notMade(link: Link, fault?: GradingFailure): NoCall {
  return { dropped: whyOver(link) ?? fault ?? stopFailure('aborted') };
}

/** The call about a group of answers, in the link's provider and mode. */
export function callAbout(
  { provider, mode }: Link,
  group: readonly PendingAnswer[],
  items: readonly GradingItem[],
  callId: string,
  attempt: number,
  correction?: string,
): ProviderCall {
  return { provider, mode, items, indices: group.map(({ index }) => index), callId, attempt, correction };
}

/** Waits for room in the budget and for a slot, then calls, unless the link is over by then. */
export function callInSlot(link: Link, call: ProviderCall): Promise<CallOutcomes | NoCall> {
  const { run, provider } = link;
  const make = (): Promise<CallOutcomes | NoCall> =>
    run.dispatchers.dispatcherFor(provider).run({
      isRetry: call.attempt > 1,
      tokens: run.dispatchers.tokensOfCall(provider, call.items),
      whyOver: () => whyOver(link) ?? (call.items.length > 1 ? link.strikes.out : undefined),
      whyBusy: (retryAfterMs) => busyFailure(link, retryAfterMs),
      start: (pass) => {
        link.firstCall.open();
        return startCopies(link, call, pass).then((outcomes) => {
          const { error } = outcomes[0];
          // Before the slot is free, so that no further call starts.
          if (error?.scope === 'provider') link.end.fail(failureOf(error, link));
          return outcomes;
        });
      },
    });
  if (run.budget === undefined) return make();
  const spent = run.budget.spend(call, make, (failure) => link.end.fail(failure));
  return spent.then((outcomes) => outcomes ?? notMade(link));
}

/** One call, or two where hedging is on and the first is late. */
function startCopies(link: Link, call: ProviderCall, pass: GatePass): Promise<CallOutcomes> {
  const { run, provider } = link;
  const { hedge } = run.options;
  const first = startCall(run, call, pass);
  if (hedge === undefined || provider.isLocal) return first.outcome.then((outcome): CallOutcomes => [outcome]);
  const second = { ...call, attempt: call.attempt + 1 };
  return hedgeCall({
    link,
    hedge,
    call,
    second,
    running: first,
    tokens: pass.estimate,
    isUsable: (outcome) => isUsable(call.items, outcome),
    whyOver: () => whyOver(link),
    startSecond: (passOfSecond) => startCall(run, second, passOfSecond),
  });
}

/**
 * True for a provider that turned a call away but answered another lately: it is slow, not closed, and will let this
 * one through as well. Its gate paces the calls, so that the budget for repeats need not.
 */
function isSlowed({ run, provider }: Link, { code }: ProviderError): boolean {
  return code === 'rate_limited' && run.dispatchers.gateFor(provider).answeredAgoMs() < LATELY_MS;
}

/**
 * True if the same call may well get through next time: the error is of such a sort, the wait is not too long, and
 * every answer of the group has attempts left.
 */
function isWorthRetrying(link: Link, group: readonly PendingAnswer[], error: ProviderError): boolean {
  const { maxAttempts } = link.run.options.retry;
  // A run that repeats calls at all waits out a few more rejections than faults.
  const maxRejections = maxAttempts === 1 ? 1 : maxAttempts + MORE_REJECTIONS;
  const remedy = remedyFor(error);
  const isSlow = maxAttempts > 1 && isSlowed(link, error);
  return (
    error.retryable &&
    error.scope !== 'provider' &&
    (remedy === 'repeat' || remedy === 'next-mode') &&
    !isWaitTooLong(link, error) &&
    group.every(({ visit }) => visit.faults < maxAttempts && (isSlow || visit.rejections < maxRejections))
  );
}

/** True if the provider asks for a longer wait than the caller allows or the deadline leaves. */
export function isWaitTooLong({ run }: Link, { retryAfterMs = 0 }: ProviderError): boolean {
  return retryAfterMs > run.options.retry.maxRetryAfterMs || retryAfterMs > run.timeLeftMs();
}

/** Waits out the back-off. The call holds no slot meanwhile. False if the link is over by then. */
async function waitBeforeRetry(
  link: Link,
  call: ProviderCall,
  group: readonly PendingAnswer[],
  { code, message, retryAfterMs }: ProviderError,
): Promise<boolean> {
  const { run, provider, end } = link;
  const { retry, random, clock } = run.options;
  const faults = Math.max(...group.map(({ visit }) => visit.faults));
  // After a 429 the provider's gate decides when to go on.
  const waitMs = code === 'rate_limited' ? 0 : backOffMs(faults, retryAfterMs, retry, random);
  if (whyOver(link) === undefined) {
    const delayMs = Math.max(waitMs, run.dispatchers.gateFor(provider).pauseLeftMs());
    run.emit?.({ type: 'call-retried', ...eventBase(call), code, delayMs, reason: message });
  }
  if (waitMs > 0 && !(await sleep(waitMs, clock, end.wakeUp))) return false;
  return whyOver(link) === undefined;
}

/** True if every answer of the call has a verdict that counts, or was refused: there is nothing left to ask for. */
function isUsable(items: readonly GradingItem[], outcome: CallOutcome): boolean {
  return outcome.error === undefined && readVerdicts(items, outcome).every(({ kind }) => kind !== 'malformed');
}

/**
 * Checked verdicts, one for each item. A provider in plain JavaScript may return anything, even an object that throws
 * when it is read; that counts as malformed.
 */
export function readVerdicts(items: readonly GradingItem[], { verdicts = [] }: CallOutcome): readonly CheckedVerdict[] {
  try {
    return checkVerdicts(items, verdicts);
  } catch {
    return items.map(() => ({ kind: 'malformed', reason: 'an unreadable object' }));
  }
}
