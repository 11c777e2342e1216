import { NO_RESULT, type CheckedVerdict } from '../../grading/marks/check-verdict.js';
import { assignDefined } from '../../json/defined.js';
import type { ProviderError } from '../../contract/errors.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { GradeSource } from './link.js';
import type { CallReport } from '../../contract/provider.js';

/** A provider's error, or its lack of a verdict, as data. */
export function failureOf(
  fault: ProviderError | Exclude<CheckedVerdict, { kind: 'score' }>,
  { provider, run }: GradeSource,
  report: CallReport = {},
): GradingFailure {
  if ('kind' in fault) {
    const code = fault.kind;
    const message =
      code === 'refused'
        ? `${provider.name} declined to grade this answer${fault.reason === undefined ? '' : `: ${fault.reason}`}`
        : `${provider.name} gave no usable verdict: ${reasonFor(fault.reason, provider.promptVersion)}`;
    const failure: GradingFailure = { code, message, scope: 'item', retryable: false, provider: provider.name };
    return assignDefined(failure, { requestId: report.requestId });
  }
  const { code, scope, retryable, retryAfterMs, requestId } = fault;
  const message = messageOf(fault, provider.name);
  const retryAt =
    retryAfterMs === undefined ? undefined : new Date(run.options.clock.date() + retryAfterMs).toISOString();
  return assignDefined<GradingFailure>(
    { code, message, scope, retryable, provider: provider.name },
    { retryAt, requestId },
  );
}

/** What is wrong with a reply says nothing of whose reply it was. */
function messageOf({ code, message }: ProviderError, name: string): string {
  if (message === '') return `${name} failed: ${code}`;
  return code === 'malformed' && !message.includes(name) ? `${name} gave no usable reply: ${message}` : message;
}

/** Models are told of keys; whoever writes a provider returns ids. */
function reasonFor(reason: string, promptVersion: string | undefined): string {
  return reason === NO_RESULT && promptVersion === undefined
    ? 'it returned no verdict with the id of this item; each verdict repeats the id of its item'
    : reason;
}
