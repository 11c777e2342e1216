import type { GradingEvent } from '../contract/grading-event.js';
import type { GradedAnswer } from '../contract/result.js';

/** How events are written. */
export interface EventLogOptions {
  /** Start each line with the milliseconds since the run started, and tell waits. @default false: the same on every run */
  times?: boolean | undefined;
}

/** A listener that writes down what happens in a run. */
export interface EventLog {
  /** Give it to the grading options. */
  onEvent: (event: GradingEvent) => void;
  /** One line per event so far. */
  readonly lines: readonly string[];
  /** All lines, for a snapshot. */
  toString: () => string;
}

/**
 * Makes a log of a run that people can read and a snapshot can hold: calls are numbered from #1 in the order they
 * start, and nothing random is in it.
 *
 * @param options Whether to write times, which are stable on a manual clock.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { eventLog, mockProvider } from 'gradelanes/testing';
 *
 * const log = eventLog();
 * const answer = { question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' };
 * await gradeAnswer(answer, { provider: mockProvider(), onEvent: log.onEvent });
 * console.log(log.lines.at(-1)); // run-ended sequential: 1 graded, 0 failed, 1 call
 * ```
 */
export function eventLog(options: EventLogOptions = {}): EventLog {
  const { times = false } = options;
  const lines: string[] = [];
  const callIds: string[] = [];
  const numberOf = (callId: string): number => {
    if (!callIds.includes(callId)) callIds.push(callId);
    return callIds.indexOf(callId) + 1;
  };
  return {
    onEvent: (event) => {
      const time = times ? `${Math.round(event.atMs)} ms`.padStart(9) : '';
      const call = 'callId' in event ? `#${numberOf(event.callId)}` : '';
      lines.push([time, event.type, call, describe(event, times)].filter((part) => part !== '').join(' '));
    },
    lines,
    toString: () => lines.join('\n'),
  };
}

function describe(event: GradingEvent, times: boolean): string {
  const time = (word: string, ms: number): string => (times ? ` ${word} ${Math.round(ms)} ms` : '');
  switch (event.type) {
    case 'run-started':
      return `${count(event.answerCount ?? 'many', 'answer')}, ${event.requestedMode} -> ${event.selectedMode}, ${event.providers.join(' then ')}`;
    case 'answer-started':
      return `${event.index}`;
    case 'answer-graded':
      return `${event.index}: ${describeGrade(event.result)}`;
    case 'answer-failed':
      return `${event.index}: ${event.result.error.code}`;
    case 'call-started':
      return `${event.provider} ${event.mode} [${event.indices.join(', ')}] attempt ${event.attempt}`;
    case 'call-ended':
      return `${event.outcome}${time('after', event.durationMs)}`;
    case 'call-retried':
      return `${event.code}${time('in', event.delayMs)}`;
    case 'call-hedged':
      return '';
    case 'limit-changed':
      return `${event.provider} ${event.from} -> ${event.to}: ${event.reason}`;
    case 'provider-paused':
      return `${event.provider}${time('for', event.pauseMs)}: ${event.reason}`;
    case 'circuit-changed':
      return `${event.provider} ${event.state}${event.failure === undefined ? '' : `: ${event.failure.code}`}`;
    case 'cache-failed':
      return event.operation;
    case 'fallback-taken':
      return `${event.step.from} -> ${event.step.to}: ${event.step.code}, ${count(event.step.answerCount, 'answer')}`;
    case 'run-ended':
      break;
  }
  return describeEnd(event.metrics);
}

function describeGrade({ scoreGiven, scoreMaximum, gradedBy, fromCache, reviewReasons }: GradedAnswer): string {
  const source = fromCache ? 'cache' : gradedBy;
  return [`${scoreGiven}/${scoreMaximum} by ${source}`, ...reviewReasons].join(', ');
}

function describeEnd(metrics: Extract<GradingEvent, { type: 'run-ended' }>['metrics']): string {
  const { processingModeUsed = 'no model asked', gradedCount, failedCount, requests } = metrics;
  return `${processingModeUsed}: ${gradedCount} graded, ${failedCount} failed, ${count(requests, 'call')}`;
}

function count(amount: number | string, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}
