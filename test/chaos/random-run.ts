import {
  createConcurrencyController,
  type AnswerToGrade,
  type GradingOptions,
  type GradingProvider,
  type SampleOptions,
} from 'gradelanes';
import { faultyProvider, mockProvider, seededRandom, type FaultName, type ManualClock } from 'gradelanes/testing';
import { question } from '../sample-answers.js';
import type { CallWatch } from './watch-calls.js';

/** Everything that a test can draw of a run. */
export interface RandomRun {
  readonly answers: readonly AnswerToGrade[];
  readonly options: GradingOptions;
  /** Most calls at once. */
  readonly limit: number;
  readonly abortAtMs: number | undefined;
  /** Whether a second run does the same at the same time, on the same controller. */
  readonly isShared: boolean;
}

const FAULTS: readonly FaultName[] = [
  'rate_limited',
  'overloaded',
  'timeout',
  'network',
  'server',
  'auth',
  'quota',
  'not_found',
  'invalid_request',
  'too_large',
  'hang',
  'ignores_abort',
  'slow',
  'throws_null',
  'settles_twice',
  'truncated',
  'malformed',
  'refused',
  'wrong_id',
  'missing_id',
  'duplicate_id',
  'out_of_range',
];

/** Faults that end a provider for all answers: rare, or nothing else would happen. */
const FATAL: ReadonlySet<FaultName> = new Set(['auth', 'quota', 'not_found']);

type Random = () => number;

/** The right mark for an answer, so that a wrong one is found out. */
export function markOf({ answer }: Pick<AnswerToGrade, 'answer'>): number {
  return (Number(String(answer).slice('answer '.length)) % 11) / 10;
}

/** Draws a run; the same seed draws the same. */
export function randomRun(seed: number, clock: ManualClock, watch: CallWatch): RandomRun {
  const random = seededRandom(seed);
  const limit = whole(random, 1, 10);
  const isShared = random() < 0.3;
  const answers = drawAnswers(random, whole(random, 1, 30));
  const shape = {
    adaptive: random() < 0.3,
    limits: random() < 0.2 ? { requestsPerMinute: whole(random, 30, 600), burst: whole(random, 1, 10) } : undefined,
  };
  const controller = createConcurrencyController({ maxConcurrentTasks: limit, clock, random, ...shape });
  const options: GradingOptions = {
    provider: drawChain(random, clock, watch),
    mode: one(random, ['auto', 'auto', 'parallel', 'batch', 'sequential']),
    batchSize: whole(random, 1, 10),
    batchAcrossLearners: random() < 0.5,
    localGrading: false,
    guards: random() < 0.5,
    attemptTimeoutMs: whole(random, 500, 20_000),
    abortGraceMs: whole(random, 0, 1_000),
    deadlineMs: random() < 0.3 ? whole(random, 1, 60_000) : undefined,
    retry: random() < 0.1 ? false : { maxAttempts: whole(random, 1, 5) },
    hedge: random() < 0.5,
    order: one(random, ['input', 'shortest', 'longest', 'firstThenLongest', 'easiest']),
    priority: one(random, ['interactive', 'background']),
    samples: random() < 0.3 ? drawSamples(random, clock, watch) : undefined,
    clock,
    random,
    ...(isShared ? { controller } : { ...shape, maxConcurrentTasks: limit }),
  };
  return { answers, options, limit, isShared, abortAtMs: random() < 0.3 ? whole(random, 0, 20_000) : undefined };
}

/** Some answers are the same. */
function drawAnswers(random: Random, count: number): AnswerToGrade[] {
  return Array.from({ length: count }, () => ({
    question,
    answer: `answer ${whole(random, 0, 2 * count)}`,
    learnerId: one(random, ['ada', 'bob', undefined]),
  }));
}

function drawChain(random: Random, clock: ManualClock, watch: CallWatch): [GradingProvider, ...GradingProvider[]] {
  const others = Array.from({ length: whole(random, 0, 2) }, (_, index) => `provider ${index + 2}`);
  const draw = (name: string): GradingProvider => drawProvider(random, name, clock, watch);
  return [draw('provider 1'), ...others.map(draw)];
}

function drawSamples(random: Random, clock: ManualClock, watch: CallWatch): SampleOptions {
  return {
    count: whole(random, 1, 5),
    judges: random() < 0.5 ? [drawProvider(random, 'judge', clock, watch)] : undefined,
    nearPassingScore: random(),
  };
}

function drawProvider(random: Random, name: string, clock: ManualClock, watch: CallWatch): GradingProvider {
  const spread = whole(random, 1, 2_000);
  const inner = mockProvider((item) => markOf(item), {
    name,
    clock,
    delayMs: () => spread * random(),
    capabilities: {
      maxItemsPerCall: random() < 0.2 ? whole(random, 1, 4) : undefined,
      maxConcurrency: random() < 0.2 ? whole(random, 1, 4) : undefined,
      isolatesItems: random() < 0.1,
    },
  });
  const weights = FAULTS.map((fault) => [fault, random() ** 3 * (FATAL.has(fault) ? 0.05 : 1)] as const);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  const rate = random() < 0.1 ? 1 : 0.6 * random();
  const faults = Object.fromEntries(weights.map(([fault, weight]) => [fault, (rate * weight) / sum]));
  const plan = { seed: whole(random, 0, 1e9), faults, retryAfterMs: whole(random, 0, 5_000), delayMs: 3_000 };
  return watch.watch(faultyProvider(inner, plan, { clock }));
}

function whole(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function one<Choice>(random: Random, choices: readonly [Choice, ...Choice[]]): Choice {
  return choices[Math.floor(random() * choices.length)] ?? choices[0];
}
