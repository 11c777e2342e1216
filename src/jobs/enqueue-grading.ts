import { createHash } from 'node:crypto';
import { checkAnswers } from '../input/check-answers.js';
import { oneOf, type OptionRule } from '../input/option-rules.js';
import { GradingOptionsError, isGradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade } from '../contract/question.js';
import { chunkId, packChunk, type GradingChunk } from './grading-chunk.js';
import type { EngineJobInsert, GradingQueue } from './job-engine.js';
import { knownRun, openQueue, prepareQueue, RUN_RULES, type OpenQueue } from './open-queue.js';

/** Answers per job: what is started again at most where a worker is lost. Stored ones are not asked again. */
export const DEFAULT_CHUNK_SIZE = 50;

/** How long a worker may be silent before its jobs go to others, in seconds. */
export const DEFAULT_LEASE_SECONDS = 30;

/** How often a chunk is tried before it is a dead letter. */
export const DEFAULT_CHUNK_ATTEMPTS = 5;

/** The longest that a chunk may take, however alive its worker is. */
const LONGEST_CHUNK_SECONDS = 6 * 60 * 60;

/** The wait before a chunk's second attempt, in seconds; doubled each time, up to the longest. */
export const DEFAULT_RETRY_DELAY_SECONDS = 5;
const LONGEST_RETRY_DELAY_SECONDS = 300;

/** Jobs that are handed to the engine in one statement. */
const JOBS_PER_INSERT = 20;

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
}

/** What was enqueued. */
export interface EnqueuedRun {
  runId: string;
  answerCount: number;
  chunkCount: number;
}

const ENQUEUE_RULES: { readonly [Name in keyof EnqueueOptions]-?: OptionRule } = {
  ...RUN_RULES,
  chunkSize: integerFrom(1, 1_000),
  priority: oneOf('interactive', 'background'),
  leaseSeconds: integerFrom(10, 3_600),
  attempts: integerFrom(1, 100),
  retryDelaySeconds: integerFrom(1, LONGEST_RETRY_DELAY_SECONDS),
};

/**
 * Hands answers to the workers of a queue, in chunks. The answers, learner ids included, are kept in the engine's tables
 * until it deletes them (7 days after they are done).
 *
 * @param answers What to grade; a stream of any length is enqueued chunk by chunk.
 * @param options The queue, the run's id, and how its chunks are treated.
 * @returns The counts. Grading has not begun by then.
 * @throws {GradingOptionsError} for misuse, for a wrong answer, and for a `runId` that has other answers already.
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
  const { runId, chunkSize = DEFAULT_CHUNK_SIZE } = options;
  await prepareQueue(queue);
  await queue.runs.start(runId, chunkSize);
  const { digest: known, chunkSize: firstChunkSize } = await knownRun(queue, runId);
  const digest = createHash('sha256');
  const waiting: EngineJobInsert[] = [];
  let answerCount = 0;
  let chunkCount = 0;
  // What a first call began is gone on with in its own chunks, so that they have the same ids.
  for await (const chunk of chunksOf(answers, firstChunkSize, options)) {
    const job = jobOf(chunk, queue, options);
    digest.update(JSON.stringify(job.data));
    answerCount += chunk.answers.length;
    chunkCount++;
    // All of it is enqueued: only what it holds is compared.
    if (known === undefined) waiting.push(job);
    if (waiting.length === JOBS_PER_INSERT) await queue.boss.insert(queue.name, waiting.splice(0));
  }
  if (waiting.length > 0) await queue.boss.insert(queue.name, waiting);
  const written = digest.digest('base64url');
  await queue.runs.finish(runId, answerCount, written);
  const { digest: kept } = await knownRun(queue, runId);
  if (kept !== written)
    throw new GradingOptionsError('runId', 'must be new, or have the same answers as before', 'others');
  return { runId, answerCount, chunkCount };
}

/** Cuts a stream of answers into checked chunks. */
async function* chunksOf(
  answers: Iterable<AnswerToGrade> | AsyncIterable<AnswerToGrade>,
  chunkSize: number,
  { runId, priority = 'background' }: EnqueueOptions,
): AsyncGenerator<GradingChunk> {
  let first = 0;
  let taken: AnswerToGrade[] = [];
  for await (const answer of answers) {
    taken.push(answer);
    if (taken.length < chunkSize) continue;
    yield { runId, first, priority, answers: await checkedFrom(first, taken) };
    first += taken.length;
    taken = [];
  }
  if (taken.length > 0) yield { runId, first, priority, answers: await checkedFrom(first, taken) };
}

/** Errors name the position in the whole run. */
async function checkedFrom(first: number, answers: readonly AnswerToGrade[]): Promise<readonly AnswerToGrade[]> {
  try {
    return await checkAnswers(answers);
  } catch (error) {
    if (!isGradingOptionsError(error)) throw error;
    const field = error.field.replace(/^answers\[(\d+)\]/, (_, index: string) => `answers[${first + Number(index)}]`);
    throw new GradingOptionsError(field, error.rule, error.received);
  }
}

function jobOf(chunk: GradingChunk, { name, deadLetterName }: OpenQueue, options: EnqueueOptions): EngineJobInsert {
  return {
    id: chunkId(name, chunk.runId, chunk.first),
    data: packChunk(chunk),
    priority: PRIORITIES[chunk.priority],
    retryLimit: (options.attempts ?? DEFAULT_CHUNK_ATTEMPTS) - 1,
    retryDelay: options.retryDelaySeconds ?? DEFAULT_RETRY_DELAY_SECONDS,
    retryBackoff: true,
    retryDelayMax: LONGEST_RETRY_DELAY_SECONDS,
    expireInSeconds: LONGEST_CHUNK_SECONDS,
    heartbeatSeconds: options.leaseSeconds ?? DEFAULT_LEASE_SECONDS,
    deadLetter: deadLetterName,
  };
}

function integerFrom(minimum: number, maximum: number): OptionRule {
  return {
    rule: `must be an integer from ${minimum} to ${maximum}`,
    holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum,
  };
}
