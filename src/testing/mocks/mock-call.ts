import type { Clock } from '../../contract/clock.js';
import type { CallContext, ProviderCapabilities } from '../../contract/provider.js';
import { delay, orAbort } from '../time/waiting.js';

/** What a mock may be told beside its script. `Asked` is what a call carries. */
export interface MockOptions<Asked> {
  /** Shown in results, errors and metrics. @default 'mock' */
  name?: string | undefined;
  /** How long a call takes, in milliseconds; an abort cuts it short. @default 0: no timer at all */
  delayMs?: number | ((asked: Asked, call: CallContext) => number) | undefined;
  /** Where delays and times come from. @default the run's clock */
  clock?: Clock | undefined;
  capabilities?: ProviderCapabilities | undefined;
  /** Go on with the last value when a list or generator is used up. @default false: the call fails */
  repeatLast?: boolean | undefined;
  /**
   * Reject the whole run when the mock is misused: a script that ran out or threw a `TypeError`, a question it does not
   * know. @default false: the answer fails as `invalid_request`, which a chain or an app may hide; see `verify()`
   */
  rejectRun?: boolean | undefined;
}

/** Answers one call of a mock: reads the script at once, so that it is used up in the order of calls, then waits. */
export async function answerMockCall<Asked, Reply>(
  asked: Asked,
  call: CallContext,
  options: MockOptions<Asked>,
  readScript: () => Promise<Reply>,
): Promise<Reply> {
  call.signal.throwIfAborted();
  const reply = readScript();
  // If the wait is aborted, nobody asks what became of the reply.
  reply.catch(() => {});
  const { delayMs = 0, clock = call.clock } = options;
  const waitMs = typeof delayMs === 'function' ? delayMs(asked, call) : delayMs;
  if (waitMs > 0) await delay(waitMs, call.signal, clock);
  return orAbort(reply, call.signal);
}
