import { checkProviderOptions, type OptionRule } from '../input/option-rules.js';
import { systemClock, type Clock } from '../contract/clock.js';
import type { Logger } from '../contract/grading-options.js';
import { notify } from '../engine/telemetry/notify.js';
import { KeyedQueue } from './keyed-queue.js';
import { OpenRequests } from './open-requests.js';
import { recordsIn, recordsInMemory, type ReviewRecords } from './review-records.js';
import type { ReviewHandlerOptions } from './review-handler-options.js';

/** Where the routes begin, unless told otherwise. */
export const DEFAULT_BASE_PATH = '/api/review';

/** The largest body, in bytes. */
export const DEFAULT_MAX_BODY_BYTES = 262_144;

/** Most answers in one request. */
export const DEFAULT_MAX_ANSWERS = 100;

/** Pause between the comments that keep an event stream open, in milliseconds. */
export const DEFAULT_HEARTBEAT_MS = 15_000;

/** The time of a whole request, in milliseconds: less than the 30 s after which many proxies give up. */
export const DEFAULT_REVIEW_DEADLINE_MS = 25_000;

/** The options of a handler with every default in place, and what its requests share. */
export interface HandlerSettings extends Pick<
  ReviewHandlerOptions,
  'load' | 'grader' | 'authorize' | 'save' | 'rateLimit' | 'onEvent'
> {
  readonly basePath: string;
  readonly records: ReviewRecords;
  readonly maxBodyBytes: number;
  readonly maxAnswers: number;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly heartbeatMs: number;
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** Never throws. */
  readonly onError: (error: unknown) => void;
  /** Requests with the same key wait for each other. */
  readonly queue: KeyedQueue;
  readonly open: OpenRequests;
}

/** @throws {GradingOptionsError} naming the option, its rule and what was received. */
export function resolveHandlerOptions(options: ReviewHandlerOptions): HandlerSettings {
  checkProviderOptions(options, RULES);
  const { load, grader, authorize, save, rateLimit, onEvent, idempotencyStore, clock = systemClock } = options;
  const listener = options.onError ?? logger(grader.logger);
  const onError = (error: unknown): void => void notify(listener, error, undefined);
  return {
    ...{ load, grader, authorize, save, rateLimit, onEvent, clock, onError },
    basePath: options.basePath ?? DEFAULT_BASE_PATH,
    records: idempotencyStore === undefined ? recordsInMemory(clock) : recordsIn(idempotencyStore, clock, onError),
    maxBodyBytes: options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES,
    maxAnswers: options.maxAnswers ?? DEFAULT_MAX_ANSWERS,
    allowedOrigins: new Set(options.allowedOrigins),
    heartbeatMs: options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS,
    deadlineMs: options.deadlineMs ?? DEFAULT_REVIEW_DEADLINE_MS,
    queue: new KeyedQueue(),
    open: new OpenRequests(),
  };
}

/** A fault that clients see as a 500 without details must be seen somewhere: in the grader's log, else on the console. */
function logger(log: Logger | undefined): (error: unknown) => unknown {
  const message = 'gradelanes: a review request was not served';
  return (error) => (log === undefined ? console.error(message, error) : log.error({ error }, message));
}

const callback: OptionRule = { rule: 'must be a function', holds: (value) => typeof value === 'function' };
const count: OptionRule = {
  rule: 'must be an integer of at least 1',
  holds: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
};
const milliseconds: OptionRule = {
  // Beyond 2^31 - 1 a timer would fire at once.
  rule: 'must be a number of milliseconds above 0 and at most 2147483647',
  holds: (value) => typeof value === 'number' && value > 0 && value <= 2 ** 31 - 1,
};
const withMethods = (rule: string, ...methods: readonly string[]): OptionRule => ({
  rule,
  holds: (value) => methods.every((method) => typeof Reflect.get(Object(value), method) === 'function'),
});

const RULES: { readonly [Name in keyof ReviewHandlerOptions]-?: OptionRule } = {
  basePath: {
    rule: "must be a path such as '/api/review', without a slash at its end",
    holds: (value) => typeof value === 'string' && /^(\/[^/?#]+)*$/.test(value),
  },
  load: { ...callback, isRequired: true },
  grader: { ...withMethods('must come from createGrader()', 'gradeAnswersWithFallback'), isRequired: true },
  authorize: {
    rule: "must be a function that says who the learner is, or 'none' to let everybody in",
    holds: (value) => value === 'none' || typeof value === 'function',
    isRequired: true,
  },
  save: callback,
  rateLimit: callback,
  onEvent: callback,
  idempotencyStore: withMethods('must have get and set methods', 'get', 'set'),
  maxBodyBytes: count,
  maxAnswers: count,
  allowedOrigins: {
    rule: 'must be a list of origins such as https://app.example, without wildcards',
    holds: (value) => Array.isArray(value) && value.every(isOrigin),
  },
  heartbeatMs: milliseconds,
  deadlineMs: milliseconds,
  onError: callback,
  clock: withMethods(
    'must be a clock with now, date, setTimeout and clearTimeout',
    'now',
    'date',
    'setTimeout',
    'clearTimeout',
  ),
};

function isOrigin(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value && !value.includes('*');
}
