import type { Clock } from '../../contract/clock.js';
import { ProviderError, type ProviderErrorOptions } from '../../contract/errors.js';
import type { CallContext } from '../../contract/provider.js';
import { delay, orAbort, unlessFrozen } from '../time/waiting.js';
import {
  THROWN_FAULTS,
  isContentFault,
  isThrownFault,
  type CallFault,
  type ContentFault,
  type Fault,
  type ThrownFault,
} from './faults.js';

/** A call that is about to go wrong. */
export interface FaultyCall<Reply> {
  call: CallContext;
  clock: Clock | undefined;
  ask: (call: CallContext) => Promise<Reply>;
  damage: (reply: Reply, fault: ContentFault) => Reply;
}

const SLOW_MS = 5_000;
const RETRY_AFTER_MS = 1_000;

/** Makes the call, with the fault. */
export async function applyFault<Reply>(fault: Fault, faulty: FaultyCall<Reply>): Promise<Reply> {
  const { fault: name } = fault;
  if (isThrownFault(name)) return fail(name, fault, faulty.call);
  if (isContentFault(name)) return faulty.damage(await faulty.ask(faulty.call), name);
  return misbehave(name, fault, faulty);
}

async function misbehave<Reply>(
  name: CallFault,
  { delayMs }: Fault,
  { call, clock, ask }: FaultyCall<Reply>,
): Promise<Reply> {
  switch (name) {
    case 'hang':
      return unlessFrozen(orAbort(new Promise<Reply>(() => {}), call.signal), clock);
    case 'ignores_abort':
      await (delayMs === undefined ? unlessFrozen(new Promise(() => {}), clock) : delay(delayMs, undefined, clock));
      return ask({ ...call, signal: new AbortController().signal });
    case 'slow':
      await delay(delayMs ?? SLOW_MS, call.signal, clock);
      return ask(call);
    case 'settles_twice':
      return settleTwice(ask(call));
    case 'throws_null':
      break;
  }
  // What no type allows and some code still does.
  throw null as unknown as Error;
}

function settleTwice<Reply>(reply: Promise<Reply>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    void reply.then(resolve, reject);
    void reply.then(() => reject(new Error('too late')), reject);
  });
}

async function fail(name: ThrownFault, { retryAfterMs }: Fault, call: CallContext): Promise<never> {
  const options: ProviderErrorOptions = { status: THROWN_FAULTS[name], retryAfterMs };
  if (name !== 'rate_limited') throw new ProviderError(name, `injected fault: ${name}`, options);
  const waitMs = retryAfterMs ?? RETRY_AFTER_MS;
  call.report({ rateLimit: { remainingRequests: 0, requestResetMs: waitMs } });
  throw new ProviderError(name, `injected fault: ${name}`, { ...options, retryAfterMs: waitMs });
}
