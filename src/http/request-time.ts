import type { Clock } from '../contract/clock.js';
import { RequestProblem } from './request-problem.js';

/** A client that got no reply in time may come back after so many milliseconds. */
const LATE_RETRY_AFTER_MS = 5_000;

/** Share of a request's time that is kept for saving the grades and replying. */
const SHARE_FOR_SAVING = 0.1;

/** Work that a request waits for, by the name that it has for whoever runs the server. */
export type Awaited = 'authorize' | 'rateLimit' | 'load' | 'save' | 'the body' | 'the request before it with its key';

/**
 * The time of one request: reading its body, every hook, the wait for its key and grading share one deadline, so that
 * nothing that hangs holds a request or those that wait for it. Made with the request; `end()` comes with its reply.
 */
export class RequestTime {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #endsAtMs: number;
  readonly #timer: unknown;
  readonly #over = Promise.withResolvers<void>();
  readonly #left = Promise.withResolvers<void>();
  readonly #ending = new AbortController();
  #isOver = false;

  constructor(clock: Clock, deadlineMs: number) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#endsAtMs = clock.now() + deadlineMs;
    this.#timer = clock.setTimeout(() => this.#expire(), deadlineMs);
  }

  /** Aborts when the client leaves or the time is over. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** The part of the time that grading may take, at least one millisecond. */
  get gradingMs(): number {
    return Math.max(1, this.#endsAtMs - this.#deadlineMs * SHARE_FOR_SAVING - this.#clock.now());
  }

  /**
   * Waits for work, as long as there is time and the client stays. Late rejections stay handled.
   *
   * @throws {RequestProblem} when the time is over or the client has left, and whatever the work throws.
   */
  async wait<T>(name: Awaited, work: T | PromiseLike<T>): Promise<T> {
    return Promise.race([this.finish(name, work), this.#left.promise.then(() => throwProblem(leftProblem()))]);
  }

  /** Waits like {@link wait}, but also for a client that has left: grades that were paid for are stored. */
  async finish<T>(name: Awaited, work: T | PromiseLike<T>): Promise<T> {
    return Promise.race([work, this.#over.promise.then(() => throwProblem(this.#lateProblem(name)))]);
  }

  /** A run of the grader that ended before its time, because of the request, as a problem. */
  stopProblem(): RequestProblem {
    return this.#isOver ? new RequestProblem(503, TOO_LATE, { retryAfterMs: LATE_RETRY_AFTER_MS }) : leftProblem();
  }

  /** The client has left. */
  leave(): void {
    this.#left.resolve();
    this.#ending.abort();
  }

  /** The reply is out: nothing is timed any more. */
  end(): void {
    this.#clock.clearTimeout(this.#timer);
  }

  #expire(): void {
    this.#isOver = true;
    this.#over.resolve();
    this.#ending.abort();
  }

  #lateProblem(name: Awaited): RequestProblem {
    if (name === 'the body') return new RequestProblem(408, 'the body took too long to arrive');
    const message = `${name} had not ended when the request's ${this.#deadlineMs} ms were over`;
    const cause = name.startsWith('the ') ? undefined : new DOMException(message, 'TimeoutError');
    return new RequestProblem(503, TOO_LATE, { retryAfterMs: LATE_RETRY_AFTER_MS, cause });
  }
}

const TOO_LATE = 'the server had no time left for this request';

function leftProblem(): RequestProblem {
  return new RequestProblem(499, 'the client has left');
}

function throwProblem(problem: RequestProblem): never {
  throw problem;
}
