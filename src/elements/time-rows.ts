import type { GradingEvent } from '../core/grading-event.js';
import type { GradingResult } from '../core/result.js';

/** Time in a call, in milliseconds since the run started. */
export interface CallSpan {
  fromMs: number;
  toMs: number;
  failed: boolean;
}

/** One answer in the waterfall. */
export interface TimeRow {
  /** Position of the answer, from 0. */
  index: number;
  /** What became of it, for people. */
  outcome: string;
  failed: boolean;
  waitedMs: number;
  inCallsMs: number;
  attempts: number;
  /** Its calls one by one where events tell of them, else all of them as one span at the end; without a call an empty one. */
  spans: readonly CallSpan[];
}

/** What a result says of its time; one from elsewhere may lack some of it. */
export type TimedResult = Partial<GradingResult> & { questionIndex?: number | undefined };

/** One row per result, in the order of the answers. */
export function timeRowsOf(results: readonly TimedResult[], events: readonly GradingEvent[]): readonly TimeRow[] {
  const spans = callSpansOf(events);
  return results
    .map((result, position) => {
      const index = result.index ?? result.questionIndex ?? position;
      const { attempts = 0, durationMs: inCallsMs = 0, queuedMs: waitedMs = 0 } = result;
      const failed = result.status === 'failed';
      const whole = { fromMs: waitedMs, toMs: waitedMs + inCallsMs, failed };
      const row = { index, outcome: outcomeOf(result, attempts), failed, waitedMs, inCallsMs, attempts };
      return { ...row, spans: spans.get(index) ?? [whole] };
    })
    .toSorted((a, b) => a.index - b.index);
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
  if (result.status === 'failed') return `not graded: ${(result.error?.code ?? 'unknown').replaceAll('_', ' ')}`;
  if (attempts > 0) return 'graded';
  return result.status === 'graded' && result.fromCache === true ? 'known already' : 'by rule';
}
