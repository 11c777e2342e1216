import type { FailureCode, GradingFailure } from './failure.js';
import type { FallbackStep, ParallelProcessingMetrics, ProcessingModeRequest } from './report.js';
import type { FailedAnswer, GradedAnswer, ProcessingMode, TokenUsage } from './result.js';

/** What every event carries. */
interface EventBase {
  /** Milliseconds since the run started. */
  atMs: number;
  /** The same for all events of a run. */
  runId: string;
}

/** What every event of a call carries. */
interface CallEventBase extends EventBase {
  callId: string;
  provider: string;
  mode: ProcessingMode;
  /** 1 for the first call that carries these answers. */
  attempt: number;
  /** Positions of the answers in the input. */
  indices: readonly number[];
}

/** The first event of a run. */
export interface RunStartedEvent extends EventBase {
  type: 'run-started';
  /** Absent where the number of answers is not known. */
  answerCount?: number | undefined;
  requestedMode: ProcessingModeRequest;
  selectedMode: ProcessingMode;
  providers: readonly string[];
}

/** The run has come to this answer. */
export interface AnswerStartedEvent extends EventBase {
  type: 'answer-started';
  index: number;
}

/** `result` holds the grade; feedback and rationale quote the learner at most. */
export interface AnswerGradedEvent extends EventBase {
  type: 'answer-graded';
  index: number;
  result: GradedAnswer;
}

/** An answer is settled without a grade. */
export interface AnswerFailedEvent extends EventBase {
  type: 'answer-failed';
  index: number;
  result: FailedAnswer;
}

/** A call has its slot and begins. */
export interface CallStartedEvent extends CallEventBase {
  type: 'call-started';
}

/** A call is over, and its slot free. */
export interface CallEndedEvent extends CallEventBase {
  type: 'call-ended';
  durationMs: number;
  /** How the call itself ended; `'ok'` says nothing of the verdicts in it. */
  outcome: 'ok' | FailureCode;
  model?: string | undefined;
  requestId?: string | undefined;
  usage?: TokenUsage | undefined;
  /** What the provider threw, for debugging; `error.cause` may hold anything. */
  error?: Error | undefined;
}

/**
 * The call failed on its way and will be repeated, unless the provider or the run gives up while it waits. A reply that
 * was unusable is no such fault: its answers are asked again at once, and `call-started` tells of that.
 */
export interface CallRetriedEvent extends CallEventBase {
  type: 'call-retried';
  code: FailureCode;
  /** How long the repetition waits first, in milliseconds: its back-off or, where longer, the provider's pause. */
  delayMs: number;
  reason: string;
}

/** A second copy of a slow call is sent. */
export interface CallHedgedEvent extends CallEventBase {
  type: 'call-hedged';
}

/** A provider's adaptive limit has moved. */
export interface LimitChangedEvent extends EventBase {
  type: 'limit-changed';
  provider: string;
  from: number;
  to: number;
  reason: string;
}

/**
 * A provider asked to wait: none of its calls starts before that time has passed. Also sent where a run finds a provider
 * paused when it first turns to it.
 */
export interface ProviderPausedEvent extends EventBase {
  type: 'provider-paused';
  provider: string;
  /** From now on, in milliseconds. */
  pauseMs: number;
  reason: string;
}

/**
 * A provider that keeps failing gets no calls for a while (`open`), then one that tries whether it is back (`half_open`),
 * and calls as before once one went through (`closed`).
 */
export interface CircuitChangedEvent extends EventBase {
  type: 'circuit-changed';
  provider: string;
  state: 'open' | 'half_open' | 'closed';
  failure?: GradingFailure | undefined;
}

/**
 * The cache, or the lookup of `resumeFrom`, threw, rejected, hung or (`'resume'`) gave what is no grade with a key: the
 * run goes on as if it were empty. Told once per run for each of the two.
 */
export interface CacheFailedEvent extends EventBase {
  type: 'cache-failed';
  operation: 'get' | 'set' | 'resume';
  /** What was thrown, for debugging; it may hold anything. */
  error: unknown;
}

/** Answers go on to the next mode or provider. */
export interface FallbackTakenEvent extends EventBase {
  type: 'fallback-taken';
  step: FallbackStep;
}

/** The last event of a run. */
export interface RunEndedEvent extends EventBase {
  type: 'run-ended';
  metrics: ParallelProcessingMetrics;
}

/** Everything that happens in a run, told apart by `type`. No event holds the answer's text or a prompt. */
export type GradingEvent =
  | RunStartedEvent
  | AnswerStartedEvent
  | AnswerGradedEvent
  | AnswerFailedEvent
  | CallStartedEvent
  | CallEndedEvent
  | CallRetriedEvent
  | CallHedgedEvent
  | LimitChangedEvent
  | ProviderPausedEvent
  | CircuitChangedEvent
  | CacheFailedEvent
  | FallbackTakenEvent
  | RunEndedEvent;
