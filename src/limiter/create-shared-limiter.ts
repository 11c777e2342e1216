import { systemClock, type Clock } from '../contract/clock.js';
import type { SharedLimiter } from '../contract/controller.js';
import {
  windowLimiter,
  type SharedRates,
  type WindowSettings,
  type WindowStore,
} from '../engine/limits/window-limiter.js';
import { checkProviderOptions, oneOf, someText, type OptionRule } from '../input/option-rules.js';

/** Options of {@link createSharedLimiter}. */
export interface SharedLimiterOptions extends SharedRates {
  /**
   * Makes a limiter of rate-limiter-flexible over your store, with the given settings: called once for requests and once for
   * tokens. All processes must use the same store and rates. Redis and Valkey need `redisStore`.
   */
  store: (settings: WindowSettings) => WindowStore | Promise<WindowStore>;
  /** Begins the keys in the store, e.g. to share it with others. @default 'gradelanes' */
  name?: string | undefined;
  /**
   * What happens to calls while the store is down: `'open'` lets them go, under the limits of their own process; `'wait'` keeps
   * them until it is back, or `signal` aborts. @default 'open'
   */
  whenDown?: 'open' | 'wait' | undefined;
  /** Ends all waiting: the process stops. @default never */
  signal?: AbortSignal | undefined;
  /** @default the system's clock */
  clock?: Clock | undefined;
}

const rate: OptionRule = {
  rule: 'must be a number of at least 1',
  holds: (value) => typeof value === 'number' && value >= 1 && value < Infinity,
};

const RULES: { readonly [Name in keyof SharedLimiterOptions]-?: OptionRule } = {
  store: {
    rule: 'must be a function that makes a limiter of rate-limiter-flexible',
    holds: (value) => typeof value === 'function',
    isRequired: true,
  },
  requestsPerMinute: rate,
  tokensPerMinute: rate,
  name: someText,
  whenDown: oneOf('open', 'wait'),
  signal: { rule: 'must be an AbortSignal', holds: (value) => value instanceof AbortSignal },
  clock: { rule: 'must be a clock', holds: (value) => typeof value === 'object' && value !== null && 'now' in value },
};

/**
 * Creates a limiter for `createConcurrencyController({ limiter })` that all processes with the same store share. It counts in
 * short windows, so that the limit holds in every sliding second; the clocks of the machines should agree to within
 * milliseconds where the store is not the one that counts time.
 *
 * @param options The store, and the rates of each provider over all processes.
 * @returns The limiter.
 * @throws {GradingOptionsError} for misuse; else what the store threw when it was opened twice in vain.
 *
 * @example
 * ```ts
 * import { createConcurrencyController, createGrader } from 'gradelanes';
 * import { createSharedLimiter } from 'gradelanes/limiter';
 * import { offlineProvider } from 'gradelanes/offline';
 * import { RateLimiterMemory } from 'rate-limiter-flexible';
 *
 * // Over several processes: redisStore, or a RateLimiterPostgres
 * const limiter = await createSharedLimiter({
 *   store: (settings) => new RateLimiterMemory(settings),
 *   requestsPerMinute: 3_000,
 * });
 * const controller = createConcurrencyController({ maxConcurrentTasks: 20, limiter });
 * const grader = createGrader({ provider: offlineProvider(), controller });
 * ```
 */
export async function createSharedLimiter(options: SharedLimiterOptions): Promise<SharedLimiter> {
  checkProviderOptions(options, RULES);
  const { store, name = 'gradelanes', whenDown = 'open', clock = systemClock } = options;
  const { signal: stopped = new AbortController().signal } = options;
  return windowLimiter(options, {
    open: async (settings) => store(settings),
    prefix: `${name}:`,
    wait: (ms) => waitFor(ms, stopped, clock),
    stopped,
    isPatient: whenDown === 'wait',
  });
}

function waitFor(ms: number, stopped: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clock.clearTimeout(timer);
      stopped.removeEventListener('abort', finish);
      resolve();
    };
    const timer = clock.setTimeout(finish, ms);
    stopped.addEventListener('abort', finish);
    if (stopped.aborted) finish();
  });
}
