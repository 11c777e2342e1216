import { GradingOptionsError } from '../contract/errors.js';
import { MODE_CHAIN, modeFor } from '../contract/mode.js';
import type { ProcessingMode } from '../contract/result.js';
import { idempotencyKeys } from './idempotency-keys.js';
import type {
  ProcessingConfig,
  ReviewClient,
  ReviewClientOptions,
  ReviewOutcome,
  ReviewSnapshot,
  SubmitAnswers,
} from './review-client-options.js';
import { isReviewError, ReviewError } from './review-error.js';
import { NOTHING_YET, reviewStore, type ReviewStore } from './review-store.js';
import { ReviewTally } from './review-tally.js';
import { submitAnswers, type Submission } from './submit-answers.js';

/** The time of a submission, all its requests and pauses together: longer than any review takes. */
const DEFAULT_TIMEOUT_MS = 120_000;

/** How answers get to the server and their reviews back: `modes` are tried in this order. */
type Submit = (modes: readonly ProcessingMode[], given: Parameters<SubmitAnswers>) => Promise<ReviewOutcome>;

/**
 * Makes a client for the review routes, for browsers and everything else with `fetch`. Results come back as data, graded
 * or failed with a reason, one per answer and in the same order; what is sent again is not graded again.
 *
 * A submission rejects with a {@link ReviewError} if the server refuses it or nothing could be graded, and with its
 * signal's reason when that aborts. `subscribe` and `getSnapshot` are a store as React, Svelte and Vue know it.
 *
 * @param options Where the server is.
 * @returns The client.
 *
 * @example
 * ```ts
 * import { createReviewClient } from 'gradelanes/client';
 *
 * const client = createReviewClient({ baseUrl: 'https://app.example/api/review' });
 *
 * async function review(texts: readonly string[]): Promise<void> {
 *   const answers = texts.map((answer, questionIndex) => ({ questionIndex, answer }));
 *   const { results } = await client.submitAnswersWithProcessingMode('42', 'ice', answers, {
 *     onProgress: ({ completed, total }) => console.log(`${completed} of ${total}`),
 *   });
 *   for (const each of results) console.log(each.status === 'graded' ? each.isCorrect : each.error.message);
 * }
 * ```
 */
export function createReviewClient(options: ReviewClientOptions = {}): ReviewClient {
  if (typeof options !== 'object') throw new GradingOptionsError('options', 'must be an object', typeof options);
  const store = reviewStore();
  const submit = submitter(options, store);
  const getProcessingConfig = (): ProcessingConfig => store.getSnapshot().config;
  const configure = (changes: Partial<ProcessingConfig>): void =>
    store.change({ config: { ...getProcessingConfig(), ...changes } });
  return {
    submitAnswersWithProcessingMode: (...given) => {
      const mode = modeFor(given[2].length, getProcessingConfig().processingMode);
      return submit(MODE_CHAIN.slice(MODE_CHAIN.indexOf(mode)), given);
    },
    submitParallelAnswers: (...given) => submit(['parallel'], given),
    submitBatchAnswers: (...given) => submit(['batch'], given),
    submitSequentialAnswers: (...given) => submit(['sequential'], given),
    determineProcessingMode: modeFor,
    setProcessingMode: (processingMode) => {
      modeFor(0, processingMode);
      configure({ processingMode });
    },
    setConcurrencyLimit: (limit) => {
      if (!Number.isInteger(limit) || limit < 1 || limit > 10) {
        throw new GradingOptionsError('maxConcurrentTasks', 'must be an integer from 1 to 10', String(limit));
      }
      configure({ maxConcurrentTasks: limit });
    },
    getProcessingConfig,
    subscribe: store.subscribe,
    getSnapshot: store.getSnapshot,
  };
}

function submitter(options: ReviewClientOptions, store: ReviewStore): Submit {
  const keyFor = idempotencyKeys();
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  let latest: ReviewTally | undefined;
  return async (modes, [sessionId, cardId, answers, { signal, anew, onProgress } = {}]) => {
    const tally = new ReviewTally(answers, onProgress, (results) => show({ results, completed: results.length }));
    // An older submission that is still under way no longer shows.
    const show = (changes: Partial<ReviewSnapshot>): void => {
      if (tally === latest) store.change(changes);
    };
    latest = tally;
    show({ ...NOTHING_YET, status: 'submitting', total: answers.length });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new ReviewError('No reply in time')), timeoutMs);
    try {
      const submission: Submission = {
        ...{ options, sessionId, cardId, tally, signal: AbortSignal.any([late.signal, ...(signal ? [signal] : [])]) },
        idempotencyKey: keyFor(sessionId, cardId, answers, anew),
        maxConcurrentTasks: store.getSnapshot().config.maxConcurrentTasks,
        onMode: (mode, fallbacks) => show({ mode, fallbacks }),
        onCall: (call) => show({ events: [...store.getSnapshot().events, call] }),
      };
      const metrics = await submitAnswers(submission, modes);
      show({ status: 'done', metrics });
      return { results: tally.results, metrics };
    } catch (error) {
      if (isReviewError(error)) error.results = tally.results;
      show(signal?.aborted ? { status: 'aborted' } : { status: 'failed', error });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
