import {
  gradeAnswersWithFallback,
  type AnswerToGrade,
  type GradingEvent,
  type GradingReport,
  type SingleModeOptions,
} from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import type { MockReply, MockRequest, MockServer, MockServerOptions } from 'gradelanes/testing-server';
import { expect } from 'vitest';
import { positionOf, sampleAnswers } from '../sample-answers.js';
import { useMockServers } from '../tools/mock-servers.js';
import { expectSound } from './expect-sound.js';
import { mostRepeatedCalls, repeatedCalls } from './repeated-calls.js';
import { timeLapseClock, type TimeLapseClock } from './time-lapse-clock.js';

/** Calls in flight, where a scenario does not say otherwise. */
export const LIMIT = 4;

/** Answers, where a scenario does not say otherwise. */
export const COUNT = 12;

/** A minute of the engine's time takes 1.2 seconds: default waits fit into a test. */
const LAPSE = 50;

/** Answers in a call of batch mode, by default. */
const BATCH_SIZE = 6;

/** A server's reply takes a few milliseconds, so that calls really overlap. */
const LATENCY_MS = 2;

/** How a scenario grades: default options, except for what tests need. */
export interface WireRunOptions extends Omit<SingleModeOptions, 'clock' | 'onEvent'> {
  /** @default gradeAnswersWithFallback */
  grade?: (answers: readonly AnswerToGrade[], options: SingleModeOptions) => Promise<GradingReport>;
  /** @default COUNT */
  count?: number;
  /** @default a minute in 1.2 seconds */
  clock?: TimeLapseClock;
  /** False where connections fail before a server sees the call, or where several runs share a server. @default true */
  everyCallArrives?: boolean;
}

/** What came out of it. */
export interface WireRun {
  readonly report: GradingReport;
  readonly events: readonly GradingEvent[];
  readonly clock: TimeLapseClock;
}

type EventOf<Type extends GradingEvent['type']> = Extract<GradingEvent, { type: Type }>;

/** The events of one type, in order. */
export function eventsOf<Type extends GradingEvent['type']>(
  events: readonly GradingEvent[],
  type: Type,
): readonly EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** The mark that a server of {@link useWire} gives, so that a wrong grade is found out. */
function markOf(answer: string): number {
  return (positionOf({ answer }) % 6) / 5;
}

/** Fails the first request of every so many answers. */
export function everyNth(step: number, reply: MockReply): (request: MockRequest) => MockReply | undefined {
  return ({ attempt, answers: [answer = ''] }) =>
    attempt === 1 && positionOf({ answer }) % step === 0 ? reply : undefined;
}

/** Starts servers that close after the test, and grades over them: every run is checked for what always holds. */
export function useWire(): {
  start: (options?: MockServerOptions) => Promise<MockServer>;
  run: (servers: readonly MockServer[], options: WireRunOptions) => Promise<WireRun>;
} {
  const startServer = useMockServers();
  return { start: (options) => startServer({ latencyMs: LATENCY_MS, score: markOf, ...options }), run: gradeOverWire };
}

async function gradeOverWire(
  servers: readonly MockServer[],
  {
    grade = gradeAnswersWithFallback,
    count = COUNT,
    clock = timeLapseClock(LAPSE),
    everyCallArrives = true,
    ...options
  }: WireRunOptions,
): Promise<WireRun> {
  const answers = sampleAnswers(count);
  const events: GradingEvent[] = [];
  const arrivedBefore = sum(servers.map(({ requests }) => requests.length));
  const report = await grade(answers, {
    localGrading: false,
    guards: false,
    // A busy machine takes seconds of the engine's time for a call: copies of late calls, and calls that time out, would
    // be counted as the engine's repeats. Scenarios about either ask for it.
    hedge: false,
    attemptTimeoutMs: 600_000,
    // A shared controller has its own limit.
    ...(options.controller === undefined && { maxConcurrentTasks: LIMIT }),
    random: seededRandom(1),
    ...options,
    clock,
    onEvent: (event) => events.push(event),
  });
  // The last reply is read before the server hears that it has been.
  for (const server of servers) await expect.poll(() => server.inFlight, { interval: 2 }).toBe(0);
  const limit = options.maxConcurrentTasks ?? options.controller?.snapshot().limit ?? LIMIT;
  for (const seen of servers) expectSound(report, answers, { limit, seen });
  expectRightMarks(report);
  expectPausesKept(events);
  // Other runs of a shared controller may still go on.
  if (options.controller === undefined) expect(clock.openTimers, 'timers left open').toBe(0);
  const { requests, gradedCount } = report.metrics;
  expect(eventsOf(events, 'call-started'), 'calls that were told').toHaveLength(requests);
  expect(repeatedCalls(events), 'repeated calls').toBeLessThanOrEqual(mostRepeatedCalls(gradedCount));
  if (everyCallArrives)
    expect(sum(servers.map((server) => server.requests.length)) - arrivedBefore, 'calls that arrived').toBe(requests);
  return { report, events, clock };
}

/**
 * Most calls of a run that began in parallel mode and split none: one about every answer, one about every answer or
 * batch of each fallback step, and the repeats.
 */
export function mostCalls(count: number, { fallbacks, gradedCount }: GradingReport['metrics']): number {
  const later = fallbacks.map(({ to, answerCount }) =>
    to === 'batch' ? Math.ceil(answerCount / BATCH_SIZE) : answerCount,
  );
  return count + sum(later) + mostRepeatedCalls(gradedCount);
}

function expectRightMarks({ results }: GradingReport): void {
  for (const result of results) {
    if (result.status === 'graded') expect(result.scaledScore).toBe(markOf(`answer ${result.index}`));
  }
}

/** Nothing is sent to a provider that is paused. */
function expectPausesKept(events: readonly GradingEvent[]): void {
  const starts = eventsOf(events, 'call-started');
  for (const { provider, atMs, pauseMs } of eventsOf(events, 'provider-paused')) {
    const early = starts.filter((call) => call.provider === provider && call.atMs > atMs && call.atMs < atMs + pauseMs);
    expect(early, 'calls during a pause').toEqual([]);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
