import { answerText } from '../../grading/text/answer-text.js';
import { hashGradeKey } from './grade-key.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { CacheOptions } from '../../contract/grading-options.js';
import type { GradingRun } from '../run/grading-run.js';
import type { ReuseParts } from './resume.js';
import { inTime } from '../../async/waiting.js';
import { mapAhead } from '../../async/streams.js';
import type { PendingAnswer, StoredGrade } from '../run/pending-answer.js';
import type { StopSignal } from '../../async/stop-signal.js';
import { gradedAnswer } from '../run/build-result.js';
import { readStoredGrade, writeStoredGrade } from './stored-grade.js';
import { TaskGroup } from '../../async/task-group.js';

/** Longest time of one read or write, in milliseconds: a slow cache must not cost more than it saves. */
const MAX_WAIT_MS = 1_000;

/** Time for which a store that took longer is left alone, in milliseconds. */
const REST_MS = 10_000;

/** Answers that are looked up at once, ahead of those that are sent. */
const LOOKUPS_AT_ONCE = 16;

/** Grades that runs are just writing, by store and key: an answer that comes meanwhile need not be asked. */
const writings = new WeakMap<object, Map<string, string>>();

/** The cache of a run that has one. */
export function openCache(parts: ReuseParts, providers: readonly BoundProvider[]): RunCache | undefined {
  return parts.options.cache && new RunCache(parts, providers, parts.options.cache);
}

/**
 * Cache-aside: the grades that a run finds in the user's store, and puts there, with a circuit breaker for a late
 * store. Whatever the store does, no answer is lost by it: one that throws, rejects, hangs or gives back nonsense just
 * has nothing. Owned by one run; the store outlives it.
 */
class RunCache {
  readonly #parts: ReuseParts;
  readonly #providers: readonly BoundProvider[];
  readonly #cache: CacheOptions;
  /** Grades on their way into this store, by key, of all runs. */
  readonly #writing: Map<string, string>;
  /** Writes under way; the run waits for them at its end. */
  readonly #writes = new TaskGroup();
  /** Time until which the store is left alone. */
  #restsUntilMs = -Infinity;
  /** True once a failure was told: the run warns once. */
  #hasFailed = false;

  constructor(parts: ReuseParts, providers: readonly BoundProvider[], cache: CacheOptions) {
    this.#parts = parts;
    this.#providers = providers;
    this.#cache = cache;
    this.#writing = writings.get(cache.store) ?? new Map();
    writings.set(cache.store, this.#writing);
  }

  /** Settles the answers whose grades are known; the others come out in their order. */
  async *unknown(run: GradingRun, answers: AsyncIterable<PendingAnswer>): AsyncGenerator<PendingAnswer> {
    for await (const pending of mapAhead(answers, LOOKUPS_AT_ONCE, (each) => this.#lookUp(run, each))) {
      if (pending !== undefined) yield pending;
    }
  }

  /** Resolves when everything is in the store, or the store is late. */
  written(): Promise<void> {
    return this.#writes.settled();
  }

  /** Settles an answer whose grade is known; returns it if it must be asked about. */
  async #lookUp(run: GradingRun, pending: PendingAnswer): Promise<PendingAnswer | undefined> {
    const stored = await this.#find(pending);
    return stored !== undefined && this.#settle(run, pending, stored) ? undefined : pending;
  }

  async #find(pending: PendingAnswer): Promise<StoredGrade | undefined> {
    const { question, answer } = pending.source;
    try {
      // A resumed run has made the key already.
      const key = pending.key ?? (await hashGradeKey(this.#parts.gradeKey(pending.source)));
      pending.name(key);
      const stored = this.#writing.get(key) ?? (await this.#read(key));
      const item = { id: key, question, answer: answerText(question, answer) };
      return readStoredGrade(stored, key, item, this.#providers);
    } catch (error) {
      this.#fail('get', error);
      return undefined;
    }
  }

  #read(key: string): unknown {
    return this.#isResting() ? undefined : this.#reply(this.#cache.store.get(key), this.#parts.stop);
  }

  /** False if the grade would be doubted today: a person or a model has to look again. */
  #settle(run: GradingRun, pending: PendingAnswer, { provider, model, verdict }: StoredGrade): boolean {
    const grade = gradedAnswer({ run, provider }, pending, verdict, { model });
    if (grade.needsReview) return false;
    run.settle({ ...grade, fromCache: true });
    return true;
  }

  /** Puts a grade into the store, unless that is down. */
  keep(pending: PendingAnswer, grade: StoredGrade): void {
    const { key } = pending;
    if (key !== undefined && !this.#isResting())
      this.#writes.start(this.#write(key, writeStoredGrade(key, grade, this.#providers)));
  }

  /** Writes a grade, which other runs find in memory meanwhile. */
  async #write(key: string, text: string): Promise<void> {
    const { store, ttlMs } = this.#cache;
    this.#writing.set(key, text);
    try {
      // Some stores refuse a number as their third argument.
      await this.#reply(ttlMs === undefined ? store.set(key, text) : store.set(key, text, ttlMs), this.#parts.abort);
    } catch (error) {
      this.#fail('set', error);
    }
    this.#writing.delete(key);
  }

  /** Sync stores cost no timer. */
  async #reply(reply: unknown, stop: StopSignal): Promise<unknown> {
    if (typeof reply !== 'object' || reply === null) return reply;
    return inTime(Promise.resolve(reply), MAX_WAIT_MS, this.#parts.options.clock, stop);
  }

  #isResting(): boolean {
    return this.#parts.options.clock.now() < this.#restsUntilMs;
  }

  /** One warning a run: a store that is down fails for every answer. */
  #fail(operation: 'get' | 'set', error: unknown): void {
    // A store that fails at once costs nothing and is asked again; one that hangs holds every answer up.
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    if (isLate) this.#restsUntilMs = this.#parts.options.clock.now() + REST_MS;
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#parts.emit?.({ type: 'cache-failed', operation, error });
  }
}
