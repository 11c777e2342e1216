import type { GradingEvent } from '../core/grading-event.js';
import type { GradingResult } from '../core/result.js';
import type { ReviewedAnswer } from '../core/wire.js';

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
  /** What became of it, for people. */
  outcome: string;
  failed: boolean;
  /** Its calls one by one where events tell of them, else all of them as one span at the end; without a call an empty one. */
  spans: readonly CallSpan[];
}

/** A result where the library runs, or where it was sent to. */
export type TimedResult = GradingResult | ReviewedAnswer;

/** One row per result, in the order of the answers. */
export function timeRowsOf(results: readonly TimedResult[], events: readonly GradingEvent[]): readonly TimeRow[] {
  const spans = callSpansOf(events);
  return results.map((result) => timeRowOf(result, spans)).toSorted((a, b) => a.index - b.index);
}

function timeRowOf(result: TimedResult, spans: ReadonlyMap<number, readonly CallSpan[]>): TimeRow {
  const index = 'index' in result ? result.index : result.questionIndex;
  const failed = result.status === 'failed';
  const { attempts, inCallsMs, waitedMs } = timesOf(result);
  const whole = { fromMs: waitedMs, toMs: waitedMs + inCallsMs, failed };
  const outcome = outcomeOf(result, attempts);
  return { index, outcome, failed, waitedMs, inCallsMs, attempts, spans: spans.get(index) ?? [whole] };
}

/** A server of another make may leave them out. */
function timesOf({ attempts = 0, durationMs = 0, queuedMs = 0 }: Partial<TimedResult>): CallTimes {
  return { attempts, inCallsMs: durationMs, waitedMs: queuedMs };
}

/** The calls that are over, by the answers in them. */
function callSpansOf(events: readonly GradingEvent[]): ReadonlyMap<number, readonly CallSpan[]> {
  const spans = new Map<number, CallSpan[]>();
  for (const event of events) {
    if (event.type !== 'call-ended') continue;
    const span = { fromMs: event.atMs - event.durationMs, toMs: event.atMs, failed: event.outcome !== 'ok' };
    for (const index of event.indices) spans.set(index, [...(spans.get(index) ?? []), span]);
  }
  return spans;
}

function outcomeOf(result: TimedResult, attempts: number): string {
  if (result.status === 'failed') return `not graded: ${result.error.code.replaceAll('_', ' ')}`;
  if (attempts > 0) return 'graded';
  return result.fromCache ? 'known already' : 'by rule';
}
