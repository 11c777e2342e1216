import type { FailureCode } from '../../contract/failure.js';

/** Closed lets calls through, open none, half open a single probe. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** Failures in a row that open a circuit; as many as there are slots where those are more. */
const FEWEST_FAILURES = 5;

/** Wait of an open circuit before its first probe, in milliseconds; doubled by every probe that fails. */
const CIRCUIT_COOLDOWN_MS = 5_000;

/** The longest wait between probes, in milliseconds. */
const CIRCUIT_MAX_COOLDOWN_MS = 60_000;

/** After so many failed probes in a row, nobody waits for a further one: with the times between them, 35 seconds. */
const MOST_FAILED_PROBES = 3;

/** Failed call: its number in order of start, and the number of calls that had started when it failed. */
interface FailedCall {
  readonly callNumber: number;
  readonly callsStarted: number;
  readonly code: FailureCode;
}

/**
 * Circuit breaker: stops calls to a provider that is down. Opens after so many failures in a row, and lets one call
 * through from time to time to see whether it is back. Calls that were under way together when the first of them failed
 * count once: connections that drop at the same time are one fault and no outage. Owned by the provider's gate. Times
 * are handed in, in milliseconds.
 */
export class Circuit {
  #state: CircuitState = 'closed';
  #failures = 0;
  /** The last call that was under way when the first of the failures came. */
  #lastTogether = 0;
  /** Wait before the next probe, in milliseconds. */
  #cooldownMs = CIRCUIT_COOLDOWN_MS;
  #probeAtMs = 0;
  #failedProbes = 0;
  #lastFault: FailureCode = 'overloaded';

  /** The last failure's code: what whoever finds the circuit open is told. */
  get lastFault(): FailureCode {
    return this.#lastFault;
  }

  /** True if the next probe may well get through: false after several that did not. */
  get isWorthAWait(): boolean {
    return this.#failedProbes < MOST_FAILED_PROBES;
  }

  /** State of the circuit, which turns half open when a probe is due. */
  state(nowMs: number): CircuitState {
    if (this.#state === 'open' && nowMs >= this.#probeAtMs) this.#state = 'half_open';
    return this.#state;
  }

  /** Milliseconds until an open circuit's next probe; 0 if it is not open. */
  probeInMs(nowMs: number): number {
    return this.state(nowMs) === 'open' ? this.#probeAtMs - nowMs : 0;
  }

  /** Lets one probe through before its time: a call of another shape may get through where others did not. */
  allowProbe(): void {
    if (this.#state === 'open') this.#state = 'half_open';
  }

  /** True if this closed the circuit. */
  succeeded(): boolean {
    const wasClosed = this.#state === 'closed';
    this.#state = 'closed';
    this.#failures = 0;
    this.#failedProbes = 0;
    this.#cooldownMs = CIRCUIT_COOLDOWN_MS;
    return !wasClosed;
  }

  /** True if this opened the circuit. */
  failed({ callNumber, callsStarted, code }: FailedCall, limit: number, nowMs: number): boolean {
    this.#lastFault = code;
    const isFirst = this.#failures === 0;
    if (isFirst) this.#lastTogether = callsStarted;
    if (isFirst || callNumber > this.#lastTogether) this.#failures++;
    if (this.#state === 'closed' && this.#failures < Math.max(FEWEST_FAILURES, limit)) return false;
    if (this.#state === 'half_open') {
      this.#failedProbes++;
      this.#cooldownMs = Math.min(this.#cooldownMs * 2, CIRCUIT_MAX_COOLDOWN_MS);
    }
    const opens = this.#state !== 'open';
    this.#state = 'open';
    this.#probeAtMs = nowMs + this.#cooldownMs;
    return opens;
  }
}
