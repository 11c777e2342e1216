import { ProviderError } from '../contract/errors.js';
import { countOf, objectOf } from '../json/untyped-json.js';
import type { EngineJob, JobEngine } from './job-engine.js';
import { wait } from './wait.js';

/** A claim that was confirmed so recently, as a share of its length, needs no asking. */
const TRUSTED_SHARE = 1 / 3;

/** After a database that did not answer, in milliseconds. */
const ASK_AGAIN_MS = 250;

/**
 * A worker's claim on a job. The engine hands a job on when its worker was silent for too long; a worker that was only
 * frozen would then wake up and go on. So before a call the claim must be certain: confirmed a moment ago, or confirmed
 * now. Within the trusted share of its length that costs nothing but a look at the clocks.
 */
export class JobLease {
  readonly #engine: Pick<JobEngine, 'touch'>;
  readonly #queue: string;
  readonly #job: Pick<EngineJob, 'id' | 'retryCount'>;
  readonly #trustedMs: number;
  readonly #lost = new AbortController();
  readonly #stopped: AbortSignal;
  #confirmed = readClocks();
  #asking: Promise<void> | undefined;

  /** @param stopped Ends the asking, because the worker stops or the engine has noticed the loss by itself. */
  constructor(
    engine: Pick<JobEngine, 'touch'>,
    queue: string,
    job: EngineJob,
    leaseSeconds: number,
    stopped: AbortSignal,
  ) {
    this.#engine = engine;
    this.#queue = queue;
    this.#job = { id: job.id, retryCount: job.retryCount };
    this.#trustedMs = leaseSeconds * 1_000 * TRUSTED_SHARE;
    this.#stopped = stopped;
  }

  /** Aborts when the job is no longer this worker's. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * `undefined` if the claim is certain; else a promise that resolves once it is.
   *
   * @throws {ProviderError} `aborted` (as a rejection) when the claim is lost.
   */
  certain(): Promise<void> | undefined {
    if (!this.#lost.signal.aborted && this.#isTrusted()) return undefined;
    return this.#confirm();
  }

  /** Heartbeat: confirms the claim before it ages, so that the engine leaves the job here. Resolves once it is over. */
  async keep(): Promise<void> {
    const over = AbortSignal.any([this.#stopped, this.#lost.signal]);
    while (!over.aborted) {
      await wait(this.#trustedMs, over);
      if (!over.aborted) await this.#confirm().catch(() => {});
    }
  }

  #confirm(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Two clocks: one stands still while a machine sleeps, the other may be set. */
  #isTrusted(): boolean {
    const now = readClocks();
    const ages = [now.monotonicMs - this.#confirmed.monotonicMs, now.wallMs - this.#confirmed.wallMs];
    return ages.every((age) => age >= 0 && age < this.#trustedMs);
  }

  async #ask(): Promise<void> {
    while (!this.#lost.signal.aborted && !this.#stopped.aborted) {
      const asked = readClocks();
      const touched = await this.#touch();
      if (touched === 1) {
        this.#confirmed = asked;
        return;
      }
      if (touched === 0) this.#lost.abort(new DOMException('another worker has the job', 'AbortError'));
      // Whoever cannot reach the database must not make calls either: their grades could not be stored.
      else await wait(ASK_AGAIN_MS, this.#stopped);
    }
    throw new ProviderError('aborted', 'the job is no longer this worker’s');
  }

  /** How many jobs were still held: 1 or 0; `undefined` if nobody knows. Never an older attempt of the same job. */
  async #touch(): Promise<number | undefined> {
    try {
      return countOf(objectOf(await this.#engine.touch(this.#queue, this.#job))['affected']);
    } catch {
      return undefined;
    }
  }
}

function readClocks(): { monotonicMs: number; wallMs: number } {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}
