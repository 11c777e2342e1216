import type { ProviderError } from '../../contract/errors.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { GradingItem } from '../../contract/provider.js';
import { itemKeys } from '../../grading/prompt/item-keys.js';
import type { DroppedCall } from '../limits/dispatcher.js';
import { leaveUngraded, type Link } from '../run/link.js';
import { gradingItem, type PendingAnswer } from '../run/pending-answer.js';
import { settleGraded } from '../run/settle.js';
import { remedyFor } from '../run/remedies.js';
import { failureOf } from '../run/to-failure.js';
import { whyOver } from '../run/why-over.js';
import { chargeAnswers } from './charge-answers.js';
import { type Opinion, seekOpinions } from './more-opinions.js';
import type { CallOutcome } from './provider-call.js';
import { type Asking, callAbout, callInSlot, callUntilThrough, isWaitTooLong, readVerdicts } from './repeat-call.js';

/** Correction for a re-ask after a reply whose error did not say what was wrong. */
const UNSPECIFIED = 'unusable';

/**
 * Asks a provider about a group of answers, in one call at first, until each is graded or left ungraded by this link.
 * Faults on the way are repeated, faults of content are asked again once. A call of several answers is split before its
 * provider is given up for them: one answer's fault never costs the others theirs.
 *
 * @param asking What was wrong before, when this is that one more time.
 */
export function askProvider(link: Link, group: readonly PendingAnswer[], asking: Asking = {}): Promise<unknown> {
  const items = itemsOf(link, group);
  return callUntilThrough(link, group, items, asking).then((outcome) =>
    takeOutcome(link, group, items, outcome, asking),
  );
}

/** Settles the answers that have a verdict, or asks again; resolves when nothing is left to ask. */
function takeOutcome(
  link: Link,
  group: readonly PendingAnswer[],
  items: readonly GradingItem[],
  outcome: CallOutcome | DroppedCall<GradingFailure>,
  asking: Asking,
): Promise<unknown> | undefined {
  const { correction } = asking;
  if ('dropped' in outcome) {
    // A link over only for calls of several answers (its strikes are out) still takes them one by one.
    if (isSplit(link, group, outcome.dropped)) return askEach(link, group, { failure: outcome.dropped });
    for (const pending of group) leaveUngraded(link, pending, outcome.dropped);
    return undefined;
  }
  if (outcome.error !== undefined) return handleFault(link, group, outcome.error, correction);
  return acceptVerdicts(link, group, items, outcome, correction);
}

/** Finds the remedy for a call that failed for good: split it, ask again with a correction, or leave its answers. */
async function handleFault(
  link: Link,
  group: readonly PendingAnswer[],
  error: ProviderError,
  correction: string | undefined,
): Promise<void> {
  const failure = failureOf(error, link);
  const reason = remedyFor(error) === 're-ask' ? error.message || UNSPECIFIED : undefined;
  // A provider that asks for too long a wait is closed to single answers as well, so a split would gain nothing.
  const isClosed = isWaitTooLong(link, error);
  if (!isClosed && isSplit(link, group, failure))
    await askEach(link, group, { failure, ...(reason !== undefined && { correction: reason }) });
  else if (reason !== undefined && correction === undefined)
    await askProvider(link, group, { correction: reason, failure });
  else for (const pending of group) leaveUngraded(link, pending, failure, isClosed);
}

/**
 * True if the answers of a call are asked one by one instead: where its shape or one of them may be at fault, and before
 * its provider is given up for them, unless that is closed to all.
 */
function isSplit(link: Link, group: readonly PendingAnswer[], failure: GradingFailure): boolean {
  if (group.length === 1 || failure.scope === 'provider' || whyOver(link) !== undefined) return false;
  const remedy = remedyFor(failure);
  return failure.scope === 'item' || remedy === 're-ask' || remedy === 'next-provider' || link.isLastMode;
}

/** Splits a call: asks about each of its answers alone, at the same time. */
async function askEach(link: Link, group: readonly PendingAnswer[], asking: Asking): Promise<void> {
  await Promise.all(group.map(async (pending) => askProvider(link, [pending], asking)));
}

/**
 * Settles the graded answers, and asks once more, alone, about each without a usable verdict. Returns a promise only
 * where something is still being asked, so that the common case costs none.
 */
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
    // A correction is tried once: an answer that was asked with one and got no verdict again is left.
    if (checked.kind === 'malformed' && correction === undefined)
      again.push(askProvider(link, [pending], { correction: checked.reason || UNSPECIFIED, failure }));
    else leaveUngraded(link, pending, failure);
  }
  if (isCounted) link.run.metrics.verdictGiven(outcome.durationMs);
  return again.length > 0 ? Promise.all(again) : undefined;
}

/** Asks for one more verdict on an answer that has one. A call that fails is no opinion, and is not repeated. */
async function askOnce(link: Link, pending: PendingAnswer): Promise<Opinion | undefined> {
  const items = itemsOf(link, [pending]);
  const outcomes = await callInSlot(link, callAbout(link, [pending], items, link.run.nextCallId(), 1));
  if ('dropped' in outcomes) return undefined;
  for (const outcome of outcomes) chargeAnswers(link, [pending], outcome);
  const [checked] = readVerdicts(items, outcomes[0]);
  return checked?.kind === 'score' ? { link, verdict: checked.verdict, report: outcomes[0].report } : undefined;
}

/**
 * The answers as items of a call. Random keys stand for their ids, so that no learner can guess another item's name.
 */
function itemsOf({ run, provider }: Link, group: readonly PendingAnswer[]): readonly GradingItem[] {
  const keys = itemKeys(group.length, run.options.random);
  return group.map(({ source, guarded }, position) =>
    // A local grader needs no protection from what it reads.
    gradingItem(keys[position] ?? '', source, provider.isLocal ? undefined : guarded, run.options.context),
  );
}
