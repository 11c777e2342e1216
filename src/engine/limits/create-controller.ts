import PQueue from 'p-queue';
import type { AdaptiveBounds } from './adaptive-limit.js';
import { checkOptions } from '../../input/check-input.js';
import { type Clock, systemClock } from '../../contract/clock.js';
import type {
  AdaptiveOptions,
  ConcurrencyController,
  ConcurrencyControllerOptions,
} from '../../contract/controller.js';
import { GradingOptionsError } from '../../contract/errors.js';
import { Claim, type ClaimOptions } from './claim.js';
import { Doors } from './doors.js';
import { type SlotOptions, SlotQueue } from './fair-queue.js';
import { LimiterGuard } from './limiter-guard.js';
import { Lobby } from './lobby.js';
import type { LimitKey } from '../../contract/provider.js';
import {
  adaptiveSchema,
  controllerLimitSchema,
  controllerOptionsSchema,
  limitsSchema,
} from '../../input/option-schemas.js';
import { ProviderGate } from './provider-gate.js';

/** Calls in flight where nobody says otherwise. */
export const DEFAULT_MAX_CONCURRENT_TASKS = 5;

/** Most calls that an adaptive limit grows to where nobody says otherwise. */
const DEFAULT_ADAPTIVE_MAX = 10;

/**
 * p-queue wherever its `EventTarget` comes from. Its constructor hands itself to Node's `setMaxListeners`, which takes
 * targets of Node's own class and whatever has a method of that name; under jsdom, happy-dom or in Electron `EventTarget`
 * is the page's, and without the method every run would throw. Nobody listens to the queue, so its events end here
 * instead of meeting a target of another class.
 */
class CallQueue extends PQueue<SlotQueue, SlotOptions> {
  setMaxListeners(): void {}

  override dispatchEvent(): boolean {
    return true;
  }
}

/** A provider as far as its gate is concerned. */
interface GatedProvider {
  /** Tells providers apart. */
  readonly limitKey: LimitKey | object;
  /** Names it in events. */
  readonly name: string;
  /** Works inside the process: no rate and no adaptive limit. */
  readonly isLocal: boolean;
}

/** The inside of a controller: runs work on it, users do not see it. Lies on the controller and lives as long. */
export interface ControllerCore {
  readonly queue: CallQueue;
  readonly limiter: LimiterGuard | undefined;
  /** Calls that wait, for a gate or a slot. */
  readonly waiting: Lobby;
  readonly clock: Clock;
  /** The provider's gate, the same for all runs, made by the first. */
  gateFor(provider: GatedProvider): ProviderGate;
  /** A new run's claim on slots. */
  newClaim(options: Omit<ClaimOptions, 'order'>): Claim;
  /** Running tasks by provider, for the snapshot. */
  readonly running: RunningCounts;
}

/** The core lies on the controller itself, so that two copies of this package in one process understand each other's. */
const CORE: unique symbol = Symbol.for('gradelanes.controller');

interface ControllerWithCore extends ConcurrencyController {
  readonly [CORE]?: ControllerCore;
}

/**
 * Makes a controller that limits how many calls are in flight, on p-queue. Hand the same one to several runs and they
 * share its slots and what it learns of each provider; a run without one makes its own.
 *
 * @param options The limit, and what is known of the providers' limits.
 * @returns A controller whose limit can be changed while runs use it.
 * @throws {GradingOptionsError} for a limit that is not an integer of at least 1, and for other misuse.
 *
 * @example
 * ```ts
 * import { createConcurrencyController, gradeAnswersWithFallback } from 'gradelanes';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const controller = createConcurrencyController({ maxConcurrentTasks: 20 });
 * const provider = offlineProvider();
 * await Promise.all([
 *   gradeAnswersWithFallback([], { provider, controller }),
 *   gradeAnswersWithFallback([], { provider, controller }),
 * ]);
 * console.log(controller.snapshot().running); // 0
 * ```
 */
export function createConcurrencyController(options: ConcurrencyControllerOptions = {}): ConcurrencyController {
  const core = createCore(options);
  const { queue, running } = core;
  const controller: ConcurrencyController = {
    setMaxConcurrentTasks(limit) {
      queue.concurrency = checkOptions(controllerLimitSchema, { maxConcurrentTasks: limit }).maxConcurrentTasks;
    },
    snapshot: () => ({
      running: queue.pending,
      waiting: core.waiting.count,
      busyForMs: core.waiting.busyForMs(),
      limit: queue.concurrency,
      providers: running.byName(),
    }),
    run: (task, provider = 'other') => {
      core.waiting.ownTasks++;
      const start = async (): ReturnType<typeof task> => {
        core.waiting.ownTasks--;
        running.started(provider);
        try {
          return await task();
        } finally {
          running.ended(provider);
        }
      };
      const claim = core.newClaim({ priority: 'interactive', answersLeft: 1, limit: Infinity });
      return queue.add(start, { claim, isRetry: false });
    },
  };
  return Object.defineProperty(controller, CORE, { value: core });
}

/**
 * The core of a controller, through which runs use it.
 *
 * @throws {GradingOptionsError} for an object that `createConcurrencyController` did not make.
 */
export function coreOf(controller: ControllerWithCore): ControllerCore {
  const core = controller[CORE];
  if (core === undefined) {
    throw new GradingOptionsError(
      'controller',
      'must come from createConcurrencyController() of this package',
      'an object',
    );
  }
  return core;
}

function createCore(options: ConcurrencyControllerOptions): ControllerCore {
  const given = checkOptions(controllerOptionsSchema, options);
  const bounds = adaptiveBounds(given.adaptive);
  const {
    // Slots for as many calls as the limit may grow to.
    maxConcurrentTasks = bounds?.max ?? DEFAULT_MAX_CONCURRENT_TASKS,
    clock = systemClock,
    random = clock.random?.bind(clock) ?? Math.random,
    limiter,
    maxWaiting = Infinity,
    maxWaitMs = Infinity,
  } = given;
  const limits = given.limits === undefined ? {} : checkOptions(limitsSchema, given.limits, 'limits');
  const adaptive = bounds && {
    ...bounds,
    min: Math.min(bounds.min, maxConcurrentTasks),
    start: Math.min(bounds.start, maxConcurrentTasks),
  };
  const doors = new Doors<ProviderGate>();
  let runCount = 0;

  const queue = new CallQueue({ concurrency: maxConcurrentTasks, queueClass: SlotQueue });
  return {
    queue,
    clock,
    limiter: limiter && new LimiterGuard(limiter, clock),
    waiting: new Lobby({ clock, slots: () => queue.concurrency, maxWaiting, maxWaitMs }),
    running: new RunningCounts(),
    gateFor: ({ limitKey, name, isLocal }) =>
      doors.of(limitKey, () => {
        const learned = isLocal ? { limits: {}, adaptive: undefined } : { limits, adaptive };
        return new ProviderGate({ provider: name, clock, random, ...learned });
      }),
    newClaim: (each) => new Claim({ ...each, order: ++runCount }),
  };
}

function adaptiveBounds(given: boolean | AdaptiveOptions | undefined): AdaptiveBounds | undefined {
  if (given === undefined || given === false) return undefined;
  const options = given === true ? {} : checkOptions(adaptiveSchema, given, 'adaptive');
  const { min = 1, max = DEFAULT_ADAPTIVE_MAX } = options;
  const start = options.start ?? Math.min(DEFAULT_MAX_CONCURRENT_TASKS, max);
  if (min > start || start > max) {
    throw new GradingOptionsError('adaptive', 'must have min <= start <= max', `${min}, ${start}, ${max}`);
  }
  return { min, start, max };
}

/** Counts running tasks by name. Owned by the core. */
class RunningCounts {
  readonly #counts = new Map<string, number>();

  started(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  ended(name: string): void {
    const left = (this.#counts.get(name) ?? 1) - 1;
    if (left > 0) this.#counts.set(name, left);
    else this.#counts.delete(name);
  }

  byName(): { name: string; running: number }[] {
    return [...this.#counts].map(([name, running]) => ({ name, running }));
  }
}
