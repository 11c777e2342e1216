import type { Latch } from '../../async/latch.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { ProcessingMode } from '../../contract/result.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from './grading-run.js';
import type { PendingAnswer } from './pending-answer.js';

/** Who grades in which run: what a result tells of it. */
export interface GradeSource {
  readonly run: Pick<GradingRun, 'options' | 'guards' | 'elapsedMs'>;
  readonly provider: Pick<BoundProvider, 'index' | 'name' | 'isLocal' | 'promptVersion'>;
}

/** One link of the chain while it works: a provider in a mode. */
export interface Link extends GradeSource {
  readonly run: GradingRun;
  readonly provider: BoundProvider;
  readonly mode: ProcessingMode;
  /** A failure of the provider as a whole: nothing more is sent to it. */
  fatal: GradingFailure | undefined;
  /** Why it was over when a call was last dropped for that: a circuit may have closed again since. */
  lastOver?: GradingFailure;
  /** Ends back-offs when the run stops or the provider fails as a whole. */
  readonly wakeUp: Latch;
  /** Takes the answers that this link could not grade. */
  readonly leave: (pending: PendingAnswer) => void;
}

/** Failures that a later mode of the same provider may cure: a model may well answer when it is asked in another way. */
const CURED_BY_ANOTHER_MODE: ReadonlySet<string> = new Set(['unknown', 'malformed', 'truncated']);

/** Failures that a later mode may cure unless the provider says that trying again is of no use. */
const CURED_BY_TIME: ReadonlySet<string> = new Set(['rate_limited', 'overloaded', 'timeout', 'network', 'server']);

/** Notes that an answer stays ungraded in this link, and whether the provider's next mode should try it. */
export function leaveUngraded(
  link: Link,
  pending: PendingAnswer,
  failure: GradingFailure,
  isWaitTooLong = false,
): void {
  if (pending.failures.at(-1) !== failure) pending.failures.push(failure);
  const { code, retryable, scope } = failure;
  const isCurable = CURED_BY_ANOTHER_MODE.has(code) || (retryable && CURED_BY_TIME.has(code));
  if (!isCurable || scope === 'provider' || isWaitTooLong) pending.doneWithProvider = link.provider.index;
  link.leave(pending);
}

/** The provider failed as a whole: nothing more is sent to it, and nothing waits for it. */
export function failLink(link: Link, failure: GradingFailure): void {
  link.fatal ??= failure;
  link.wakeUp.open();
}
