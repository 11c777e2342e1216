import type { BoundProvider } from '../providers/bound-provider.js';
import { ProviderError, rejectsRun } from '../../contract/errors.js';
import type { GradingRun } from '../run/grading-run.js';
import { stopFailure } from '../run/why-over.js';
import type { GatePass } from '../limits/gate-pass.js';
import type { CallContext, CallReport, GradingItem, Verdict } from '../../contract/provider.js';
import type { ProcessingMode } from '../../contract/result.js';
import { waitWithGrace, type Settled, type Settling } from '../../async/waiting.js';
import { addToReport } from './call-report.js';
import { asProviderError } from './as-provider-error.js';
import { yieldToEventLoop } from '../../async/yield.js';

/** Call to make: its items, and the names under which events and the provider know it. */
export interface ProviderCall {
  readonly provider: BoundProvider;
  readonly mode: ProcessingMode;
  readonly items: readonly GradingItem[];
  /** Positions of the items' answers in the input. */
  readonly indices: readonly number[];
  /** Id that all attempts share, so that a provider can use it as an idempotency key. */
  readonly callId: string;
  /** 1 for the first call that carries these items. */
  readonly attempt: number;
  /** Complaint about the last reply, for a re-ask; `undefined` for a call of another sort. */
  readonly correction: string | undefined;
}

/** Outcome of a call. Exactly one of `verdicts` and `error` is there. */
export interface CallOutcome {
  readonly verdicts?: readonly Verdict[];
  readonly error?: ProviderError;
  readonly durationMs: number;
  readonly report: CallReport;
}

/** State of a call under way: the reason that ended it early, and the report that the provider adds to. */
interface CallState {
  readonly abort: AbortController;
  readonly report: CallReport;
  endedBy: 'timeout' | 'aborted' | 'deadline_exceeded' | undefined;
  /** Age of the call when it was ended early, in milliseconds. */
  endedAfterMs: number;
  /** True once the outcome is made: reports that come later do not count. */
  isOver: boolean;
}

/** A call under way. */
export interface RunningCall {
  /** Settles when the call is really over. Never rejects. */
  readonly outcome: Promise<CallOutcome>;
  /** Ends it because its result is not needed any more. */
  cancel(): void;
  /** Ends it as one that takes too long, before its attempt timeout. */
  timeOut(): void;
}

/**
 * Starts one call. Its slot is free only when the call is really over, not when it is aborted; a call that outlives its
 * abort by more than the grace is left behind and counted as leaked.
 */
export function startCall(run: GradingRun, call: ProviderCall, pass: GatePass): RunningCall {
  const { clock, abortGraceMs } = run.options;
  const abort = new AbortController();
  const state: CallState = { abort, report: {}, endedBy: undefined, endedAfterMs: 0, isOver: false };
  const startedAtMs = clock.now();
  callStarted(run, call);
  const settling = waitWithGrace(invoke(run, call, state), abortGraceMs, clock);
  const end = (endedBy: NonNullable<CallState['endedBy']>): void => {
    // A reply that has come counts, though nobody has looked at it yet.
    if (!settling.startGrace()) return;
    if (state.endedBy === undefined) state.endedAfterMs = clock.now() - startedAtMs;
    // Of several ends, the first is told.
    state.endedBy ??= endedBy;
    state.abort.abort(abortReason(state.endedBy));
  };
  return {
    outcome: awaitOutcome(run, call, pass, state, settling, end),
    cancel: () => end('aborted'),
    timeOut: () => end('timeout'),
  };
}

/**
 * Watches a call until it is over: the run's stop and the attempt timeout end it early; its end clears both watches.
 */
function awaitOutcome(
  run: GradingRun,
  call: ProviderCall,
  pass: GatePass,
  state: CallState,
  settling: Settling<readonly Verdict[]>,
  end: (endedBy: NonNullable<CallState['endedBy']>) => void,
): Promise<CallOutcome> {
  const { clock, attemptTimeoutMs } = run.options;
  const stop = run.stopFor(call.provider);
  const forget = stop.onStop(() => end(stop.reason ?? 'aborted'));
  const startedAtMs = clock.now();
  const timer = clock.setTimeout(() => end('timeout'), attemptTimeoutMs);
  return settling.outcome.then((settled) => {
    clock.clearTimeout(timer);
    forget();
    const finish = (): CallOutcome => {
      state.isOver = true;
      // A reply within the grace after an early end comes too late: the early end is the outcome.
      const isCut = settled === 'left' || state.endedBy !== undefined;
      const outcome: CallOutcome = {
        ...(isCut ? { error: endedError(state) } : judge(settled, call, run)),
        durationMs: clock.now() - startedAtMs,
        report: state.report,
      };
      if (settled === 'left') run.metrics.callLeaked();
      callEnded(run, call, pass, outcome);
      return outcome;
    };
    // The vendor's side hears of the closed socket before the next call opens one.
    return state.endedBy !== undefined && settled !== 'left' ? yieldToEventLoop().then(finish) : finish();
  });
}

/**
 * Calls the provider with copies of the items and a context. A provider that throws at once is treated as one that
 * rejects.
 */
function invoke(
  run: GradingRun,
  { provider, mode, items, indices, attempt, callId, correction }: ProviderCall,
  state: CallState,
): Promise<readonly Verdict[]> {
  // Copies: a provider in plain JavaScript may sort or change what it is given.
  const copies = items.map((item) => ({ ...item }));
  const repeatedPrefix = run.warmUp?.prefixOf(provider, items)?.kind;
  const context: CallContext = {
    signal: state.abort.signal,
    attempt,
    callId,
    clock: run.options.clock,
    origin: { mode, priority: run.options.priority, indices },
    report: (told) => {
      if (!state.isOver) addToReport(state.report, told);
    },
    ...(correction !== undefined && { correction }),
    ...(repeatedPrefix !== undefined && { repeatedPrefix }),
  };
  try {
    return Promise.resolve(provider.provider.grade(copies, context));
  } catch (error) {
    return Promise.reject(asProviderError(error, provider.name));
  }
}

/** The outcome of a call that ended by itself. Misuse of a test double rejects the whole run. */
function judge(
  settled: Settled<readonly Verdict[]>,
  { provider }: ProviderCall,
  run: GradingRun,
): Pick<CallOutcome, 'verdicts' | 'error'> {
  if (!settled.ok && rejectsRun(settled.error)) run.reject(settled.error);
  if (!settled.ok) return { error: asProviderError(settled.error, provider.name) };
  return Array.isArray(settled.value)
    ? { verdicts: settled.value }
    : { error: new ProviderError('malformed', 'the provider gave no verdicts') };
}

/** Error of a call that was ended early. */
function endedError({ endedBy = 'aborted', endedAfterMs }: CallState): ProviderError {
  const isLate = endedBy === 'timeout';
  return new ProviderError(
    endedBy,
    isLate ? `no reply within ${Math.round(endedAfterMs)} ms` : stopFailure(endedBy).message,
  );
}

/** Reason of the abort signal, of the kinds that the web platform uses for timeouts and aborts. */
function abortReason(endedBy: NonNullable<CallState['endedBy']>): DOMException {
  return endedBy === 'timeout'
    ? new DOMException('timed out', 'TimeoutError')
    : new DOMException('the run stopped', 'AbortError');
}

/** Tells of the start of a call, in the metrics and as an event. */
function callStarted(run: GradingRun, call: ProviderCall): void {
  run.metrics.callStarted(call.mode);
  run.emit?.({ type: 'call-started', ...eventBase(call) });
}

/**
 * Tells everybody of the end of a call: the budget, the metrics, listeners, latencies and the warm-up, and last the
 * gate.
 */
function callEnded(run: GradingRun, call: ProviderCall, pass: GatePass, ended: CallOutcome): void {
  const { error, durationMs, report } = ended;
  const outcome = error?.code ?? 'ok';
  run.budget?.ended(call, report, outcome);
  run.metrics.callEnded(durationMs, outcome, report.usage);
  run.emit?.({
    type: 'call-ended',
    ...eventBase(call),
    durationMs,
    outcome,
    model: report.model,
    requestId: report.requestId ?? error?.requestId,
    usage: report.usage,
    error,
  });
  // Faults end early or late for reasons of their own: only replies teach how long a call takes.
  if (error === undefined) run.dispatchers.dispatcherFor(call.provider).latency.add(durationMs);
  const gate = run.dispatchers.gateFor(call.provider);
  run.warmUp?.ended(gate, call.provider, call.items);
  // Last: the gate may let the next call start at once.
  gate.end(pass, {
    code: outcome,
    isFirstAttempt: call.attempt === 1,
    isOfSeveral: call.items.length > 1,
    retryAfterMs: error?.retryAfterMs,
    rateLimit: report.rateLimit,
    tokens: report.usage && report.usage.inputTokens + report.usage.outputTokens,
    durationMs,
    limit: run.dispatchers.slotsFor(call.provider),
  });
}

/** Facts that all events of a call share. */
export interface CallFacts {
  callId: string;
  provider: string;
  mode: ProcessingMode;
  attempt: number;
  indices: readonly number[];
}

/** The shared part of a call's events. */
export function eventBase({ callId, provider, mode, attempt, indices }: ProviderCall): CallFacts {
  return { callId, provider: provider.name, mode, attempt, indices };
}
