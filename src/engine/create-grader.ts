import { createConcurrencyController } from './limits/create-controller.js';
import type { ConcurrencyController } from '../contract/controller.js';
import { GradingOptionsError } from '../contract/errors.js';
import {
  gradeAnswer,
  gradeAnswersConcurrently,
  gradeAnswersInBatch,
  gradeAnswersSequentially,
  gradeAnswersWithFallback,
  type SingleModeOptions,
} from './grade-answers.js';
import {
  streamOf,
  type GradingStream,
  type GradingStreamOptions,
  type GradingStreamSource,
} from './grade-answers-stream.js';
import type { GradingOptions, Logger } from '../contract/grading-options.js';
import { describe } from '../input/misuse.js';
import { definedOnly, mergeOptions, resolveOptions } from '../input/resolve-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { GradingReport } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';
import { sleep } from '../async/waiting.js';
import { Latch } from '../async/latch.js';

/** Options of one call of a grader; all have the grader's as defaults. */
export type GraderCallOptions = Partial<GradingOptions>;

/** Options of one call of a grader in one mode. */
export type GraderSingleModeOptions = Partial<SingleModeOptions>;

/** Options of one stream of a grader. */
export type GraderStreamOptions = Partial<GradingStreamOptions>;

/** The grading functions with shared defaults, limits and controller: what a server holds. */
export interface Grader {
  /** All runs of the grader share its slots. */
  readonly controller: ConcurrencyController;
  /** The `logger` of its options, for whatever serves the grader. */
  readonly logger?: Logger | undefined;
  gradeAnswersWithFallback<const Answers extends readonly AnswerToGrade[]>(
    answers: Answers,
    options?: GraderCallOptions,
  ): Promise<GradingReport<Answers>>;
  gradeAnswersConcurrently<const Answers extends readonly AnswerToGrade[]>(
    answers: Answers,
    options?: GraderSingleModeOptions,
  ): Promise<GradingReport<Answers>>;
  gradeAnswersInBatch<const Answers extends readonly AnswerToGrade[]>(
    answers: Answers,
    options?: GraderSingleModeOptions,
  ): Promise<GradingReport<Answers>>;
  gradeAnswersSequentially<const Answers extends readonly AnswerToGrade[]>(
    answers: Answers,
    options?: GraderSingleModeOptions,
  ): Promise<GradingReport<Answers>>;
  gradeAnswer(answer: AnswerToGrade, options?: GraderCallOptions): Promise<GradingResult>;
  /** Leaves the grader's `order` aside. */
  gradeAnswersStream(answers: GradingStreamSource, options?: GraderStreamOptions): GradingStream;
  /**
   * Takes no new runs and waits for the running ones, at most `graceMs`; then aborts what is left. The default is 30 s:
   * more than the 25 s that the HTTP handler gives a run, and what Kubernetes leaves a process to end.
   */
  close(options?: { graceMs?: number | undefined }): Promise<void>;
}

/** Grace that {@link Grader.close} gives running runs by default, in milliseconds. */
export const DEFAULT_CLOSE_GRACE_MS = 30_000;

/**
 * Makes a grader: the grading functions with defaults, sharing one controller. An option of a call overrides the
 * grader's; listeners of both run.
 *
 * @param defaults Options of every run. Without a `controller` the grader makes one of `maxConcurrentTasks` slots.
 * @returns The grader.
 * @throws {GradingOptionsError} for misuse.
 *
 * @example
 * ```ts
 * import { createGrader } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const grader = createGrader({ provider: offlineProvider(), maxConcurrentTasks: 8 });
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const result = await grader.gradeAnswer({ question, answer: 'It is less dense than water.' });
 * console.log(result.status); // graded
 * await grader.close();
 * ```
 */
export function createGrader(defaults: GradingOptions): Grader {
  const { controller: given, maxConcurrentTasks, adaptive, limits, clock, random } = resolveOptions(defaults);
  const controller = given ?? createConcurrencyController({ maxConcurrentTasks, adaptive, limits, clock, random });
  const shared: GradingOptions = { ...defaults, controller, adaptive: undefined, limits: undefined };
  const closing = new AbortController();
  const runs = new Set<Promise<unknown>>();
  let isClosed = false;

  /** A run's options over the grader's defaults, unless the grader is closed. */
  function optionsOf(options: GraderCallOptions = {}): GradingOptions {
    if (isClosed) throw new GradingOptionsError('grader', 'must not be closed', 'a call after close()');
    // Before they are merged: a listener of the wrong type would be hidden behind the grader's.
    resolveOptions({ ...shared, ...definedOnly(options) });
    const merged = mergeOptions(shared, options);
    const signal = merged.signal === undefined ? closing.signal : AbortSignal.any([merged.signal, closing.signal]);
    return { ...merged, signal };
  }

  // Registers a run for as long as it lasts, so that `close` can wait for it.
  const track = <T>(running: Promise<T>): Promise<T> => {
    const settled = running.catch(() => {}).finally(() => runs.delete(settled));
    runs.add(settled);
    return running;
  };
  const start = async <T>(
    options: GraderCallOptions | undefined,
    run: (options: GradingOptions) => Promise<T>,
  ): Promise<T> => track(run(optionsOf(options)));

  return {
    controller,
    logger: defaults.logger,
    gradeAnswersWithFallback: (answers, options) => start(options, (all) => gradeAnswersWithFallback(answers, all)),
    gradeAnswersConcurrently: (answers, options) => start(options, (all) => gradeAnswersConcurrently(answers, all)),
    gradeAnswersInBatch: (answers, options) => start(options, (all) => gradeAnswersInBatch(answers, all)),
    gradeAnswersSequentially: (answers, options) => start(options, (all) => gradeAnswersSequentially(answers, all)),
    gradeAnswer: (answer, options) => start(options, (all) => gradeAnswer(answer, all)),
    gradeAnswersStream: (answers, { emit, ...options } = {}) => {
      const { order: _, ...all } = optionsOf(options);
      return streamOf(answers, { ...all, emit }, track);
    },
    close: async (howToClose) => {
      const graceMs = checkedGraceMs(howToClose);
      isClosed = true;
      const drained = new Latch();
      const allSettled = Promise.all(runs).then(() => drained.open());
      const isEndless = graceMs > LONGEST_TIMER_MS;
      const isLate = !isEndless && (await sleep(graceMs, clock, drained));
      if (!isLate) await allSettled;
      // The abort comes also where all runs have settled: a stream that was made before and is read from now on makes
      // no call.
      closing.abort(new DOMException('the grader was closed', 'AbortError'));
      await allSettled;
    },
  };
}

/** A timer with a longer delay would fire at once: more grace than this never runs out. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The grace in milliseconds.
 *
 * @throws {GradingOptionsError} if it is no number of at least 0.
 */
function checkedGraceMs(given: { graceMs?: number | undefined } | null | undefined): number {
  const graceMs: unknown = given?.graceMs ?? DEFAULT_CLOSE_GRACE_MS;
  if (typeof graceMs === 'number' && graceMs >= 0) return graceMs;
  throw new GradingOptionsError('graceMs', 'must be a number of milliseconds, 0 or more', describe(graceMs, 'graceMs'));
}
