import { waitWithGrace } from '../../async/waiting.js';
import type { StopSignal } from '../../async/stop-signal.js';
import type { GradingEvent } from '../../contract/grading-event.js';
import type { GradingResult } from '../../contract/result.js';
import type { ResolvedOptions } from '../../input/resolved-options.js';
import { type EventDetails, logEvent } from '../telemetry/log-events.js';
import { notify } from '../telemetry/notify.js';

/** Open promises of `onResult` at which the run takes no further answers. */
const MOST_UNTOLD = 10;

/** Parts that a run hands to its listeners. */
export interface RunListenersParts {
  readonly options: Pick<ResolvedOptions, 'onEvent' | 'onProgress' | 'onResult' | 'logger' | 'abortGraceMs' | 'clock'>;
  readonly runId: string;
  readonly elapsedMs: () => number;
  /** The caller's abort: after it, listeners that lag are waited for no longer than the grace. */
  readonly abort: StopSignal;
  /** `undefined` where it is not known beforehand. */
  readonly answerCount: number | undefined;
}

/**
 * The user's listeners, as one run tells them of its events and results. Owned by the run. Whatever a listener throws
 * changes nothing; one of results that returns promises holds the run back once ten of them are open (back-pressure).
 */
export class RunListeners {
  /** Tells an event. Absent when nobody listens, so that `emit?.({...})` costs nothing. */
  readonly emit: ((details: EventDetails) => void) | undefined;
  readonly #parts: RunListenersParts;
  /** Promises of `onResult` that have not settled. */
  readonly #untold = new Set<Promise<void>>();

  constructor(parts: RunListenersParts) {
    this.#parts = parts;
    const { onEvent, logger } = parts.options;
    if (onEvent !== undefined || logger !== undefined) this.emit = (details) => this.#tellEvent(details);
  }

  /** Tells a result as an event, to `onResult` and as progress, in this order. The counts include the result itself. */
  settled(result: GradingResult, { graded, failed }: { graded: number; failed: number }): void {
    this.emit?.(
      result.status === 'graded'
        ? { type: 'answer-graded', index: result.index, result }
        : { type: 'answer-failed', index: result.index, result },
    );
    const { options, answerCount: total } = this.#parts;
    this.#tellResult(result);
    if (options.onProgress === undefined) return;
    void notify(options.onProgress, { completed: graded + failed, total, graded, failed, result }, options.logger);
  }

  /** Resolves when what the user's `onResult` returned has settled; after an abort, within the grace. */
  async resultsTold(): Promise<void> {
    if (this.#untold.size === 0) return;
    const { options, abort } = this.#parts;
    const told = waitWithGrace(Promise.all(this.#untold), options.abortGraceMs, options.clock);
    // The grace begins with the abort, also when the wait began before it.
    const forget = abort.onStop(() => void told.startGrace());
    await told.outcome;
    forget();
  }

  /** Resolves when a listener of results that lags has caught up, or the run is aborted; `undefined` if none lags. */
  keepUp(): Promise<void> | undefined {
    return this.#untold.size < MOST_UNTOLD ? undefined : this.#untilKeptUp();
  }

  /** Waits for one open promise after the other, until fewer than the bound are left or the run is aborted. */
  async #untilKeptUp(): Promise<void> {
    const { abort } = this.#parts;
    while (this.#untold.size >= MOST_UNTOLD && abort.reason === undefined) {
      await new Promise<void>((resolve) => {
        const forget = abort.onStop(resolve);
        void Promise.race(this.#untold).then(() => {
          forget();
          resolve();
        });
      });
    }
  }

  /** Calls `onResult`, and keeps the promise that it returns until that settles. */
  #tellResult(result: GradingResult): void {
    const { onResult, logger } = this.#parts.options;
    // A listener that returns no promise has been told already.
    const told = notify(onResult, result, logger);
    if (told === undefined) return;
    this.#untold.add(told);
    void told.then(() => this.#untold.delete(told));
  }

  /** Completes an event with its time, in milliseconds since the run began, and the run's id. */
  #tellEvent(details: EventDetails): void {
    const { options, runId, elapsedMs } = this.#parts;
    const { onEvent, logger } = options;
    const event: GradingEvent = { ...details, atMs: elapsedMs(), runId };
    void notify(onEvent, event, logger);
    // A logger that throws is not told of its own fault.
    if (logger !== undefined) void notify((each: GradingEvent) => logEvent(logger, each), event, undefined);
  }
}
