import { promptOptions } from '../engine/providers/bound-provider.js';
import { GradingOptionsError } from '../contract/errors.js';
import { toProviderError } from '../vendor/to-provider-error.js';
import { yieldToEventLoop } from '../async/yield.js';
import { modelRequest } from '../grading/prompt/ask-model.js';
import { itemKeys } from '../grading/prompt/item-keys.js';
import { guardedAnswer, itemOf, localGrade, type BulkRun } from './bulk-run.js';
import { FilePacker, type FileLimits } from './file-packer.js';
import { checksumOf, writeRequestId } from './request-id.js';

/** After so many answers the event loop has a turn. */
const ANSWERS_PER_TURN = 64;

/** The document of one batch, and up to which answer it reaches. */
export interface PackedFile {
  file: Blob;
  end: number;
  requests: number;
}

/**
 * Writes requests from a position on, until the vendor's limits are reached or the answers are at their end.
 *
 * @throws {GradingOptionsError} if a single request is larger than a batch may be.
 */
export async function packFile(run: BulkRun, runId: string, first: number, limits: FileLimits): Promise<PackedFile> {
  const packer = new FilePacker(run.vendor.frame, limits);
  const prompt = promptOptions(run.options);
  for (let index = first; index < run.answers.length; index++) {
    if (index % ANSWERS_PER_TURN === 0) await pause(run);
    const source = run.answers[index];
    if (source === undefined || localGrade(run, source) !== undefined) continue;
    const [key = ''] = itemKeys(1, run.options.random);
    const item = itemOf(run, guardedAnswer(run, index, source), key);
    const id = writeRequestId(runId, { index, key, checksum: checksumOf(source) });
    if (packer.add(run.vendor.writeRequest(id, modelRequest([item], prompt)))) continue;
    if (packer.requests > 0) return { file: packer.finish(), end: index, requests: packer.requests };
    throw new GradingOptionsError(
      'maxBytes',
      `must have room for the request about answers[${index}]`,
      `${limits.maxBytes}`,
    );
  }
  return { file: packer.finish(), end: run.answers.length, requests: packer.requests };
}

async function pause({ signal, vendor }: BulkRun): Promise<void> {
  await yieldToEventLoop();
  if (signal.aborted) throw toProviderError(undefined, signal, vendor.name);
}
