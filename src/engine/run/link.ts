import { Latch } from '../../async/latch.js';
import type { GradingFailure } from '../../contract/failure.js';
import type { ProcessingMode } from '../../contract/result.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from './grading-run.js';
import type { PendingAnswer } from './pending-answer.js';
import { remedyFor } from './remedies.js';
import type { Strikes } from './strikes.js';

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
  /** True if the provider has no later mode: what this one leaves, its provider will not be asked again. */
  readonly isLastMode: boolean;
  readonly end: LinkEnd;
  /** Strikes of its calls of several answers. */
  readonly strikes: Strikes;
  /** Opens with the link's first call. */
  readonly firstCall: Latch;
  /** Judges give further opinions on doubtful grades, where that is not the provider itself. */
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

  /** Ends the link and wakes its back-offs. Idempotent: the first failure stays. */
  fail(failure: GradingFailure): void {
    this.#failure ??= failure;
    this.wakeUp.open();
  }
}

/**
 * Leaves an answer ungraded in this link, and decides whether the provider's next mode may still try it.
 *
 * @param isWaitTooLong True if the provider asks for a longer wait than the run can give, so its other modes are no use
 * either.
 */
export function leaveUngraded(
  link: Link,
  pending: PendingAnswer,
  failure: GradingFailure,
  isWaitTooLong = false,
): void {
  const isFinal = remedyFor(failure) === 'next-provider' || failure.scope === 'provider' || isWaitTooLong;
  pending.leave(failure, isFinal ? link.provider : undefined);
  link.leave(pending);
}
