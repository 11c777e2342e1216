import { GradingOptionsError } from '../contract/errors.js';
import { modesFrom, selectProcessingMode } from '../contract/mode.js';
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
import { isReviewError } from './review-error.js';
import { NOTHING_YET, reviewStore, type ReviewStore } from './review-store.js';
import { ReviewTally } from './review-tally.js';
import { submitAnswers, type Submission } from './submit-answers.js';

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
  const store = reviewStore();
  const submit = submitter(options, store);
  const getProcessingConfig = (): ProcessingConfig => store.getSnapshot().config;
  const configure = (changes: Partial<ProcessingConfig>): void =>
    store.change({ config: { ...getProcessingConfig(), ...changes } });
  return {
    submitAnswersWithProcessingMode: (...given) => {
      const mode = selectProcessingMode(given[2].length, getProcessingConfig().processingMode);
      return submit(modesFrom(mode, {}), given);
    },
    submitParallelAnswers: (...given) => submit(['parallel'], given),
    submitBatchAnswers: (...given) => submit(['batch'], given),
    submitSequentialAnswers: (...given) => submit(['sequential'], given),
    determineProcessingMode: selectProcessingMode,
    setProcessingMode: (processingMode) => {
      selectProcessingMode(0, processingMode);
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
  let latest: ReviewTally | undefined;
  return async (modes, [sessionId, cardId, answers, { signal, onProgress } = {}]) => {
    const tally: ReviewTally = new ReviewTally(answers, onProgress, () => {
      const { results } = tally;
      show({ results, completed: results.length });
    });
    // An older submission that is still under way no longer shows.
    const show = (changes: Partial<ReviewSnapshot>): void => {
      if (tally === latest) store.change(changes);
    };
    latest = tally;
    show({ ...NOTHING_YET, status: 'submitting', total: answers.length });
    try {
      const submission: Submission = {
        ...{ options, sessionId, cardId, signal, tally },
        idempotencyKey: keyFor(sessionId, cardId, answers),
        maxConcurrentTasks: store.getSnapshot().config.maxConcurrentTasks,
        onMode: (mode, fallbacks) => show({ mode, fallbacks }),
      };
      const metrics = await submitAnswers(submission, modes);
      show({ status: 'done', metrics });
      return { results: tally.results, metrics };
    } catch (error) {
      if (isReviewError(error)) error.results = tally.results;
      show(signal?.aborted === true ? { status: 'aborted' } : { status: 'failed', error });
      throw error;
    }
  };
}
