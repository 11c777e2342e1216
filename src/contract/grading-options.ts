import type { Clock } from './clock.js';
import type { AdaptiveOptions, ConcurrencyController, RateLimits } from './controller.js';
import type { GradingEvent } from './grading-event.js';
import type { LocalGrading } from './question.js';
import type { Provider } from './provider.js';
import type { GradingReport, ProcessingModeRequest } from './report.js';
import type { GradingResult } from './result.js';
import type { ReviewPolicy } from './review-policy.js';

/** How the learner's feedback is written. */
export interface FeedbackOptions {
  /** BCP 47 tag. @default the language of the answer */
  language?: string | undefined;
  /** Longer feedback is cut at a word. @default 500: some four sentences, what a phone shows at once */
  maxCharacters?: number | undefined;
  /** Feedback may quote the reference answer. @default false */
  revealReference?: boolean | undefined;
}

/** How answers are guarded. */
export interface GuardOptions {
  /** The model reads so many characters of an answer; longer ones are flagged for review. @default 4_000 */
  maxAnswerCharacters?: number | undefined;
  /**
   * Send more grades to review: 10 % of right marks instead of 5 %, and 36 % of wrong ones instead of 23 % (training
   * splits of SciEntsBank, Beetle and Short Answer Feedback, marks turned round at random). @default false
   */
  strict?: boolean | undefined;
}

/** How calls that failed are repeated. */
export interface RetryOptions {
  /**
   * Calls per answer and link of the chain (a mode of a provider), the first one included. Rejections for the rate (429)
   * are counted apart, while the provider lets nothing through, and two more of them are waited out: their cure is time.
   * @default 3: short faults are over by then. With 1, or `retry: false`, a provider that is down is not waited for either
   */
  maxAttempts?: number | undefined;
  /**
   * Upper bound of the first wait, doubled each time; the wait itself is drawn from 0 to the bound.
   * @default 500, as in the vendors' SDKs
   */
  baseDelayMs?: number | undefined;
  /** Upper bound of every drawn wait. @default 8_000, as in the vendors' SDKs */
  maxDelayMs?: number | undefined;
  /**
   * A provider's Retry-After beyond this is not waited for: its answers go on to the next provider. It bounds each wait,
   * not their sum: a chain that shall switch sooner sets this lower, or a `deadlineMs`. Pauses are up to 2 % longer than
   * asked, so that several processes do not come back at once.
   * @default 180_000: limits per minute are over by then, a used-up quota is not
   */
  maxRetryAfterMs?: number | undefined;
  /**
   * Repeated calls that each graded answer adds to what the run may spend, beside 10 to start with: retries, re-asks,
   * later modes, hedges and second opinions. @default 0.5: an outage ends soon instead of storming
   */
  budget?: number | undefined;
}

/**
 * When a second copy of a call is sent. Share and percentile are those of Dean and Barroso, "The Tail at Scale" (2013).
 */
export interface HedgeOptions {
  /** Extra calls as a share of all calls of the provider: 0..1. @default 0.05 */
  budget?: number | undefined;
  /**
   * Percentile of the provider's recent latencies after which a call is late: 0..100. None is late before 20 are known:
   * fewer have no 95th percentile. @default 95
   */
  afterPercentile?: number | undefined;
  /** Never before so many milliseconds. @default 100: nobody would notice what is gained */
  minDelayMs?: number | undefined;
}

/** Which grades are doubtful, and who gives a second opinion on them. */
export interface SampleOptions {
  /**
   * Most opinions on an answer, the first one included: 1..10. No more are asked once most of these agree.
   * @default one more than there are judges; 3 without judges
   */
  count?: number | undefined;
  /** Who is asked for further opinions, in turn. @default the provider that graded */
  judges?: readonly Provider[] | undefined;
  /**
   * A grade with less confidence is doubtful: 0..1.
   * @default 0.7: above what is left (0.6) where the offline grader contradicts
   */
  belowConfidence?: number | undefined;
  /**
   * So is one whose `scaledScore` is as near as this to the passing score: 0..1.
   * @default 0.1: half a step of the levels 0 to 5 that models give, so that one level more or less decides
   */
  nearPassingScore?: number | undefined;
}

/** A structured logger as pino has it: an object first, then a message. */
export interface Logger {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}

/** What `onProgress` is told after every answer. */
export interface GradingProgress {
  completed: number;
  /** Absent where the number of answers is not known. */
  total?: number | undefined;
  graded: number;
  failed: number;
  result: GradingResult;
}

/**
 * A store of grades, sync or async: a `Map` fits, and so do Keyv, cache-manager and unstorage. `null` and `undefined` are
 * misses. Values are texts, and keys are 47 characters of `A-Za-z0-9_-`.
 *
 * A key is a hash of all that decides a grade: question, answer, material, instructions, options, prompt version and the
 * provider's `fingerprint` (with the model in it), but no learner. A provider without a `fingerprint` finds its grades
 * again only as the same object. A value is a provider's verdict: it is checked like a reply, and marks are summed and
 * guards run anew. What throws, rejects or takes longer than a second counts as a miss.
 */
export interface GradeCache {
  get(key: string): unknown;
  /** Gets the third argument only where a `ttlMs` is set: some stores refuse a number there. */
  set: ((key: string, value: string, ttlMs?: number) => unknown) | ((key: string, value: string) => unknown);
}

/** A store of grades, and how long it keeps them. */
export interface CacheOptions {
  store: GradeCache;
  /** Milliseconds that a grade is kept, in stores that can forget. @default for ever */
  ttlMs?: number | undefined;
}

/** What a million tokens of a model cost, in any currency. */
export interface TokenPrice {
  inputPerMillion: number;
  outputPerMillion: number;
  /** Input that the vendor's cache had. @default inputPerMillion */
  cacheReadPerMillion?: number | undefined;
  /** Input that the vendor's cache took. @default inputPerMillion */
  cacheWritePerMillion?: number | undefined;
}

/** Prices by the model's name or its beginning, or by the provider's name. */
export type PriceTable = Readonly<Record<string, TokenPrice>>;

/** Limits on what a run may spend, all attempts and second copies included. Local providers spend nothing. */
export interface BudgetOptions {
  /** Input and output together. @default no limit */
  maxTokens?: number | undefined;
  /** @default no limit */
  maxRequests?: number | undefined;
  /** In the currency of `prices`. A model without a price counts as the dearest. @default no limit */
  maxCost?: number | undefined;
  /** @default none: cost is not measured */
  prices?: PriceTable | undefined;
}

/** What has been spent. Calls that ended without telling their tokens count with what they were expected to take. */
export interface Spending {
  requests: number;
  /** Input and output together. */
  tokens: number;
  /** In the currency of the prices; 0 without them. */
  cost: number;
}

/** What runs may spend together. Create one with `createBudget`. */
export interface Budget {
  readonly limits: BudgetOptions;
  readonly spent: Readonly<Spending>;
}

/**
 * Finds an earlier result for an answer, by its position in the input or by its key (47 characters of `A-Za-z0-9_-`).
 * What it finds counts only if it is a grade with that very key.
 */
export type ResultLookup = (
  index: number,
  key: string,
) => GradingResult | null | undefined | Promise<GradingResult | null | undefined>;

/**
 * All options of the grading functions. Only `provider` is required; `undefined` always means the default.
 *
 * @example
 * ```ts
 * import type { GradingOptions } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const options: GradingOptions = { provider: offlineProvider(), maxConcurrentTasks: 10, attemptTimeoutMs: 20_000 };
 * ```
 */
export interface GradingOptions {
  /** Who grades; several form a chain, and the next one takes what the one before left ungraded. */
  provider: Provider | readonly [Provider, ...Provider[]];
  /** @default 'auto': 1 answer sequential, 2 batch, 3 or more parallel */
  mode?: ProcessingModeRequest | undefined;
  /** Material shared by all answers, e.g. the flash card. */
  context?: string | undefined;
  /** The teacher's own marking instructions. */
  instructions?: string | undefined;
  /** Most calls of this run in flight: an integer from 1 to 10. @default 5, or the limit of `adaptive` or the controller */
  maxConcurrentTasks?: number | undefined;
  /** Limits all its runs together. */
  controller?: ConcurrencyController | undefined;
  /** Most answers in one call of batch mode: 1..10. @default 6 */
  batchSize?: number | undefined;
  /** Put answers of different learners into one prompt. @default false: they never share one */
  batchAcrossLearners?: boolean | undefined;
  /** Feature flag: `false` takes parallel mode out of the chain. @default true */
  parallelEnabled?: boolean | undefined;
  /** Decide without a model what a rule can decide. @default true */
  localGrading?: LocalGrading | undefined;
  /**
   * Cleans the model's copy of each answer, looks for manipulation, checks what the model wrote for the learner, and
   * flags doubtful grades for review. Never changes a mark. @default true
   */
  guards?: boolean | GuardOptions | undefined;
  /**
   * Which grades may go without a review: the policy that `reviewPolicy` of `gradelanes/evaluate` learned from answers
   * that people have marked. Grades outside of it need one, with the reason `outside_policy`. @default none
   */
  review?: ReviewPolicy | undefined;
  /** Ask for feedback for the learner. @default true */
  feedback?: boolean | FeedbackOptions | undefined;
  /**
   * Ask for the words of the answer that decided the marks and return where they stand in it: at most 15 more output
   * tokens a criterion. @default true
   */
  evidence?: boolean | undefined;
  /** From the real start of a call to its parsed body, in milliseconds. @default 60_000 */
  attemptTimeoutMs?: number | undefined;
  /** For the whole run, in milliseconds; what is ungraded then settles `deadline_exceeded`. @default none */
  deadlineMs?: number | undefined;
  /** `false` never repeats a call that failed on its way. @default 3 attempts with full-jitter back-off */
  retry?: false | RetryOptions | undefined;
  /**
   * Find each provider's own limit, from its replies: starts with 5 calls at once and grows to 10, or to
   * `maxConcurrentTasks` where that is less. Not beside `controller`, which has its own. @default false
   */
  adaptive?: boolean | AdaptiveOptions | undefined;
  /** Rate limits of each provider. Not beside `controller`. @default learned from the vendor's headers and replies */
  limits?: RateLimits | undefined;
  /**
   * Send a second copy of a late call; the first usable reply counts, both cost. `'stalled'`: over 5 s and over 3 times the
   * 99th percentile of at least 10 calls; ended as timed out if the copy stalls too. `true`: see {@link HedgeOptions}.
   * @default 'stalled': a dead connection would cost the whole `attemptTimeoutMs`
   */
  hedge?: boolean | 'stalled' | HedgeOptions | undefined;
  /** In which order answers are sent; results keep the input order. @default 'input' */
  order?: 'input' | 'shortest' | 'longest' | 'firstThenLongest' | 'easiest' | undefined;
  /** Who goes first on a shared controller: four interactive calls to one of the background. @default 'interactive' */
  priority?: 'interactive' | 'background' | undefined;
  /**
   * Where models' grades are kept: an answer that was graded before, by the same provider under the same options, needs
   * no call. Failures, grades that need review and those of a stand-in are not kept. @default none
   */
  cache?: GradeCache | CacheOptions | undefined;
  /**
   * What the run may spend, or what several runs may spend together (`createBudget`). What is ungraded then settles
   * `budget_exceeded`. @default none
   */
  budget?: Budget | BudgetOptions | undefined;
  /**
   * Opinions on an answer whose grade is doubtful, each from a call of its own out of the budget for repeated calls.
   * @default 1: no second opinions
   */
  samples?: number | SampleOptions | undefined;
  /**
   * What an earlier run left, as its report or in a store: answers whose grade is there need no call, failed ones are
   * graded anew, and so is what another prompt, model, question or option would decide. Needs results with a `key`, or
   * the report itself in the process that made it. @default none
   */
  resumeFrom?: GradingReport | ResultLookup | undefined;
  /**
   * Called with every result as it settles. A run takes no further answers while 10 of the promises it returns are open,
   * and ends after all have settled. What it throws is logged and changes nothing.
   */
  onResult?: ((result: GradingResult) => void | Promise<void>) | undefined;
  /** Aborting rejects the run with a `GradingAbortedError` that carries the partial report. */
  signal?: AbortSignal | undefined;
  /**
   * How long aborted calls may take to settle before they are left behind, in milliseconds.
   * @default 1_000: what obeys its signal does so at once, what does not may hold on for ever
   */
  abortGraceMs?: number | undefined;
  /** Called with everything that happens. What it throws is ignored. */
  onEvent?: ((event: GradingEvent) => void) | undefined;
  /** Called after every answer. What it throws is ignored. */
  onProgress?: ((progress: GradingProgress) => void) | undefined;
  logger?: Logger | undefined;
  /** Where time comes from. @default the system's clock */
  clock?: Clock | undefined;
  /** Where chance comes from: 0 <= value < 1. @default the platform's secure source (`crypto.getRandomValues`) */
  random?: (() => number) | undefined;
}
