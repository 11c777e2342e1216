import * as z from 'zod/mini';
import type { AdaptiveOptions, ConcurrencyControllerOptions, RateLimits } from '../contract/controller.js';
import type {
  BudgetOptions,
  CacheOptions,
  FeedbackOptions,
  GradeCache,
  GradingOptions,
  GuardOptions,
  HedgeOptions,
  PriceTable,
  RetryOptions,
  SampleOptions,
  Spending,
} from '../contract/grading-options.js';
import type { LocalGradingSwitches } from '../contract/question.js';

/** Every message is the rule itself, so that an error reads "field rule: received value". */
const integer = (minimum: number, maximum: number) => {
  const error =
    maximum === Infinity
      ? `must be an integer of at least ${minimum}`
      : `must be an integer from ${minimum} to ${maximum}`;
  return z
    .number({ error })
    .check(z.refine((value: number) => Number.isInteger(value) && value >= minimum && value <= maximum, { error }));
};

const milliseconds = (minimum: number) => {
  const error =
    minimum > 0 ? 'must be a number of milliseconds above 0' : 'must be a number of milliseconds, 0 or more';
  // Beyond 2^31 - 1 a timer would fire at once.
  return z
    .number({ error })
    .check(z.gte(minimum, { error }), z.lte(2 ** 31 - 1, { error: 'must be at most 2147483647 milliseconds' }));
};

/** A number from 0 to a maximum. */
export const share = (maximum: number): z.ZodMiniNumber => {
  const error = `must be a number from 0 to ${maximum}`;
  return z.number({ error }).check(z.gte(0, { error }), z.lte(maximum, { error }));
};

const toggle = z.boolean({ error: 'must be true or false' });
const text = z.string({ error: 'must be a text' });
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.map((value) => `'${value}'`).join(', ')}` });
const maybe = <Schema extends z.core.$ZodType>(schema: Schema) => z.optional(schema);

const holds = (value: unknown, ...methods: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  methods.every((method) => typeof Reflect.get(value, method) === 'function');
const custom = <T>(isValid: (value: unknown) => boolean, rule: string) => maybe(z.custom<T>(isValid, { error: rule }));
const callback = <T>() => custom<T>((value) => typeof value === 'function', 'must be a function');
const either = <T>(isFlag: (value: unknown) => boolean, rule: string) =>
  custom<T>((value) => isFlag(value) || isObject(value), rule);
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isBoolean = (value: unknown): boolean => typeof value === 'boolean';

const clock = <T>() =>
  custom<T>(
    (value) => holds(value, 'now', 'date', 'setTimeout', 'clearTimeout'),
    'must be a clock with now, date, setTimeout and clearTimeout',
  );

const isProvider = (value: unknown): boolean => holds(value, 'grade') || holds(value, 'generate');
const isProviders = (value: unknown): boolean => Array.isArray(value) && value.every(isProvider);
const PROVIDER_RULE = 'must be a provider with a grade() or generate() method, or a list of at least one';

/** All options of a run, except the parts that are objects of their own. */
export const gradingOptionsSchema: z.ZodMiniType<GradingOptions> = z.strictObject(
  {
    provider: z.custom<GradingOptions['provider']>(
      (value) => isProvider(value) || (isProviders(value) && Object(value).length > 0),
      { error: PROVIDER_RULE },
    ),
    mode: maybe(oneOf(['auto', 'parallel', 'batch', 'sequential'])),
    context: maybe(text),
    instructions: maybe(text),
    maxConcurrentTasks: maybe(integer(1, 10)),
    controller: custom<GradingOptions['controller']>(
      (value) => holds(value, 'run', 'snapshot'),
      'must come from createConcurrencyController()',
    ),
    batchSize: maybe(integer(1, 10)),
    batchAcrossLearners: maybe(toggle),
    parallelEnabled: maybe(toggle),
    localGrading: either<GradingOptions['localGrading']>(isBoolean, 'must be true, false or an object of switches'),
    guards: either<GradingOptions['guards']>(isBoolean, 'must be true, false or { maxAnswerCharacters, strict }'),
    review: custom<GradingOptions['review']>(isObject, 'must be a policy from reviewPolicy()'),
    feedback: either<GradingOptions['feedback']>(isBoolean, 'must be true, false or an object'),
    evidence: maybe(toggle),
    attemptTimeoutMs: maybe(milliseconds(1)),
    deadlineMs: maybe(milliseconds(0)),
    retry: either<GradingOptions['retry']>((value) => value === false, 'must be false or an object'),
    adaptive: either<GradingOptions['adaptive']>(isBoolean, 'must be true, false or { min, start, max }'),
    limits: custom<GradingOptions['limits']>(isObject, 'must be { requestsPerMinute, tokensPerMinute, burst }'),
    hedge: either<GradingOptions['hedge']>(
      (value) => isBoolean(value) || value === 'stalled',
      "must be true, false, 'stalled' or { budget, afterPercentile, minDelayMs }",
    ),
    order: maybe(oneOf(['input', 'shortest', 'longest', 'firstThenLongest', 'easiest'])),
    priority: maybe(oneOf(['interactive', 'background'])),
    cache: custom<GradingOptions['cache']>(isObject, 'must be a store with get and set methods, or { store, ttlMs }'),
    budget: custom<GradingOptions['budget']>(
      isObject,
      'must be { maxTokens, maxRequests, maxCost, prices } or come from createBudget()',
    ),
    samples: either<GradingOptions['samples']>((value) => typeof value === 'number', 'must be a number or an object'),
    resumeFrom: custom<GradingOptions['resumeFrom']>(
      (value) => typeof value === 'function' || Array.isArray(Object(value).results),
      'must be a report, or a function that finds results',
    ),
    onResult: callback<GradingOptions['onResult']>(),
    signal: custom<GradingOptions['signal']>(
      (value) => holds(value, 'addEventListener') && typeof Reflect.get(Object(value), 'aborted') === 'boolean',
      'must be an AbortSignal',
    ),
    abortGraceMs: maybe(milliseconds(0)),
    onEvent: callback<GradingOptions['onEvent']>(),
    onProgress: callback<GradingOptions['onProgress']>(),
    logger: custom<GradingOptions['logger']>(
      (value) => holds(value, 'debug', 'info', 'warn', 'error'),
      'must have debug, info, warn and error methods',
    ),
    clock: clock<GradingOptions['clock']>(),
    random: callback<GradingOptions['random']>(),
  },
  { error: 'must be an object with at least a provider' },
);

export const retrySchema: z.ZodMiniType<RetryOptions> = z.strictObject({
  maxAttempts: maybe(integer(1, 10)),
  baseDelayMs: maybe(milliseconds(0)),
  maxDelayMs: maybe(milliseconds(0)),
  maxRetryAfterMs: maybe(milliseconds(0)),
  budget: maybe(share(1)),
});

export const feedbackSchema: z.ZodMiniType<FeedbackOptions> = z.strictObject({
  language: maybe(text),
  maxCharacters: maybe(integer(1, Infinity)),
  revealReference: maybe(toggle),
});

export const guardSchema: z.ZodMiniType<GuardOptions> = z.strictObject({
  maxAnswerCharacters: maybe(integer(1, Infinity)),
  strict: maybe(toggle),
});

export const cacheSchema: z.ZodMiniType<CacheOptions> = z.strictObject({
  store: z.custom<GradeCache>((value) => holds(value, 'get', 'set'), { error: 'must have get and set methods' }),
  ttlMs: maybe(integer(1, Infinity)),
});

const isAmount = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < Infinity;
const amount = custom<number>(isAmount, 'must be a number of at least 0');

const spent = z.custom<number>(isAmount, { error: 'must be a number of at least 0: budgets come from createBudget()' });

const isPrice = (value: unknown): boolean =>
  isObject(value) &&
  isAmount(Reflect.get(Object(value), 'inputPerMillion')) &&
  isAmount(Reflect.get(Object(value), 'outputPerMillion')) &&
  Object.values(Object(value)).every((each) => each === undefined || isAmount(each));

const budgetFields: z.ZodMiniType<BudgetOptions> = z.strictObject(
  {
    maxTokens: amount,
    maxRequests: amount,
    maxCost: amount,
    prices: custom<PriceTable>(
      (value) => isObject(value) && Object.values(Object(value)).every(isPrice),
      'must be { [model]: { inputPerMillion, outputPerMillion } } in numbers of at least 0',
    ),
  },
  { error: 'must be { maxTokens, maxRequests, maxCost, prices }' },
);

export const budgetSchema: z.ZodMiniType<BudgetOptions> = budgetFields.check(
  z.refine(({ maxCost, prices = {} }) => maxCost === undefined || Object.keys(prices).length > 0, {
    error: 'must have prices beside maxCost',
  }),
);

export const localGradingSchema: z.ZodMiniType<LocalGradingSwitches> = z.strictObject({
  rules: maybe(toggle),
  exactMatch: maybe(toggle),
  blank: maybe(toggle),
});

export const adaptiveSchema: z.ZodMiniType<AdaptiveOptions> = z.strictObject({
  min: maybe(integer(1, Infinity)),
  start: maybe(integer(1, Infinity)),
  max: maybe(integer(1, Infinity)),
});

const perMinute = z
  .number({ error: 'must be a number above 0' })
  .check(
    z.gt(0, { error: 'must be a number above 0' }),
    z.lt(Infinity, { error: 'must be finite: leave it out for no limit' }),
  );

export const limitsSchema: z.ZodMiniType<RateLimits> = z.strictObject({
  requestsPerMinute: maybe(perMinute),
  tokensPerMinute: maybe(perMinute),
  burst: maybe(integer(1, Infinity)),
});

export const hedgeSchema: z.ZodMiniType<HedgeOptions> = z.strictObject({
  budget: maybe(share(1)),
  afterPercentile: maybe(share(100)),
  minDelayMs: maybe(milliseconds(0)),
});

export const sampleSchema: z.ZodMiniType<SampleOptions> = z.strictObject({
  count: maybe(integer(1, 10)),
  judges: custom<SampleOptions['judges']>(isProviders, 'must be a list of providers'),
  belowConfidence: maybe(share(1)),
  nearPassingScore: maybe(share(1)),
});

export const controllerLimitSchema: z.ZodMiniType<{ maxConcurrentTasks: number }> = z.object({
  maxConcurrentTasks: integer(1, Infinity),
});

export const controllerOptionsSchema: z.ZodMiniType<ConcurrencyControllerOptions> = z.strictObject(
  {
    maxConcurrentTasks: maybe(integer(1, Infinity)),
    adaptive: either<ConcurrencyControllerOptions['adaptive']>(isBoolean, 'must be true, false or { min, start, max }'),
    limits: custom<ConcurrencyControllerOptions['limits']>(
      isObject,
      'must be { requestsPerMinute, tokensPerMinute, burst }',
    ),
    limiter: custom<ConcurrencyControllerOptions['limiter']>(
      (value) => holds(value, 'acquire'),
      'must have an acquire method',
    ),
    maxWaiting: maybe(integer(0, Infinity)),
    maxWaitMs: maybe(integer(1, 2 ** 31 - 1)),
    clock: clock<ConcurrencyControllerOptions['clock']>(),
    random: callback<ConcurrencyControllerOptions['random']>(),
  },
  { error: 'must be an object' },
);

/** What has been spent of a budget that several runs share. */
export const spendingSchema: z.ZodMiniType<Spending> = z.object(
  { requests: spent, tokens: spent, cost: spent },
  { error: 'must come from createBudget()' },
);
