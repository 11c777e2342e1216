import { systemClock, type Clock } from '../../contract/clock.js';
import type { CallContext, CallOrigin } from '../../contract/provider.js';

/** What a double remembers of a call. */
export interface RecordedCall {
  /** 1 for the first call that carried these answers. */
  attempt: number;
  callId: string;
  signal: AbortSignal;
  /** What the engine said was wrong with the last reply. */
  correction: string | undefined;
  /** Mode, priority and positions of the answers; absent where a test calls the double itself. */
  origin: CallOrigin | undefined;
  /** Milliseconds on the double's clock. */
  startedAt: number;
  /** Milliseconds on the double's clock; `undefined` while the call is in flight. */
  endedAt: number | undefined;
}

/** Remembers calls in the order they started. */
export interface CallRecorder<Asked extends object> {
  readonly calls: readonly (RecordedCall & Asked)[];
  readonly peakInFlight: number;
  record<T>(asked: Asked, call: CallContext, answer: () => Promise<T>): Promise<T>;
}

/** Makes a recorder that takes its times from its own clock, else from that of the run. */
export function createCallRecorder<Asked extends object>(ownClock?: Clock): CallRecorder<Asked> {
  const calls: (RecordedCall & Asked)[] = [];
  let inFlight = 0;
  let peakInFlight = 0;
  return {
    calls,
    get peakInFlight() {
      return peakInFlight;
    },
    async record(asked, call, answer) {
      const { attempt, callId, signal, correction, origin, clock: runClock = systemClock } = call;
      const clock = ownClock ?? runClock;
      const startedAt = clock.now();
      const recorded = { ...asked, attempt, callId, signal, correction, origin, startedAt, endedAt: undefined };
      const entry: RecordedCall & Asked = recorded;
      calls.push(entry);
      inFlight += 1;
      peakInFlight = Math.max(peakInFlight, inFlight);
      try {
        return await answer();
      } finally {
        inFlight -= 1;
        entry.endedAt = clock.now();
      }
    },
  };
}
