import type { Clock } from './clock.js';

/** Limits that the caller knows; those left out are learned from the vendor's headers and replies. */
export interface RateLimits {
  /** @default learned */
  requestsPerMinute?: number | undefined;
  /** @default learned */
  tokensPerMinute?: number | undefined;
  /** Requests that may go at once. @default 10 seconds' worth: vendors look at shorter times than a minute */
  burst?: number | undefined;
}

/** Bounds of an adaptive limit: whole numbers with `min <= start <= max`. None goes beyond the number of slots. */
export interface AdaptiveOptions {
  /** @default 1: whatever a provider refuses, it gets a call from time to time */
  min?: number | undefined;
  /** @default 5, as without `adaptive` */
  start?: number | undefined;
  /**
   * The most it grows to, and the number of slots where `maxConcurrentTasks` does not give one; where it does, no more
   * than that. @default 10, the most of a single run
   */
  max?: number | undefined;
}

/** A call that asks a shared limiter whether it may be made. */
export interface LimiterRequest {
  /** The provider's name. */
  provider: string;
  /** Tokens that the call will take, about. */
  tokens: number;
  /**
   * Tells that the limiter is at work and will let the call wait so many milliseconds from now; may be called again. A
   * limiter that has neither settled nor told this for a second is taken for one that hangs: the call is made, and the
   * limiter is not asked for ten seconds.
   */
  waiting?: ((delayMs: number) => void) | undefined;
}

/** A limiter that several processes share, e.g. one over Redis or PostgreSQL. */
export interface SharedLimiter {
  /**
   * Resolves when one request of about so many tokens may go to the provider. One that rejects, because its store is
   * down, limits nothing: answers are graded under the limits of this process. One that lets calls wait for longer than a
   * second says so by `request.waiting?.(delayMs)`.
   */
  acquire(request: LimiterRequest): Promise<void>;
}

/** How a controller is made. */
export interface ConcurrencyControllerOptions {
  /**
   * Most calls in flight over all runs that share the controller: an integer of at least 1.
   * @default 5, or with `adaptive` the most that it grows to
   */
  maxConcurrentTasks?: number | undefined;
  /** Find each provider's own limit within that, from its replies. @default false */
  adaptive?: boolean | AdaptiveOptions | undefined;
  /** Rate limits of each provider. @default learned from headers */
  limits?: RateLimits | undefined;
  /** Asked before every call, for limits over several processes. @default none */
  limiter?: SharedLimiter | undefined;
  /**
   * Most calls that wait for a slot or a provider at once: one more turns a call away, background ones first and of equals
   * the newest, and its answers fail as `overloaded` with `retryAt`, unless another provider can grade them. A run has
   * about one call waiting, so this is about how many runs wait. @default no bound
   */
  maxWaiting?: number | undefined;
  /** The longest that a call waits, in milliseconds; then it is turned away likewise. @default no bound */
  maxWaitMs?: number | undefined;
  /** @default the system's clock */
  clock?: Clock | undefined;
  /** @default Math.random */
  random?: (() => number) | undefined;
}

/** What a controller is doing right now. */
export interface ConcurrencySnapshot {
  /** Tasks that hold a slot. */
  running: number;
  /** Tasks that wait for one. */
  waiting: number;
  /**
   * Milliseconds until there is probably room, once as many calls wait as `maxWaiting` lets: for `Retry-After`.
   * `undefined` while one more may wait.
   */
  busyForMs?: number | undefined;
  /** Slots. */
  limit: number;
  /** One entry per provider with calls in flight. */
  providers: readonly { name: string; running: number }[];
}

/**
 * Limits how many calls are in flight, for all runs that share it, and knows how each provider is doing. Create one with
 * `createConcurrencyController`.
 */
export interface ConcurrencyController {
  /** Changes the limit: an integer of at least 1. Lowering it never stops a running call. */
  setMaxConcurrentTasks(maxConcurrentTasks: number): void;
  snapshot(): ConcurrencySnapshot;
  /** Runs a task of your own in one of the slots, e.g. other model calls of the same account. */
  run<T>(task: () => Promise<T>, provider?: string): Promise<T>;
}
