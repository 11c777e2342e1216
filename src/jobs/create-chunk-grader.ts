import type { ConcurrencyController } from '../contract/controller.js';
import type { FailureCode } from '../contract/failure.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { FailedAnswer, GradingResult } from '../contract/result.js';
import { createConcurrencyController } from '../engine/limits/create-controller.js';
import { checkProviderOptions, someObject, type OptionRule } from '../input/option-rules.js';
import { commonestCode, isDoubtful, isOfWorker, rootsOf } from './chunk-trouble.js';
import { gradeOpenAnswers } from './grade-chunk.js';
import { createGradeKey } from './grade-key.js';
import type { GradingChunk } from './grading-chunk.js';
import { hasMethods } from './method-rule.js';
import { refuseOwnOptions, type OwnOption } from './own-options.js';
import { isProviderAlive } from './provider-probe.js';
import type { ResultStore } from './result-store.js';
import { ResultWriter } from './result-writer.js';

/** Options of {@link createChunkGrader}. */
export interface ChunkGraderOptions {
  /** How answers are graded. Every provider needs a `fingerprint`, as those of this package have. */
  grading: Omit<GradingOptions, OwnOption>;
  /** Where results live; shared by all workers. */
  store: ResultStore;
  /** Limits the calls of all chunks of this grader together. @default one of its own, for 5 calls */
  controller?: ConcurrencyController | undefined;
  /** Nothing is waited for any more: the worker is told to stop. @default never */
  signal?: AbortSignal | undefined;
}

/** How one attempt at a chunk is made. */
export interface ChunkAttempt {
  /** The chunk is no longer this worker's. @default never */
  signal?: AbortSignal | undefined;
  /** Awaited before every call, e.g. to confirm the claim on the job; one that rejects fails the call. @default nothing */
  beforeCall?: (() => Promise<void> | undefined) | undefined;
}

/**
 * The outcome of an attempt at a chunk: complete the job of a `done` one, give an `aborted` one back, let a `trouble` one
 * wait without counting the attempt, and count the attempt of one that `failed`.
 */
export type ChunkOutcome =
  | { kind: 'done' }
  | { kind: 'aborted' }
  /** The provider, or this worker's way or account, has a fault: it says nothing about the answers. */
  | { kind: 'trouble'; code: FailureCode; retryAt?: string | undefined; message: string }
  /** Answers could not be graded although others were. The message has codes and counts, no answer text. */
  | { kind: 'failed'; message: string };

/** Grades chunks, one after another or several at once. */
export interface ChunkGrader {
  readonly controller: ConcurrencyController;
  /**
   * Grades what has no row yet, and stores each result as it comes. Idempotent: as often as an engine delivers a chunk, every
   * answer gets one row, and only calls that were in flight when a worker was lost are made again.
   *
   * @throws {GradingOptionsError} (as a rejection) for a wrong answer in the chunk; else what the store refused.
   */
  grade(chunk: GradingChunk, attempt?: ChunkAttempt): Promise<ChunkOutcome>;
}

/** What a worker had seen of its provider when it took a chunk. */
interface WorkerPast {
  readonly modelGrades: number;
  /** Outages that were over: one that was not lasted into the chunk. */
  readonly outagesOver: number;
}

const RULES: { readonly [Name in keyof ChunkGraderOptions]-?: OptionRule } = {
  grading: { ...someObject, isRequired: true },
  store: {
    rule: 'must be a result store with save, settledIn and reusable',
    holds: hasMethods('save', 'settledIn', 'reusable'),
    isRequired: true,
  },
  controller: { rule: 'must be a controller', holds: hasMethods('run', 'snapshot') },
  signal: { rule: 'must be an AbortSignal', holds: (value) => value instanceof AbortSignal },
};

/**
 * Creates the function at the heart of any job engine: one that grades a chunk of answers, idempotently. `createGradingWorker`
 * is this on pg-boss; for other engines see `examples/engines`.
 *
 * @param options How answers are graded, and where results live.
 * @returns The grader. Keep it for the life of the worker: it knows how the providers are doing.
 * @throws {GradingOptionsError} for misuse.
 *
 * @example
 * ```ts
 * import { createChunkGrader, type GradingChunk, type ResultStore } from 'gradelanes/jobs';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const handlerFor = (store: ResultStore): ((chunk: GradingChunk) => Promise<void>) => {
 *   const grader = createChunkGrader({ grading: { provider: offlineProvider() }, store });
 *   return async (chunk) => {
 *     const outcome = await grader.grade(chunk);
 *     if (outcome.kind !== 'done') throw new Error(outcome.kind);
 *   };
 * };
 * ```
 */
export function createChunkGrader(options: ChunkGraderOptions): ChunkGrader {
  checkProviderOptions(options, RULES);
  const { grading, store, signal: halted = new AbortController().signal } = options;
  refuseOwnOptions(grading);
  const { clock, random } = grading;
  const controller = options.controller ?? createConcurrencyController({ clock, random });
  const writer = new ResultWriter(store, halted);
  const gradeKey = createGradeKey(grading);
  /** Grades that a model gave this worker so far: the sign that its provider lets something through. */
  let modelGrades = 0;
  /** Outages that a probe has shown this worker so far, and those of them that were followed by a sign of life. */
  let outages = 0;
  let outagesOver = 0;
  const onResult = (result: GradingResult): void => {
    if (result.status !== 'graded' || result.gradedBy !== 'llm' || result.fromCache) return;
    modelGrades++;
    outagesOver = outages;
  };
  /**
   * The same failures show an outage if the provider gives a model's grade to nobody, and else the answers' fault. A chunk
   * that was in the works in an outage shares it, whatever the probe of which chunk showed it: the provider may be back by
   * the time that this one is judged.
   */
  const isOutage = async (before: WorkerPast, signal: AbortSignal): Promise<boolean> => {
    const isAlive = modelGrades > before.modelGrades || (await isProviderAlive(grading, controller, signal));
    if (isAlive) outagesOver = outages;
    else if (!signal.aborted) outages++;
    return outages > before.outagesOver;
  };
  return {
    controller,
    async grade(chunk, { signal, beforeCall } = {}) {
      const before: WorkerPast = { modelGrades, outagesOver };
      const stopped = signal === undefined ? halted : AbortSignal.any([halted, signal]);
      const parts = { grading, controller, gradeKey, store, writer, onResult, beforeCall, signal: stopped };
      const rest = await gradeOpenAnswers(chunk, parts);
      if (rest.isAborted) return { kind: 'aborted' };
      if (rest.left.length === 0) return { kind: 'done' };
      const roots = rootsOf(rest.left);
      const isTrouble = isOfWorker(roots) || (isDoubtful(roots) && (await isOutage(before, stopped)));
      if (stopped.aborted) return { kind: 'aborted' };
      const message = describeLeft(rest.left, chunk.answers.length);
      const code = commonestCode(roots);
      if (!isTrouble || code === undefined) return { kind: 'failed', message };
      const retryAt = rest.left.find(({ error }) => error.retryAt !== undefined)?.error.retryAt;
      return { kind: 'trouble', code, retryAt, message };
    },
  };
}

/** Codes and counts only: what the engine keeps of a failure must not hold an answer. */
function describeLeft(left: readonly FailedAnswer[], answerCount: number): string {
  const counts = [...Map.groupBy(left, ({ error }) => error.code)].map(([code, some]) => `${code} x ${some.length}`);
  return `${left.length} of ${answerCount} answers could not be graded: ${counts.join(', ')}`;
}
