import { checkVerdicts, type CheckedVerdict } from '../grading/marks/check-verdict.js';
import { randomKeys } from '../grading/prompt/item-keys.js';
import { backOffMs } from './back-off.js';
import { chargeAnswers } from './charge-answers.js';
import type { ProviderError } from '../contract/errors.js';
import { failureOf } from '../engine/run/to-failure.js';
import { seekOpinions } from './seek-opinions.js';
import type { GradingFailure } from '../contract/failure.js';
import { failLink, leaveUngraded, type Link } from '../engine/run/link.js';
import { isOver, stopFailure, whyOver } from '../engine/run/why-over.js';
import type { Opinion } from './opinion.js';
import { gradingItem, type PendingAnswer } from '../engine/run/pending-answer.js';
import { hedgeCall, type CallOutcomes } from './hedged-call.js';
import { eventBase, startCall, type CallOutcome, type ProviderCall } from './provider-call.js';
import type { GradingItem } from '../contract/provider.js';
import type { GatePass } from '../engine/limits/gate-pass.js';
import { settleGraded } from '../engine/run/settle.js';
import { sleep } from '../async/waiting.js';

/** Faults in what came back: the provider is asked once more, and told what was wrong. */
const CONTENT_FAULTS: ReadonlySet<string> = new Set(['malformed', 'truncated']);

/** Faults that concern the call's shape: its answers are asked one by one instead. */
const SPLITTING_FAULTS: ReadonlySet<string> = new Set([...CONTENT_FAULTS, 'too_large']);

/** Rejections for the rate that an answer waits out beyond its attempts. */
const MORE_REJECTIONS = 2;

/** What a provider is told that did not say what was wrong. */
const UNSPECIFIED = 'unusable';

/** Why a group is asked. */
interface Asking {
  /** What was wrong with the last reply. */
  readonly correction?: string;
  /** The answer shared a call that has to be split: its own first call is not a repetition. */
  readonly isSplit?: boolean;
  /** What stands if it cannot be asked. */
  readonly failure?: GradingFailure;
}

/**
 * Asks a provider about a group of answers, in one call at first, until each is graded or left ungraded by this link.
 * Faults on the way are repeated, faults of the call's shape split it, faults of content are asked again once.
 *
 * @param asking What was wrong before, when this is that one more time; whether the answer was split off a call.
 */
export function askProvider(link: Link, group: readonly PendingAnswer[], asking: Asking = {}): Promise<unknown> {
  const items = itemsOf(link, group);
  return callUntilThrough(link, group, items, asking).then((outcome) =>
    takeOutcome(link, group, items, outcome, asking),
  );
}

/** Settles what has a verdict, or asks again; resolves when nothing is left to ask. */
function takeOutcome(
  link: Link,
  group: readonly PendingAnswer[],
  items: readonly GradingItem[],
  outcome: CallOutcome | undefined,
  asking: Asking,
): Promise<unknown> | undefined {
  const { correction } = asking;
  if (outcome === undefined) {
    const failure = whyOver(link) ?? asking.failure;
    for (const pending of group) {
      leaveUngraded(link, pending, failure ?? pending.failures.at(-1) ?? link.lastOver ?? stopFailure('aborted'));
    }
    return undefined;
  }
  if (outcome.error !== undefined) return handleFault(link, group, outcome.error, correction);
  return acceptVerdicts(link, group, items, outcome, correction);
}

/** Repeats a call that failed on its way. `undefined` when the link was over, or the run's budget for repeats spent. */
async function callUntilThrough(
  link: Link,
  group: readonly PendingAnswer[],
  items: readonly GradingItem[],
  { correction, isSplit = false }: Asking,
): Promise<CallOutcome | undefined> {
  const { run, provider } = link;
  const callId = run.nextCallId();
  let isRepeated = false;
  // An answer has its own first call once per provider, also if a later mode puts it among others again.
  for (let isFree = isSplit && group.every(({ askedAlone }) => askedAlone !== provider.index); ; isFree = false) {
    const attempt = Math.max(...group.map(({ attempts }) => attempts)) + 1;
    const call = callAbout(link, group, items, callId, attempt, correction);
    const isFirst = group.every(({ askedProvider }) => askedProvider !== provider.index);
    // What goes beyond an answer's first call to a provider comes out of the run's budget, whatever it is for.
    const mayAsk = isFirst || isFree || provider.isLocal || run.retryBudget.spend();
    const outcomes = mayAsk ? await callInSlot(link, call) : undefined;
    if (outcomes === undefined) return undefined;
    if (!isFirst) run.metrics.callRepeated();
    if (isRepeated) for (const { failures } of group) failures.pop();
    for (const outcome of outcomes) chargeAnswers(link, group, outcome);
    const [outcome] = outcomes;
    const { error } = outcome;
    if (error === undefined || !isWorthRetrying(link, group, error)) return outcome;
    // If the next call is never made, what went wrong is at least one of the causes.
    for (const { failures } of group) failures.push(failureOf(error, link));
    isRepeated = true;
    if (!(await waitBeforeRetry(link, call, group, error))) return undefined;
  }
}

function callAbout(
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
function callInSlot(link: Link, call: ProviderCall): Promise<CallOutcomes | undefined> {
  const { run, provider } = link;
  const make = (): Promise<CallOutcomes | undefined> =>
    run.laneFor(provider).run({
      isRetry: call.attempt > 1,
      tokens: run.tokensOfCall(provider, call.items),
      isOver: () => isOver(link),
      start: (pass) =>
        startCopies(link, call, pass).then((outcomes) => {
          const { error } = outcomes[0];
          // Before the slot is free, so that no further call starts.
          if (error?.scope === 'provider') failLink(link, failureOf(error, link));
          return outcomes;
        }),
    });
  return run.budget?.spend(call, make, (failure) => failLink(link, failure)) ?? make();
}

/** One call, or two where hedging is on and the first is late. */
function startCopies(link: Link, call: ProviderCall, pass: GatePass): Promise<CallOutcomes> {
  const { run, provider } = link;
  const { hedge } = run.options;
  const first = startCall(run, call, pass);
  if (hedge === undefined || provider.isLocal) return first.outcome.then((outcome): CallOutcomes => [outcome]);
  return hedgeCall({
    link,
    hedge,
    facts: eventBase(call),
    first,
    tokens: pass.estimate,
    isUsable: (outcome) => isUsable(call.items, outcome),
    isLinkOver: () => isOver(link),
    startSecond: (passOfSecond) => startCall(run, { ...call, attempt: call.attempt + 1 }, passOfSecond),
  });
}

function isWorthRetrying(link: Link, group: readonly PendingAnswer[], error: ProviderError): boolean {
  const { maxAttempts } = link.run.options.retry;
  // A run that repeats calls at all waits out a few more rejections than faults.
  const maxRejections = maxAttempts === 1 ? 1 : maxAttempts + MORE_REJECTIONS;
  return (
    error.retryable &&
    error.scope !== 'provider' &&
    !CONTENT_FAULTS.has(error.code) &&
    !isWaitTooLong(link, error) &&
    group.every(({ faults, rejections }) => faults < maxAttempts && rejections < maxRejections)
  );
}

/** The provider asks for a longer wait than the caller allows or the deadline leaves. */
function isWaitTooLong({ run }: Link, { retryAfterMs = 0 }: ProviderError): boolean {
  return retryAfterMs > run.options.retry.maxRetryAfterMs || retryAfterMs > run.timeLeftMs();
}

/** Holds no slot. False if the link is over by then. */
async function waitBeforeRetry(
  link: Link,
  call: ProviderCall,
  group: readonly PendingAnswer[],
  { code, message, retryAfterMs }: ProviderError,
): Promise<boolean> {
  const { run, provider, wakeUp } = link;
  const { retry, random, clock } = run.options;
  const faults = Math.max(...group.map((pending) => pending.faults));
  // After a 429 the provider's gate decides when to go on.
  const waitMs = code === 'rate_limited' ? 0 : backOffMs(faults, retryAfterMs, retry, random);
  if (!isOver(link)) {
    const delayMs = Math.max(waitMs, run.gateFor(provider).pauseLeftMs());
    run.emit?.({ type: 'call-retried', ...eventBase(call), code, delayMs, reason: message });
  }
  if (waitMs > 0 && !(await sleep(waitMs, clock, wakeUp))) return false;
  return !isOver(link);
}

async function handleFault(
  link: Link,
  group: readonly PendingAnswer[],
  error: ProviderError,
  correction: string | undefined,
): Promise<void> {
  const failure = failureOf(error, link);
  const reason = CONTENT_FAULTS.has(error.code) ? error.message || UNSPECIFIED : undefined;
  if (group.length > 1 && (SPLITTING_FAULTS.has(error.code) || error.scope === 'item')) {
    const asking: Asking = { isSplit: true, failure, ...(reason !== undefined && { correction: reason }) };
    await Promise.all(group.map(async (pending) => askProvider(link, [pending], asking)));
  } else if (reason !== undefined && correction === undefined)
    await askProvider(link, group, { correction: reason, failure });
  else for (const pending of group) leaveUngraded(link, pending, failure, isWaitTooLong(link, error));
}

/** Settles what was graded; asks alone, once more, what has no usable verdict, and returns when that is answered. */
function acceptVerdicts(
  link: Link,
  group: readonly PendingAnswer[],
  items: readonly GradingItem[],
  outcome: CallOutcome,
  correction: string | undefined,
): Promise<unknown> | undefined {
  const again: Promise<unknown>[] = [];
  let isCounted = false;
  for (const [position, checked] of readVerdicts(items, outcome).entries()) {
    const pending = group[position];
    if (pending === undefined) continue;
    if (checked.kind === 'score') {
      const { verdict } = checked;
      const { report } = outcome;
      const more = link.run.options.samples && seekOpinions(pending, { link, verdict, report }, askOnce);
      if (more === undefined) settleGraded(link, pending, verdict, report);
      else again.push(more);
      link.run.retryBudget.succeeded();
      isCounted = true;
      continue;
    }
    const failure = failureOf(checked, link, outcome.report);
    if (checked.kind === 'malformed' && correction === undefined)
      again.push(askProvider(link, [pending], { correction: checked.reason || UNSPECIFIED, failure }));
    else leaveUngraded(link, pending, failure);
  }
  if (isCounted) link.run.metrics.verdictGiven(outcome.durationMs);
  return again.length > 0 ? Promise.all(again) : undefined;
}

/** Asks for one more verdict on an answer that has one: what fails is no opinion. */
async function askOnce(link: Link, pending: PendingAnswer): Promise<Opinion | undefined> {
  const items = itemsOf(link, [pending]);
  const outcomes = await callInSlot(link, callAbout(link, [pending], items, link.run.nextCallId(), 1));
  if (outcomes === undefined) return undefined;
  for (const outcome of outcomes) chargeAnswers(link, [pending], outcome);
  const [checked] = readVerdicts(items, outcomes[0]);
  return checked?.kind === 'score' ? { link, verdict: checked.verdict, report: outcomes[0].report } : undefined;
}

/** Every answer has a verdict. */
function isUsable(items: readonly GradingItem[], outcome: CallOutcome): boolean {
  return outcome.error === undefined && readVerdicts(items, outcome).every(({ kind }) => kind !== 'malformed');
}

/** A verdict of a provider in plain JavaScript may be anything, even an object that throws when it is read. */
function readVerdicts(items: readonly GradingItem[], { verdicts = [] }: CallOutcome): readonly CheckedVerdict[] {
  try {
    return checkVerdicts(items, verdicts);
  } catch {
    return items.map(() => ({ kind: 'malformed', reason: 'an unreadable object' }));
  }
}

function itemsOf({ run, provider }: Link, group: readonly PendingAnswer[]): readonly GradingItem[] {
  const keys = randomKeys(group.length, run.options.random);
  return group.map(({ source, guarded }, position) =>
    // A local grader needs no protection from what it reads.
    gradingItem(keys[position] ?? '', source, provider.isLocal ? undefined : guarded, run.options.context),
  );
}
