import type { Link } from '../run/link.js';
import type { CallShare, PendingAnswer } from '../run/pending-answer.js';
import type { CallOutcome } from './provider-call.js';
import { shareUsage } from '../telemetry/token-usage.js';

/**
 * Books a call on every answer in it. Each is charged the whole duration, since it waited for all of it, and an even
 * share of the tokens, so that the shares sum to the call's usage.
 */
export function chargeAnswers(
  { mode, provider, run }: Link,
  group: readonly PendingAnswer[],
  { durationMs, report, error }: CallOutcome,
): void {
  const usage = report.usage && shareUsage(report.usage, group.length);
  // The count tells an answer later if the provider let others through between two of its rejections.
  const { admittedCount } = run.dispatchers.gateFor(provider);
  const fault = error && { code: error.code, retryable: error.retryable, admittedCount };
  const share: CallShare = { provider, mode, durationMs, usage, isAlone: group.length === 1, ...(fault && { fault }) };
  for (const pending of group) pending.charge(share);
}
