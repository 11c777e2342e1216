import { AnswerQueue } from './chain/answer-queue.js';
import { answersAtOnce } from './chain/walk-chain.js';
import { GradingAbortedError } from '../contract/errors.js';
import { openRun } from './open-run.js';
import type { ResolvedOptions } from '../input/resolved-options.js';
import type { PendingAnswer } from './run/pending-answer.js';
import type { AnswerToGrade } from '../contract/question.js';
import type { ParallelProcessingMetrics } from '../contract/report.js';
import type { GradingResult } from '../contract/result.js';
import { ResultOutlet } from './stream/result-outlet.js';
import { walkStream } from './chain/walk-stream.js';
import { StreamWindow } from './stream/stream-window.js';
import { takeAnswers } from './stream/take-answers.js';

/** Settings of a stream: the answers, the checked options, and the order in which results come out. */
export interface StreamSettings {
  readonly answers: Iterable<AnswerToGrade> | AsyncIterable<AnswerToGrade>;
  readonly options: ResolvedOptions;
  readonly emit: 'input' | 'completed';
}

/** A stream that has begun. */
export interface RunningStream {
  readonly next: () => Promise<IteratorResult<GradingResult, undefined>>;
  /** Aborts what runs; resolves when it is over. */
  readonly stop: () => Promise<IteratorReturnResult<undefined>>;
  /** Rejects only for a fault of this library. */
  readonly metrics: Promise<ParallelProcessingMetrics>;
}

/** Begins a stream: a run with the same links as over a list, whose answers are read as there is room for them. */
export function openStream({ answers, options, emit }: StreamSettings): RunningStream {
  // The window follows the first link, whose slots may change while the stream runs.
  const window = new StreamWindow(() => {
    const [first] = opened.chain.plans;
    return first === undefined ? 1 : answersAtOnce(opened.run, first);
  });
  const outlet = new ResultOutlet(emit, () => window.read());
  const keep = (result: GradingResult): void => {
    outlet.add(result);
    window.settled();
  };
  const opened = openRun(options, { answerCount: undefined, onlyMode: undefined, keep });
  const { run, resume, abort, finish, release } = opened;
  run.abort.onStop(() => window.close());
  const queues = opened.chain.plans.map(() => new AnswerQueue());
  const [queue = new AnswerQueue()] = queues;
  // Only those go on to the first link whose grades are not known already.
  const intake = options.cache === undefined ? queue : new AnswerQueue();

  const work = async (): Promise<ParallelProcessingMetrics> => {
    try {
      const walking = walkStream({
        ...opened.chain,
        queues,
        ungraded: () => window.ungraded,
      });
      // Never waits for a chain that is broken.
      walking.catch(abort);
      if (intake !== queue) passOn(opened.lookUp(intake), queue).catch(abort);
      const failure = await takeAnswers({ run, resume, answers, window, queue: intake });
      const metrics = await finish(await walking);
      const abortedBy = run.misuse ?? abortedError(metrics, options.signal);
      outlet.end(run.abort.reason === undefined ? failure : { error: abortedBy });
      return metrics;
    } catch (error) {
      outlet.end({ error });
      throw error;
    } finally {
      release();
    }
  };
  const metrics = work();
  // A stop waits for the end of the run, whatever that is: its error is told by `metrics`.
  const isOver = metrics.then(
    () => {},
    () => {},
  );
  const stop: RunningStream['stop'] = async () => {
    abort();
    await isOver;
    outlet.discard();
    return { done: true, value: undefined };
  };
  return { next: () => outlet.next(), stop, metrics };
}

async function passOn(answers: AsyncIterable<PendingAnswer>, queue: AnswerQueue): Promise<void> {
  try {
    for await (const pending of answers) queue.push(pending);
  } finally {
    queue.close();
  }
}

/** The results were handed out before. */
function abortedError(metrics: ParallelProcessingMetrics, signal: AbortSignal | undefined): GradingAbortedError {
  return new GradingAbortedError({ results: [], metrics }, signal?.reason);
}
