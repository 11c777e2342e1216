import type { BoundProvider } from './bound-provider.js';
import type { GradingFailure } from './failure.js';
import type { GradingRun } from './grading-run.js';
import type { PendingAnswer } from './pending-answer.js';
import type { ProcessingMode } from './result.js';
import type { RunStop } from './run-stop.js';

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
  /** Ends back-offs when the run stops or the provider fails as a whole. */
  readonly wakeUp: RunStop;
  /** Takes the answers that this link could not grade. */
  readonly leave: (pending: PendingAnswer) => void;
}

/** Fewer calls than this say nothing of how long the next one takes. */
const MIN_LATENCY_SAMPLES = 5;

/** Failures that a later mode of the same provider may cure. The rest stays with the provider, whatever the mode. */
const CURED_BY_ANOTHER_MODE: ReadonlySet<string> = new Set([
  'rate_limited',
  'overloaded',
  'timeout',
  'network',
  'server',
  'unknown',
  // A model that went wrong twice in one way of asking may well answer in another.
  'malformed',
  'truncated',
]);

/** Notes that an answer stays ungraded in this link, and whether the provider's next mode should try it. */
export function leaveUngraded(
  link: Link,
  pending: PendingAnswer,
  failure: GradingFailure,
  isWaitTooLong = false,
): void {
  if (pending.failures.at(-1) !== failure) pending.failures.push(failure);
  const goesOn = CURED_BY_ANOTHER_MODE.has(failure.code) && failure.scope !== 'provider' && !isWaitTooLong;
  if (!goesOn) pending.doneWithProvider = link.provider.index;
  link.leave(pending);
}

/** Waits while another call puts the beginning of these answers' prompt into the provider's cache. */
export async function awaitTurn({ run, provider }: Link, group: readonly PendingAnswer[]): Promise<void> {
  const items = group.map(({ source: { question } }) => ({
    question,
    context: question.context ?? run.options.context,
  }));
  await run.warmUp?.turn(run.gateFor(provider), provider, items, run.stopFor(provider));
}

/** The provider failed as a whole: nothing more is sent to it, and nothing waits for it. */
export function failLink(link: Link, failure: GradingFailure): void {
  link.fatal ??= failure;
  link.wakeUp.stop('aborted');
}

/** Why nothing more may be sent: the provider failed as a whole or asks for too long a wait, or the run has no time. */
export function whyOver(link: Link): GradingFailure | undefined {
  const { run, provider, fatal } = link;
  if (fatal !== undefined) return fatal;
  const { reason } = run.stopFor(provider);
  if (reason !== undefined) return stopFailure(reason);
  if (provider.isLocal) return undefined;
  return whyClosed(link) ?? (hasNoTime(link) ? stopFailure('deadline_exceeded') : undefined);
}

/** The provider's gate will not open in time. */
function whyClosed({ run, provider }: Link): GradingFailure | undefined {
  const gate = run.gateFor(provider);
  const { clock, retry } = run.options;
  if (gate.circuit.state(clock.now()) === 'open') return circuitOpen(provider.name);
  const pauseLeftMs = gate.pauseLeftMs();
  // Without a pause, a run that is late is out of time, not turned away.
  if (pauseLeftMs === 0 || (pauseLeftMs <= retry.maxRetryAfterMs && pauseLeftMs < run.timeLeftMs())) return undefined;
  return {
    code: 'rate_limited',
    message: `${provider.name} asked for too long a wait`,
    scope: 'provider',
    retryable: true,
    retryAt: new Date(clock.date() + pauseLeftMs).toISOString(),
    provider: provider.name,
  };
}

/** A call would take longer than is left, as far as the provider's history tells. */
function hasNoTime({ run, provider }: Link): boolean {
  if (run.options.deadlineMs === undefined) return false;
  return run.timeLeftMs() < (run.gateFor(provider).latency.quantileMs(0.5, MIN_LATENCY_SAMPLES) ?? 0);
}

/** What an answer fails with when its run stops. */
export function stopFailure(code: 'aborted' | 'deadline_exceeded'): GradingFailure {
  return code === 'aborted'
    ? { code, message: 'the run was aborted', scope: 'call', retryable: false }
    : { code, message: 'the deadline of the run passed', scope: 'call', retryable: true };
}

function circuitOpen(provider: string): GradingFailure {
  return {
    code: 'overloaded',
    message: `${provider} failed again and again`,
    scope: 'provider',
    retryable: true,
    provider,
  };
}
