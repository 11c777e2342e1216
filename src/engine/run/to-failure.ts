import { NO_RESULT, type CheckedVerdict } from '../../grading/marks/check-verdict.js';
import { assignDefined } from '../../json/defined.js';
import type { ProviderError } from '../../contract/errors.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { GradeSource } from './link.js';
import type { CallReport } from '../../contract/provider.js';

/** Failure as data: a provider's error, or its lack of a verdict, with the provider's name and the time of a retry. */
export function failureOf(
  fault: ProviderError | Exclude<CheckedVerdict, { kind: 'score' }>,
  { provider, run }: GradeSource,
  report: CallReport = {},
): GradingFailure {
  // A verdict that is missing or refused concerns this item alone.
  if ('kind' in fault) {
    const code = fault.kind;
    const message =
      code === 'refused'
        ? `${provider.name} declined to grade this answer${fault.reason === undefined ? '' : `: ${fault.reason}`}`
        : `${provider.name} gave no usable verdict: ${reasonFor(fault.reason, provider.promptVersion)}`;
    const failure: GradingFailure = { code, message, scope: 'item', retryable: false, provider: provider.name };
    return assignDefined(failure, { requestId: report.requestId });
  }
  // An error keeps its own scope: it may concern the item, the call or the provider.
  const { code, scope, retryable, retryAfterMs, requestId } = fault;
  const message = messageOf(fault, provider.name);
  // A point in time, since whoever reads a result later cannot tell from when a delay counts.
  const retryAt =
    retryAfterMs === undefined ? undefined : new Date(run.options.clock.date() + retryAfterMs).toISOString();
  return assignDefined<GradingFailure>(
    { code, message, scope, retryable, provider: provider.name },
    { retryAt, requestId },
  );
}

/**
 * Sentence for people. A malformed reply does not say by itself whose it was, so the provider's name is put before it.
 */
function messageOf({ code, message }: ProviderError, name: string): string {
  if (message === '') return `${name} failed: ${code}`;
  return code === 'malformed' && !message.includes(name) ? `${name} gave no usable reply: ${message}` : message;
}

/**
 * The reason in the words of whoever can act on it: models are told of keys, and people who write a provider of ids.
 */
function reasonFor(reason: string, promptVersion: string | undefined): string {
  return reason === NO_RESULT && promptVersion === undefined
    ? 'it returned no verdict with the id of this item; each verdict repeats the id of its item'
    : reason;
}
