import { createHash } from 'node:crypto';
import { oneOf, type OptionRule } from '../input/option-rules.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade } from '../contract/question.js';
import { chunkAnswers, chunkSizeRule, DEFAULT_CHUNK_SIZE } from './chunk-answers.js';
import { chunkId, packChunk, type ChunkData } from './grading-chunk.js';
import type { EngineJobInsert, GradingQueue } from './job-engine.js';
import { DEFAULT_DEADLINE_SECONDS, jobSettings, LONGEST_RETRY_DELAY_SECONDS } from './job-settings.js';
import { knownRun, openQueue, prepareQueue, RUN_RULES, type OpenQueue } from './open-queue.js';
import type { RunRow } from './run-table.js';

/** Jobs that are handed to the engine in one statement: so many, or sooner so many characters. */
const JOBS_PER_INSERT = 20;
const CHARACTERS_PER_INSERT = 8_000_000;

/** The engine takes higher numbers first. */
const PRIORITIES = { interactive: 10, background: 0 } as const;

/** Options of {@link enqueueGrading}. */
export interface EnqueueOptions extends GradingQueue {
  /** Idempotency key: the same id enqueues nothing twice, also after a crash in the middle. */
  runId: string;
  /** Answers per job: 1..1,000. @default 50 */
  chunkSize?: number | undefined;
  /** Interactive chunks go first, and first among a worker's calls. @default 'background' */
  priority?: 'interactive' | 'background' | undefined;
  /** A worker that was silent for so long loses its chunks: an integer of at least 10 seconds. @default 30 */
  leaseSeconds?: number | undefined;
  /** Attempts per chunk, lost workers included: 1..100. @default 5 */
  attempts?: number | undefined;
  /** Wait before a chunk's second attempt, doubled each time up to 5 minutes: an integer of seconds, 1..300. @default 5 */
  retryDelaySeconds?: number | undefined;
  /**
   * How long the run may take, outages of its providers included: an integer of seconds, 1..31,536,000. What has no grade by
   * then has failed. Kept for a run that is known, unless it is resumed. @default 604,800 (a week)
   */
  deadlineSeconds?: number | undefined;
  /**
   * Goes on with a run that was cancelled, is past its deadline or has dead letters: what has no grade is tried again, under a
   * new deadline. Does the same as without it for a run that is new. @default false: a cancelled run is refused
   */
  resume?: boolean | undefined;
}

/** What was enqueued. */
export interface EnqueuedRun {
  runId: string;
  answerCount: number;
  chunkCount: number;
  /** `known`: all of it was with the workers already, and nothing was enqueued. `begun`: a first call had broken off. */
  state: 'new' | 'begun' | 'known' | 'resumed';
}

const ENQUEUE_RULES: { readonly [Name in keyof EnqueueOptions]-?: OptionRule } = {
  ...RUN_RULES,
  chunkSize: chunkSizeRule,
  priority: oneOf('interactive', 'background'),
  leaseSeconds: integerFrom(10, 3_600),
  attempts: integerFrom(1, 100),
  retryDelaySeconds: integerFrom(1, LONGEST_RETRY_DELAY_SECONDS),
  deadlineSeconds: integerFrom(1, 31_536_000),
  resume: oneOf(true, false),
};

/**
 * Hands answers to the workers of a queue, in chunks. The answers, learner ids included, are kept in the engine's tables
 * until it deletes them (7 days after they are done).
 *
 * @param answers What to grade; a stream of any length is enqueued chunk by chunk.
 * @param options The queue, the run's id, and how its chunks are treated.
 * @returns The counts. Grading has not begun by then.
 * @throws {GradingOptionsError} for misuse, for a wrong answer, for a `runId` that has other answers already, for a cancelled
 * run without `resume`, and for a role that may not write.
 *
 * @example
 * ```ts
 * import { enqueueGrading } from 'gradelanes/jobs';
 * import { Pool } from 'pg';
 * import { PgBoss } from 'pg-boss';
 *
 * const connectionString = 'postgres://localhost/grading';
 * const boss = new PgBoss({ connectionString });
 * boss.on('error', console.error);
 * await boss.start();
 * const pool = new Pool({ connectionString });
 * const answers = [{ question: { prompt: 'Why does ice float?' }, answer: 'It is less dense than water.' }];
 * const { chunkCount } = await enqueueGrading(answers, { boss, pool, runId: 'biology-2026-06' });
 * ```
 */
export async function enqueueGrading(
  answers: Iterable<AnswerToGrade> | AsyncIterable<AnswerToGrade>,
  options: EnqueueOptions,
): Promise<EnqueuedRun> {
  const queue = openQueue(options, ENQUEUE_RULES);
  const { runId } = options;
  await prepareQueue(queue);
  const { run, state } = await openRun(queue, options);
  const digest = createHash('sha256');
  const inserter = jobInserter(queue);
  let answerCount = 0;
  let chunkCount = 0;
  // What a first call began is gone on with in its own chunks, so that they have the same ids.
  for await (const chunk of chunkAnswers(answers, { ...options, chunkSize: run.chunkSize })) {
    const data = packChunk(chunk, run.round);
    digest.update(`${data.first} ${data.body}`);
    answerCount += data.count;
    chunkCount++;
    // All of it is enqueued: only what it holds is compared.
    if (state !== 'known') await inserter.add(jobOf(data, queue, options));
  }
  await inserter.flush();
  const written = digest.digest('base64url');
  await queue.runs.finish(runId, run.round, answerCount, written);
  const { digest: kept } = await knownRun(queue, runId);
  if (kept !== written)
    throw new GradingOptionsError('runId', 'must be new, or have the same answers as before', 'others');
  return { runId, answerCount, chunkCount, state };
}

/** The run as this call finds or makes it. */
async function openRun(
  queue: OpenQueue,
  { runId, chunkSize = DEFAULT_CHUNK_SIZE, deadlineSeconds = DEFAULT_DEADLINE_SECONDS, resume = false }: EnqueueOptions,
): Promise<{ run: RunRow; state: EnqueuedRun['state'] }> {
  const isNew = await queue.runs.start(runId, chunkSize, deadlineSeconds);
  const run = await knownRun(queue, runId);
  if (isNew) return { run, state: 'new' };
  if (resume) {
    await queue.runs.resume(runId, deadlineSeconds);
    return { run: await knownRun(queue, runId), state: 'resumed' };
  }
  if (run.isCancelled) {
    const rule = 'must be a run that was not cancelled; resume: true goes on with this one';
    throw new GradingOptionsError('runId', rule, JSON.stringify(runId.slice(0, 40)));
  }
  return { run, state: run.isEnqueued ? 'known' : 'begun' };
}

/** Hands jobs to the engine, many in a statement, but never more text than a statement can hold. */
function jobInserter({ boss, name }: OpenQueue): { add(job: ChunkJob): Promise<void>; flush(): Promise<void> } {
  let waiting: ChunkJob[] = [];
  let characters = 0;
  const flush = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const jobs = waiting;
    waiting = [];
    characters = 0;
    await boss.insert(name, jobs);
  };
  return {
    async add(job) {
      waiting.push(job);
      characters += job.data.body.length;
      if (waiting.length === JOBS_PER_INSERT || characters >= CHARACTERS_PER_INSERT) await flush();
    },
    flush,
  };
}

type ChunkJob = EngineJobInsert & { readonly data: ChunkData };

function jobOf(data: ChunkData, { name, deadLetterName }: OpenQueue, options: EnqueueOptions): ChunkJob {
  return {
    id: chunkId(name, data.runId, data.first, data),
    data,
    priority: PRIORITIES[options.priority ?? 'background'],
    ...jobSettings(deadLetterName, options),
  };
}

function integerFrom(minimum: number, maximum: number): OptionRule {
  return {
    rule: `must be an integer from ${minimum} to ${maximum}`,
    holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum,
  };
}
