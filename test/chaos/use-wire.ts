import {
  gradeAnswersWithFallback,
  type AnswerToGrade,
  type GradingEvent,
  type GradingOptions,
  type GradingReport,
} from 'gradelanes';
import { seededRandom } from 'gradelanes/testing';
import type { MockReply, MockRequest, MockServer, MockServerOptions } from 'gradelanes/testing-server';
import { expect } from 'vitest';
import { positionOf, sampleAnswers } from '../sample-answers.js';
import { useMockServers } from '../tools/mock-servers.js';
import { expectSound } from './expect-sound.js';
import { timeLapseClock, type TimeLapseClock } from './time-lapse-clock.js';

/** Calls in flight, where a scenario does not say otherwise. */
export const LIMIT = 4;

/** Answers, where a scenario does not say otherwise. */
export const COUNT = 12;

/** A minute of the engine's time takes 1.2 seconds: default waits fit into a test. */
export const LAPSE = 50;

/** A server's reply takes a few milliseconds, so that calls really overlap. */
const LATENCY_MS = 2;

/** How a scenario grades. */
export interface WireRunOptions extends Omit<GradingOptions, 'clock' | 'onEvent'> {
  /** @default gradeAnswersWithFallback */
  grade?: typeof gradeAnswersWithFallback;
  /** @default COUNT */
  count?: number;
  clock?: TimeLapseClock;
  /** False where connections fail before a server sees them. @default true */
  everyCallArrives?: boolean;
}

/** What came out of it. */
export interface WireRun {
  readonly report: GradingReport;
  readonly answers: readonly AnswerToGrade[];
  readonly events: readonly GradingEvent[];
  readonly clock: TimeLapseClock;
}

/** The mark that a server of {@link useWire} gives, so that a wrong grade is found out. */
export function markOf(answer: string): number {
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
  const report = await grade(answers, {
    localGrading: false,
    guards: false,
    // A shared controller has its own.
    ...(options.controller === undefined && { maxConcurrentTasks: LIMIT }),
    random: seededRandom(1),
    ...options,
    clock,
    onEvent: (event) => events.push(event),
  });
  const limit = options.maxConcurrentTasks ?? options.controller?.snapshot().limit ?? LIMIT;
  await expectSoundOverWire(report, answers, servers, limit);
  expect(clock.openTimers, 'timers left open').toBe(0);
  if (everyCallArrives) expect(report.metrics.requests).toBe(sum(servers.map(({ requests }) => requests.length)));
  return { report, answers, events, clock };
}

/** What always holds, and what can be checked against the servers' own records. */
async function expectSoundOverWire(
  report: GradingReport,
  answers: readonly AnswerToGrade[],
  servers: readonly MockServer[],
  limit: number,
): Promise<void> {
  // The last reply is read before the server hears that it has been.
  for (const server of servers) await expect.poll(() => server.inFlight, { interval: 2 }).toBe(0);
  for (const seen of servers) expectSound(report, answers, { limit, seen });
  for (const { requests } of servers) {
    const graded = report.metrics.gradedCount;
    expect(requests.length, 'calls on the wire').toBeLessThanOrEqual(answers.length + 0.5 * graded + 10);
  }
  for (const result of report.results) {
    if (result.status !== 'graded') continue;
    expect(result.scaledScore, `mark of answer ${result.index}`).toBe(markOf(`answer ${result.index}`));
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
