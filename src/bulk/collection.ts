import type { BulkRow } from '../contract/bulk-vendor.js';
import { GradingOptionsError, ProviderError } from '../contract/errors.js';
import { failureOf } from '../engine/run/to-failure.js';
import type { GradeSource } from '../engine/run/link.js';
import { PendingAnswer } from '../engine/run/pending-answer.js';
import type { GradingResult, TokenUsage } from '../contract/result.js';
import { failedAnswer, localAnswer } from '../engine/run/build-result.js';
import { addUsage, checkedUsage } from '../engine/telemetry/token-usage.js';
import { yieldToEventLoop } from '../async/yield.js';
import { PROMPT_VERSION } from '../grading/prompt/prompt-grader-options.js';
import type { BulkHandle } from './bulk-handle.js';
import { guardedAnswer, itemOf, localGrade, type BulkRun } from './bulk-run.js';
import { BULK_MODE, gradeRow } from './grade-row.js';
import { checksumOf, readRequestId } from './request-id.js';

/** After so many answers the event loop has a turn. */
const ANSWERS_PER_TURN = 64;

/** The results of a run while they come in. */
export class Collection {
  readonly results: (GradingResult | undefined)[];
  usage: TokenUsage | undefined;
  readonly #run: BulkRun;
  readonly #runId: string;
  readonly #source: GradeSource;
  readonly #tell: (result: GradingResult) => Promise<void>;

  /** @param tell Called, and waited for, with every result. */
  constructor(
    run: BulkRun,
    { runId, startedAt }: Pick<BulkHandle, 'runId' | 'startedAt'>,
    tell: (result: GradingResult) => Promise<void>,
  ) {
    const { options, guards, vendor } = run;
    this.results = Array.from({ length: run.answers.length });
    this.#run = run;
    this.#runId = runId;
    this.#tell = tell;
    this.#source = {
      run: { options, guards, elapsedMs: () => Math.max(0, options.clock.date() - Date.parse(startedAt)) },
      provider: { index: 0, name: vendor.name, isLocal: false, promptVersion: PROMPT_VERSION },
    };
  }

  /**
   * Rows of other runs and rows that were read before change nothing.
   *
   * @throws {GradingOptionsError} if the answers are not those that were submitted.
   */
  async addRow(row: BulkRow, durationMs: number): Promise<void> {
    const id = readRequestId(row.id, this.#runId);
    if (id === undefined || this.results[id.index] !== undefined) return;
    const answer = this.#run.answers[id.index];
    if (answer === undefined || checksumOf(answer) !== id.checksum) {
      throw new GradingOptionsError('answers', 'must be those that were submitted, in the same order', 'others');
    }
    const usage = checkedUsage(row.report.usage);
    if (usage !== undefined) this.usage = addUsage(this.usage, usage);
    const pending = guardedAnswer(this.#run, id.index, answer);
    pending.charge({ provider: { index: 0 }, mode: BULK_MODE, durationMs, usage, isAlone: true });
    await this.#settle(gradeRow(row, itemOf(this.#run, pending, id.key), pending, this.#source));
  }

  /** Answers without a row: decided by rule, or lost with their batch. */
  async addOthers(errorAt: (index: number) => ProviderError | undefined): Promise<void> {
    for (const [index, answer] of this.#run.answers.entries()) {
      if (this.results[index] !== undefined) continue;
      if (index % ANSWERS_PER_TURN === 0) await yieldToEventLoop();
      const pending = new PendingAnswer(index, answer);
      const grade = localGrade(this.#run, answer);
      if (grade !== undefined) {
        await this.#settle(localAnswer(this.#source.run, pending, grade));
        continue;
      }
      const error =
        errorAt(index) ?? new ProviderError('server', `${this.#run.vendor.name} sent no row for this answer`);
      await this.#settle(failedAnswer(this.#source.run, pending, failureOf(error, this.#source)));
    }
  }

  async #settle(result: GradingResult): Promise<void> {
    this.results[result.index] = result;
    await this.#tell(result);
  }
}
