import type { FailureCode, GradingFailure } from '../../contract/failure.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from './grading-run.js';
import type { Link } from './link.js';

/** Fewest calls from which the duration of the next one is guessed. */
const MIN_LATENCY_SAMPLES = 5;

const TOO_LATE = 'too little was left of the deadline for another call';

/**
 * The reason why a link may send nothing more: the provider failed as a whole or asks for too long a wait, or the run has
 * no time. `undefined` while it may: a circuit closes again.
 */
export function whyOver(link: Link): GradingFailure | undefined {
  const { run, provider, end } = link;
  if (end.failure !== undefined) return end.failure;
  const { reason } = run.stopFor(provider);
  if (reason !== undefined) return stopFailure(reason);
  return whyClosed(link) ?? (provider.isLocal ? undefined : whyTooLate(link));
}

/** Failure of a link whose provider's gate will not open in time: its circuit is open, or its pause too long. */
function whyClosed({ run, provider }: Link): GradingFailure | undefined {
  const gate = run.dispatchers.gateFor(provider);
  const { clock, retry, providers } = run.options;
  const { lastFault } = gate.circuit;
  const probeInMs = gate.circuit.probeInMs(clock.now());
  // Another provider is better than a wait; where there is none, a short outage must not cost the rest of the run.
  const isWaiting = retry.maxAttempts > 1 && provider.index === providers.length - 1 && gate.circuit.isWorthAWait;
  if (probeInMs > 0 && !(isWaiting && isShortEnough(run, probeInMs)))
    return closedGate(run, provider, lastFault, `failed again and again (${lastFault})`, probeInMs);
  const pauseLeftMs = gate.pauseLeftMs();
  const hasNext = provider.index >= 0 && provider.index < providers.length - 1;
  if (hasNext && gate.isHopeless())
    return closedGate(run, provider, 'rate_limited', 'let nothing through', pauseLeftMs);
  // Without a pause, a run that is late is out of time, not turned away.
  return pauseLeftMs === 0 || isShortEnough(run, pauseLeftMs)
    ? undefined
    : closedGate(run, provider, 'rate_limited', 'asked for too long a wait', pauseLeftMs);
}

/** True if the run may wait so long, in milliseconds: within the user's limit, and before the deadline. */
function isShortEnough(run: GradingRun, waitMs: number): boolean {
  return waitMs <= run.options.retry.maxRetryAfterMs && waitMs < run.timeLeftMs();
}

/** The controller turned a call away: as many wait as may, or it has waited for as long as it may. */
export function busyFailure({ run, provider }: Link, retryAfterMs: number): GradingFailure {
  const retryAt = new Date(run.options.clock.date() + retryAfterMs).toISOString();
  const message = 'the grading controller is busy: too many calls wait';
  return { code: 'overloaded', message, scope: 'provider', retryable: true, retryAt, provider: provider.name };
}

/** Failure of an answer that a closed gate keeps from being asked, with the time at which it opens. */
function closedGate(
  run: GradingRun,
  { name }: BoundProvider,
  code: FailureCode,
  what: string,
  waitMs: number,
): GradingFailure {
  const retryAt = new Date(run.options.clock.date() + waitMs).toISOString();
  return { code, message: `${name} ${what}`, scope: 'provider', retryable: true, retryAt, provider: name };
}

/**
 * Failure of a link whose next call would probably pass the deadline. Only this run's own calls are evidence: another
 * run may have asked for something else, or at a worse time.
 */
function whyTooLate({ run, provider }: Link): GradingFailure | undefined {
  if (run.options.deadlineMs === undefined) return undefined;
  const typicalMs = run.dispatchers.dispatcherFor(provider).latency.quantileMs(0.5, MIN_LATENCY_SAMPLES) ?? 0;
  return run.timeLeftMs() < typicalMs ? { ...stopFailure('deadline_exceeded'), message: TOO_LATE } : undefined;
}

/** The failure of an answer whose run stops. */
export function stopFailure(code: 'aborted' | 'deadline_exceeded'): GradingFailure {
  return code === 'aborted'
    ? { code, message: 'the run was aborted', scope: 'call', retryable: false }
    : { code, message: 'the deadline of the run passed', scope: 'call', retryable: true };
}
