import { backOffMs } from '../engine/calls/back-off.js';
import type { BulkRow } from '../contract/bulk-vendor.js';
import { isProviderError } from '../contract/errors.js';
import { Latch } from '../async/latch.js';
import { sleep } from '../async/waiting.js';
import type { BulkRun } from './bulk-run.js';

/**
 * The rows of a batch. A stream that breaks is read again from its start, so rows may come more than once.
 *
 * @throws {ProviderError} when that does not help.
 */
export async function* readRows(run: BulkRun, batchId: string): AsyncGenerator<BulkRow> {
  const { vendor, signal, options } = run;
  for (let faults = 1; ; faults++) {
    try {
      yield* vendor.rows(batchId, signal);
      return;
    } catch (error) {
      const isFinal = !isProviderError(error) || !error.retryable || faults >= options.retry.maxAttempts;
      if (isFinal) throw error;
      await sleep(backOffMs(faults, undefined, options.retry, options.random), options.clock, new Latch());
    }
  }
}
