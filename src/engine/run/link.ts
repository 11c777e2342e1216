import { Latch } from '../../async/latch.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { ProcessingMode } from '../../contract/result.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from './grading-run.js';
import type { PendingAnswer } from './pending-answer.js';

/** A provider's part in a run: all that a result tells of who graded. */
export interface GradeSource {
  readonly run: Pick<GradingRun, 'options' | 'guards' | 'elapsedMs'>;
  readonly provider: Pick<BoundProvider, 'index' | 'name' | 'isLocal' | 'promptVersion'>;
}

/** Link of the chain: a provider in a mode, at work. Made when the chain comes to it, for as long as it takes answers. */
export interface Link extends GradeSource {
  readonly run: GradingRun;
  readonly provider: BoundProvider;
  readonly mode: ProcessingMode;
  readonly end: LinkEnd;
  /** Those who give further opinions on doubtful grades, where that is not the provider itself. */
  readonly judges: readonly Judge[];
  /** Takes the answers that this link could not grade. */
  readonly leave: (pending: PendingAnswer) => void;
}

/** A provider that only gives further opinions. Its end lasts as long as the chain: it is the same in every link. */
export interface Judge {
  readonly provider: BoundProvider;
  readonly end: LinkEnd;
}

/**
 * End of a link: a failure of the provider as a whole, such as a wrong key, after which nothing more is sent to it. Owned
 * by the link, or by the chain for a judge.
 */
export class LinkEnd {
  /** Ends back-offs: nobody sits one out before a call that will not be made. */
  readonly wakeUp: Latch = new Latch();
  #failure: GradingFailure | undefined;

  /** The first failure of the provider as a whole; `undefined` while there is none. */
  get failure(): GradingFailure | undefined {
    return this.#failure;
  }

  fail(failure: GradingFailure): void {
    this.#failure ??= failure;
    this.wakeUp.open();
  }
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
  const { code, retryable, scope } = failure;
  const isCurable = CURED_BY_ANOTHER_MODE.has(code) || (retryable && CURED_BY_TIME.has(code));
  const isFinal = !isCurable || scope === 'provider' || isWaitTooLong;
  pending.leave(failure, isFinal ? link.provider : undefined);
  link.leave(pending);
}
