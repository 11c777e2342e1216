import { GradingOptionsError } from '../contract/errors.js';
import { openStream, type RunningStream } from './grade-stream.js';
import type { GradingOptions } from '../contract/grading-options.js';
import { describe } from '../input/misuse.js';
import { resolveOptions } from '../input/resolve-options.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';

/** Options of a stream. `order` is not among them: answers are sent as they are read. */
export interface GradingStreamOptions extends Omit<GradingOptions, 'order'> {
  /** Order of the results: as the answers came in, or each as soon as it is there. @default 'input' */
  emit?: 'input' | 'completed' | undefined;
}

/** Source of a stream: a list, a generator, a database cursor, a readable stream in object mode. */
export type GradingStreamSource = Iterable<AnswerToGrade> | AsyncIterable<AnswerToGrade>;

/**
 * Results as they come, to be read once. Nothing happens before the first result is asked for, and the run goes on only
 * as far as they are read.
 */
export interface GradingStream extends AsyncIterable<GradingResult, undefined> {
  /** Metrics of the run. Resolves when the stream is over, also if it was stopped, aborted, or its source threw. */
  readonly metrics: Promise<ParallelProcessingMetrics>;
  [Symbol.asyncIterator](): AsyncIterator<GradingResult, undefined>;
}

/**
 * Grades answers that are too many for a list, or not all there yet: reads them one by one, grades several at once, and
 * gives the results back one by one. Holds a bounded number of answers, whatever happens: 5 for every call that may be in
 * flight, two without a result and the rest graded and not yet read. A reader that stops reading stops the calls, and then
 * the source.
 *
 * A chain works as over a list, except that an answer takes the next link as soon as one has left it ungraded;
 * `fallbacks` counts each step once, with all its answers.
 * - A source that throws ends the stream: first come the results of all answers read before, then its error is thrown.
 * - An answer that is misuse does the same, with a `GradingOptionsError` that names it.
 * - Breaking out of the loop aborts the calls in flight and closes the source.
 *
 * @param answers What to grade, read when there is room.
 * @param options Who grades, and how. `'auto'` means parallel, or batch for a provider that isolates its items.
 * @returns The results; an aborted `signal` throws a `GradingAbortedError` after those of all answers that were read.
 * @throws {GradingOptionsError} at once, for misuse of the options.
 *
 * @example
 * ```ts
 * import { gradeAnswersStream } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * async function* answers() {
 *   const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 *   for (const answer of ['it is less dense', 'it is cold']) yield { question, answer };
 * }
 * const stream = gradeAnswersStream(answers(), { provider: offlineProvider() });
 * for await (const result of stream) console.log(result.index, result.status);
 * console.log((await stream.metrics).gradedCount); // 2
 * ```
 */
export function gradeAnswersStream(answers: GradingStreamSource, options: GradingStreamOptions): GradingStream {
  return streamOf(answers, options);
}

/** @param onStart Told when the stream begins: until then it holds nothing. */
export function streamOf(
  answers: GradingStreamSource,
  given: GradingStreamOptions,
  onStart?: (metrics: Promise<unknown>) => unknown,
): GradingStream {
  const { emit = 'input', ...rest }: GradingStreamOptions = { ...given };
  const options = resolveOptions(rest);
  if (!['input', 'completed'].includes(emit))
    throw new GradingOptionsError('emit', "must be 'input' or 'completed'", describe(emit, 'emit'));
  if (options.order !== 'input') throw new GradingOptionsError('order', "must be 'input' in a stream", options.order);
  if (!isSource(answers))
    throw new GradingOptionsError('answers', 'must be a list or an iterable of answers', describe(answers, 'answers'));

  const { promise: metrics, resolve } = Promise.withResolvers<ParallelProcessingMetrics>();
  let running: RunningStream | undefined;
  const start = (source: GradingStreamSource): RunningStream => {
    if (running === undefined) {
      running = openStream({ answers: source, options, emit });
      resolve(running.metrics);
      // Whoever reads the results is told.
      metrics.catch(() => {});
      onStart?.(metrics);
    }
    return running;
  };
  const iterator: AsyncIterator<GradingResult, undefined> = {
    next: async () => start(answers).next(),
    // One that has not begun leaves its source alone.
    return: async () => start([]).stop(),
  };
  return { metrics, [Symbol.asyncIterator]: () => iterator };
}

/** A text can be iterated, but its characters are no answers. */
function isSource(answers: unknown): boolean {
  const iterable: object = Object(answers);
  return typeof answers !== 'string' && (Symbol.asyncIterator in iterable || Symbol.iterator in iterable);
}
