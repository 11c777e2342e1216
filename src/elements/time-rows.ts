import type { CallEndedEvent, CallStartedEvent, FallbackTakenEvent, GradingEvent } from '../contract/grading-event.js';
import type { FallbackStep } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';
import type { ReviewedAnswer } from '../wire/review-wire.js';

/** Time in a call, in milliseconds since the run started. */
interface CallSpan {
  fromMs: number;
  toMs: number;
  failed: boolean;
}

interface CallTimes {
  /** Calls that carried the answer. */
  attempts: number;
  inCallsMs: number;
  waitedMs: number;
}

/** One answer in the waterfall. */
export interface TimeRow extends CallTimes {
  /** Position of the answer, from 0. */
  index: number;
  /** What became of it, by the name of its label. */
  outcome: 'ok' | 'open' | 'failed' | 'known' | 'byRule';
  /** Why it failed. */
  code?: string | undefined;
  failed: boolean;
  /** Its calls one by one where events tell of them, else all of them as one span at the end; without a call an empty one. */
  spans: readonly CallSpan[];
}

/** A result where the library runs, or where it was sent to. */
export type TimedResult = GradingResult | ReviewedAnswer;

/** As much of an event as is shown, for servers that tell a page no more than that. */
export type MetricsEvent =
  | Pick<CallStartedEvent, 'type' | 'atMs' | 'callId' | 'indices'>
  | Pick<CallEndedEvent, 'type' | 'atMs' | 'callId' | 'outcome'>
  | (Pick<FallbackTakenEvent, 'type' | 'atMs'> & { step: Pick<FallbackStep, 'reason'> });

/** An event where the library runs, or what a server told of it. */
export type TimedEvent = GradingEvent | MetricsEvent;

/** One row per answer that is settled or in a call, in the order of the answers. */
export function timeRowsOf(results: readonly TimedResult[], events: readonly TimedEvent[]): readonly TimeRow[] {
  const spans = callSpansOf(events);
  const settled = results.map((result) => timeRowOf(result, spans));
  const settledIndices = new Set(settled.map(({ index }) => index));
  const open = [...spans].filter(([index]) => !settledIndices.has(index)).map(openRowOf);
  return [...settled, ...open].toSorted((a, b) => a.index - b.index);
}

function timeRowOf(result: TimedResult, spans: ReadonlyMap<number, readonly CallSpan[]>): TimeRow {
  const index = 'index' in result ? result.index : result.questionIndex;
  const failed = result.status === 'failed';
  const { attempts, inCallsMs, waitedMs } = timesOf(result);
  const whole = { fromMs: waitedMs, toMs: waitedMs + inCallsMs, failed };
  return {
    ...{ index, failed, waitedMs, inCallsMs, attempts },
    outcome: outcomeOf(result, attempts),
    // A server of another make may leave it out.
    code: failed ? codeOf(result.error) : undefined,
    spans: spans.get(index) ?? [whole],
  };
}

function openRowOf([index, spans]: readonly [number, readonly CallSpan[]]): TimeRow {
  const inCallsMs = spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const waitedMs = (spans.at(-1)?.toMs ?? 0) - inCallsMs;
  return { index, outcome: 'open', failed: false, waitedMs, inCallsMs, attempts: spans.length, spans };
}

/** A server of another make may leave them out. */
function timesOf({ attempts = 0, durationMs = 0, queuedMs = 0 }: Partial<TimedResult>): CallTimes {
  return { attempts, inCallsMs: durationMs, waitedMs: queuedMs };
}

/** The calls by the answers in them; one in flight lasts until the latest event. */
function callSpansOf(events: readonly TimedEvent[]): ReadonlyMap<number, readonly CallSpan[]> {
  const ended = new Map(events.flatMap((event) => (event.type === 'call-ended' ? [[event.callId, event]] : [])));
  const nowMs = events.at(-1)?.atMs ?? 0;
  const spans = new Map<number, CallSpan[]>();
  for (const event of events) {
    if (event.type !== 'call-started') continue;
    const end = ended.get(event.callId);
    const failed = end !== undefined && end.outcome !== 'ok';
    const span = { fromMs: event.atMs, toMs: end?.atMs ?? nowMs, failed };
    for (const index of event.indices) spans.set(index, [...(spans.get(index) ?? []), span]);
  }
  return spans;
}

function codeOf(error: { code?: unknown } | undefined): string {
  return typeof error?.code === 'string' ? error.code : 'unknown';
}

function outcomeOf(result: TimedResult, attempts: number): TimeRow['outcome'] {
  if (result.status === 'failed') return 'failed';
  if (attempts > 0) return 'ok';
  return result.fromCache ? 'known' : 'byRule';
}
