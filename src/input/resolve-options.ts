import { DEFAULT_MAX_ANSWER_CHARACTERS } from '../contract/question.js';
import { systemClock, type Clock } from '../contract/clock.js';
import { GradingOptionsError } from '../contract/errors.js';
import type {
  Budget,
  CacheOptions,
  FeedbackOptions,
  GradingOptions,
  GuardOptions,
  RetryOptions,
  SampleOptions,
} from '../contract/grading-options.js';
import type { Provider } from '../contract/provider.js';
import type { LocalGrading, LocalGradingSwitches } from '../contract/question.js';
import { checkOptions } from './check-input.js';
import { checkProvider } from './check-provider.js';
import { secureRandom } from './secure-random.js';
import { createBudget } from './create-budget.js';
import {
  budgetSchema,
  cacheSchema,
  feedbackSchema,
  gradingOptionsSchema,
  guardSchema,
  hedgeSchema,
  localGradingSchema,
  retrySchema,
  sampleSchema,
  spendingSchema,
} from './option-schemas.js';
import { reviewPolicySchema } from './review-policy-schema.js';
import {
  DEFAULT_ABORT_GRACE_MS,
  DEFAULT_ATTEMPT_TIMEOUT_MS,
  DEFAULT_BATCH_SIZE,
  DEFAULT_FEEDBACK_CHARACTERS,
  DEFAULT_HEDGE,
  DEFAULT_RETRY,
  type ResolvedFeedback,
  type ResolvedGuards,
  type ResolvedHedge,
  type ResolvedLocalGrading,
  type ResolvedOptions,
  type ResolvedRetry,
  type ResolvedSamples,
} from './resolved-options.js';

/** Opinions on a doubtful answer where second opinions are on and nobody says how many. */
const DEFAULT_SAMPLES = 3;

/**
 * Checks the options of a run and puts every default in place: the only function that knows them.
 *
 * @throws {GradingOptionsError} naming the option, its rule and what was received.
 */
export function resolveOptions(given: GradingOptions): ResolvedOptions {
  const options = checkOptions(gradingOptionsSchema, given);
  refuseBesideController(options);
  return {
    providers: providersOf(options.provider),
    mode: options.mode ?? 'auto',
    context: options.context,
    instructions: options.instructions,
    maxConcurrentTasks: options.maxConcurrentTasks,
    controller: options.controller,
    batchSize: options.batchSize ?? DEFAULT_BATCH_SIZE,
    batchAcrossLearners: options.batchAcrossLearners ?? false,
    parallelEnabled: options.parallelEnabled ?? true,
    localGrading: resolveLocalGrading(options.localGrading),
    guards: resolveGuards(options.guards),
    review: options.review === undefined ? undefined : checkOptions(reviewPolicySchema, options.review, 'review'),
    feedback: resolveFeedback(options.feedback),
    evidence: options.evidence ?? true,
    attemptTimeoutMs: options.attemptTimeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS,
    deadlineMs: options.deadlineMs,
    retry: resolveRetry(options.retry),
    adaptive: options.adaptive,
    limits: options.limits,
    hedge: resolveHedge(options.hedge),
    samples: resolveSamples(options.samples),
    cache: resolveCache(options.cache),
    budget: resolveBudget(options.budget),
    order: options.order ?? 'input',
    priority: options.priority ?? 'interactive',
    resumeFrom: options.resumeFrom,
    onResult: options.onResult,
    signal: options.signal,
    abortGraceMs: options.abortGraceMs ?? DEFAULT_ABORT_GRACE_MS,
    onEvent: options.onEvent,
    onProgress: options.onProgress,
    logger: options.logger,
    clock: options.clock ?? systemClock,
    random: options.random ?? chanceOf(options.clock),
  };
}

/**
 * Puts the options of one call over the defaults of a grader. `undefined` leaves a default in place; listeners of both
 * run.
 */
export function mergeOptions(defaults: GradingOptions, call: Partial<GradingOptions>): GradingOptions {
  return {
    ...defaults,
    ...definedOnly(call),
    onEvent: both(defaults.onEvent, call.onEvent),
    onProgress: both(defaults.onProgress, call.onProgress),
    // Whatever it returns is awaited.
    onResult: both(defaults.onResult, call.onResult) as GradingOptions['onResult'],
  };
}

/** Which answers are decided without a model: the question's own word before the run's. */
export function resolveLocalGrading(run: LocalGrading | undefined, question?: LocalGrading): ResolvedLocalGrading {
  const [outer, inner] = [switchesOf(run), switchesOf(question)];
  return {
    rules: inner.rules ?? outer.rules ?? true,
    exactMatch: inner.exactMatch ?? outer.exactMatch ?? true,
    blank: inner.blank ?? outer.blank ?? true,
  };
}

/** The options that have a value. */
export function definedOnly(options: Partial<GradingOptions>): Partial<GradingOptions> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function providersOf(provider: GradingOptions['provider']): readonly Provider[] {
  const isOne = 'grade' in provider || 'generate' in provider;
  const providers = isOne ? [provider] : [...provider];
  for (const [index, each] of providers.entries()) checkProvider(each, isOne ? 'provider' : `provider[${index}]`);
  return providers;
}

function switchesOf(value: LocalGrading | undefined): LocalGradingSwitches {
  if (typeof value === 'boolean') return { rules: value, exactMatch: value, blank: value };
  return value === undefined ? {} : checkOptions(localGradingSchema, value, 'localGrading');
}

function resolveFeedback(value: boolean | FeedbackOptions | undefined): ResolvedFeedback | undefined {
  if (value === false) return undefined;
  const given = typeof value === 'object' ? checkOptions(feedbackSchema, value, 'feedback') : {};
  return {
    language: given.language,
    maxCharacters: given.maxCharacters ?? DEFAULT_FEEDBACK_CHARACTERS,
    revealReference: given.revealReference ?? false,
  };
}

function resolveGuards(value: boolean | GuardOptions | undefined): ResolvedGuards | undefined {
  if (value === false) return undefined;
  const given = typeof value === 'object' ? checkOptions(guardSchema, value, 'guards') : {};
  return {
    maxAnswerCharacters: given.maxAnswerCharacters ?? DEFAULT_MAX_ANSWER_CHARACTERS,
    strict: given.strict ?? false,
  };
}

/**
 * `hedge: 'stalled'`: only a call far beyond anything seen. Found by simulation (bench `stalled`, 10 seeds of 300 answers):
 * above 3 times the 99th percentile no call of log-normal latencies of sigma 0.3 to 1.0 or of thinking models is copied in
 * vain; above twice, up to 0.27 % are; at 4 times, runs with hung calls end up to a fifth later.
 */
const STALLED_HEDGE: ResolvedHedge = {
  budget: 0.05,
  afterPercentile: 99,
  minDelayMs: 5_000,
  timesPercentile: 3,
  minKnownCalls: 10,
  isForStalled: true,
};

function resolveHedge(value: GradingOptions['hedge'] = 'stalled'): ResolvedHedge | undefined {
  if (value === false) return undefined;
  if (value === 'stalled') return STALLED_HEDGE;
  const given = value === true ? {} : checkOptions(hedgeSchema, value, 'hedge');
  return {
    timesPercentile: 1,
    minKnownCalls: 20,
    isForStalled: false,
    budget: given.budget ?? DEFAULT_HEDGE.budget,
    afterPercentile: given.afterPercentile ?? DEFAULT_HEDGE.afterPercentile,
    minDelayMs: given.minDelayMs ?? DEFAULT_HEDGE.minDelayMs,
  };
}

function resolveSamples(value: number | SampleOptions = 1): ResolvedSamples | undefined {
  const given = checkOptions(sampleSchema, typeof value === 'number' ? { count: value } : value, 'samples');
  for (const [index, judge] of (given.judges ?? []).entries()) checkProvider(judge, `samples.judges[${index}]`);
  const { judges = [], belowConfidence = 0.7, nearPassingScore = 0.1 } = given;
  const count = given.count ?? (judges.length || DEFAULT_SAMPLES - 1) + 1;
  return count === 1 ? undefined : { count, judges, belowConfidence, nearPassingScore };
}

/** A shared one as it is: it counts for all runs that were given this object. */
function resolveBudget(value: GradingOptions['budget']): Budget | undefined {
  if (value === undefined) return undefined;
  const { spent, ...limits }: { spent?: unknown } & object = { ...value };
  if (spent === undefined) return createBudget(limits);
  const shared = value as Budget;
  checkOptions(spendingSchema, spent, 'budget.spent');
  checkOptions(budgetSchema, shared.limits, 'budget.limits');
  return shared;
}

function resolveCache(value: GradingOptions['cache']): CacheOptions | undefined {
  return value && checkOptions(cacheSchema, 'get' in value ? { store: value } : value, 'cache');
}

/** They shape a run's own controller; a shared one has been shaped already. */
function refuseBesideController({ controller, adaptive, limits }: GradingOptions): void {
  if (controller === undefined) return;
  const field = adaptive === undefined || adaptive === false ? 'limits' : 'adaptive';
  if (field === 'limits' && limits === undefined) return;
  throw new GradingOptionsError(field, 'must be given to createConcurrencyController(), not beside controller', 'both');
}

function resolveRetry(value: false | RetryOptions | undefined): ResolvedRetry {
  if (value === false) return { ...DEFAULT_RETRY, maxAttempts: 1 };
  const given = value === undefined ? {} : checkOptions(retrySchema, value, 'retry');
  return {
    maxAttempts: given.maxAttempts ?? DEFAULT_RETRY.maxAttempts,
    baseDelayMs: given.baseDelayMs ?? DEFAULT_RETRY.baseDelayMs,
    maxDelayMs: given.maxDelayMs ?? DEFAULT_RETRY.maxDelayMs,
    maxRetryAfterMs: given.maxRetryAfterMs ?? DEFAULT_RETRY.maxRetryAfterMs,
    budget: given.budget ?? DEFAULT_RETRY.budget,
  };
}

/** Both run whatever the other does; what either throws, at once or later, is left to whoever calls them. */
function both<Argument>(
  first: ((argument: Argument) => unknown) | undefined,
  second: ((argument: Argument) => unknown) | undefined,
): ((argument: Argument) => unknown) | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return async (argument) => {
    await Promise.all([first, second].map(async (listener) => listener(argument)));
  };
}

/** A clock for tests brings chance that repeats itself. */
function chanceOf(clock: Clock | undefined): () => number {
  return clock?.random?.bind(clock) ?? secureRandom;
}
