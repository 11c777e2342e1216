import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { CallOutcome } from './provider-call.js';
import { addUsage, shareUsage } from '../telemetry/token-usage.js';

/** Books a call on every answer in it, tokens in even shares. */
export function chargeAnswers(
  { mode, provider, run }: Link,
  group: readonly PendingAnswer[],
  { durationMs, report, error }: CallOutcome,
): void {
  for (const pending of group) {
    pending.attempts++;
    pending.callMs += durationMs;
    pending.mode = mode;
    pending.askedProvider = provider.index;
    if (group.length === 1) pending.askedAlone = provider.index;
    if (error?.code === 'rate_limited') countRejection(pending, run.gateFor(provider).admittedCount);
    else if (error?.retryable === true) pending.faults++;
    if (report.usage !== undefined) pending.usage = addUsage(pending.usage, shareUsage(report.usage, group.length));
  }
}

/** The answer that is sent first after a pause is turned away more than others: that alone must not lose it. */
function countRejection(pending: PendingAnswer, admittedCount: number): void {
  pending.rejections = admittedCount > pending.admittedAtRejection ? 1 : pending.rejections + 1;
  pending.admittedAtRejection = admittedCount;
}
