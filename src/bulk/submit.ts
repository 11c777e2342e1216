import type { FoundBatch } from '../contract/bulk-vendor.js';
import { someObject, type OptionRule } from '../input/option-rules.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { AnswerToGrade } from '../contract/question.js';
import { itemKeys } from '../grading/prompt/item-keys.js';
import { checkHandle, type BulkHandle, type BulkPart } from './bulk-handle.js';
import type { BulkSubmitOptions } from './bulk-options.js';
import { prepareRun, someCallback, type BulkRun } from './bulk-run.js';
import { packFile } from './pack-file.js';
import { readRequestId } from './request-id.js';

const RUN_ID: OptionRule = {
  rule: 'must be 1 to 40 letters, digits, "_" and "-"',
  holds: (value) => typeof value === 'string' && /^[\w-]{1,40}$/.test(value),
};

/** A run while it is handed in. */
interface Submission {
  readonly run: BulkRun;
  readonly options: BulkSubmitOptions;
  /** Batches from before a crash may exist. */
  readonly mayRepeat: boolean;
  handle: BulkHandle;
}

/**
 * Hands answers in to a vendor's Batch API: half the price, within a day. Answers that a rule can decide are left out,
 * the others are asked about with the prompt and the schema of every other call, in as few batches as the vendor's limits
 * allow, one at a time in memory.
 *
 * Store every handle that `onHandle` is given. After a crash or an error, call again with `resume`: what was created is
 * found again, also if its id was lost, and only what is missing is created. At OpenAI, the same `runId` finds it as well;
 * at Anthropic, whose batches carry no name, a batch of the same size and time is taken.
 *
 * @param answers What to grade. `collect` needs the same ones in the same order.
 * @param options The vendor, limits, and how to grade.
 * @returns The handle for `poll`, `collect` and `cancel`.
 * @throws {GradingOptionsError} (as a rejection) for misuse.
 * @throws {ProviderError} (as a rejection) when the vendor refuses or cannot be reached. Creating is never repeated by
 * itself: call again.
 *
 * @example
 * ```ts
 * import Anthropic from '@anthropic-ai/sdk';
 * import type { AnswerToGrade } from 'gradelanes';
 * import { anthropicBulk } from 'gradelanes/anthropic';
 * import { submit, type BulkHandle } from 'gradelanes/bulk';
 *
 * const vendor = anthropicBulk(new Anthropic({ apiKey: 'test' }), { model: 'claude-haiku-5-5' });
 * const handIn = (answers: readonly AnswerToGrade[], store: (handle: BulkHandle) => Promise<void>) =>
 *   submit(answers, { vendor, onHandle: store });
 * ```
 */
export async function submit(answers: readonly AnswerToGrade[], options: BulkSubmitOptions): Promise<BulkHandle> {
  const submission = await startSubmission(answers, options);
  const { run } = submission;
  for (let first = firstMissing(submission); first < run.answers.length;) {
    const part = (await findPart(submission, first)) ?? (await createPart(submission, first));
    first = part.end;
  }
  await remember(submission, { ...submission.handle, isSubmitted: true });
  return submission.handle;
}

async function startSubmission(answers: readonly AnswerToGrade[], options: BulkSubmitOptions): Promise<Submission> {
  const { resume, runId } = options;
  const run = await prepareRun(answers, options, {
    runId: RUN_ID,
    resume: someObject,
    onHandle: someCallback,
    maxRequests: limitRule(options.vendor?.maxRequests),
    maxBytes: limitRule(options.vendor?.maxBytes),
  });
  const mayRepeat = resume !== undefined || runId !== undefined;
  return { run, options, mayRepeat, handle: resume === undefined ? newHandle(run, runId) : resumed(run, options) };
}

function limitRule(most: number): OptionRule {
  return {
    rule: `must be an integer from 1 to ${most}`,
    holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most,
  };
}

function newHandle({ vendor, answers, options }: BulkRun, runId: string | undefined): BulkHandle {
  return {
    version: 1,
    runId: runId ?? itemKeys(2, options.random).join('-'),
    vendor: vendor.kind,
    answerCount: answers.length,
    startedAt: nowIn(options),
    parts: [],
    isSubmitted: false,
  };
}

function resumed({ vendor, answers }: BulkRun, { resume, runId }: BulkSubmitOptions): BulkHandle {
  const handle = checkHandle(resume, vendor, 'resume');
  if (handle.answerCount !== answers.length) {
    throw new GradingOptionsError('answers', `must be the ${handle.answerCount} of the handle`, `${answers.length}`);
  }
  if (runId === undefined || runId === handle.runId) return handle;
  throw new GradingOptionsError('runId', 'must be that of the handle in resume', JSON.stringify(runId));
}

/** Where the confirmed parts end: at most the last one is not. */
function firstMissing({ handle }: Submission): number {
  return handle.parts.findLast(({ batchId }) => batchId !== undefined)?.end ?? 0;
}

/** A batch that exists from before a crash. */
async function findPart(submission: Submission, first: number): Promise<BulkPart | undefined> {
  const { run, handle, mayRepeat } = submission;
  if (!mayRepeat) return undefined;
  const announced = handle.parts.find((part) => part.first === first);
  const found = await run.vendor.find(
    {
      runId: handle.runId,
      first,
      announced: announced && { ...announced, startedAt: Date.parse(announced.startedAt) },
      knownIds: new Set(handle.parts.flatMap(({ batchId }) => batchId ?? [])),
      owns: (id) => readRequestId(id, handle.runId) !== undefined,
    },
    run.signal,
  );
  if (found === undefined) return undefined;
  const part = { first, startedAt: announced?.startedAt ?? nowIn(run.options), ...checkFound(found, first, run) };
  await remember(submission, withPart(handle, part));
  return part;
}

/** A name that was used for other answers must not lend its batches to these. */
function checkFound(found: FoundBatch, first: number, { answers }: BulkRun): FoundBatch {
  if (Number.isInteger(found.end) && found.end > first && found.end <= answers.length) return found;
  throw new GradingOptionsError('runId', 'must not have been used for other answers', `a batch up to ${found.end}`);
}

async function createPart(submission: Submission, first: number): Promise<BulkPart> {
  const { run, options, handle } = submission;
  const { maxRequests = run.vendor.maxRequests, maxBytes = run.vendor.maxBytes } = options;
  const { file, end, requests } = await packFile(run, handle.runId, first, { maxRequests, maxBytes });
  const part: BulkPart = { first, end, requests, startedAt: nowIn(run.options) };
  if (requests === 0) {
    // Nothing but answers that a rule decides.
    submission.handle = withoutFrom(handle, first);
    return part;
  }
  await remember(submission, withPart(handle, part));
  const batchId = await run.vendor.create(file, { runId: handle.runId, first, end, requests }, run.signal);
  const created = { ...part, batchId };
  await remember(submission, withPart(submission.handle, created));
  return created;
}

/** A part that was only announced gives way to the one that exists. */
function withPart(handle: BulkHandle, part: BulkPart): BulkHandle {
  return { ...handle, parts: [...withoutFrom(handle, part.first).parts, part] };
}

function withoutFrom(handle: BulkHandle, position: number): BulkHandle {
  return { ...handle, parts: handle.parts.filter(({ first }) => first < position) };
}

async function remember(submission: Submission, handle: BulkHandle): Promise<void> {
  submission.handle = handle;
  await submission.options.onHandle?.(structuredClone(handle));
}

function nowIn({ clock }: BulkRun['options']): string {
  return new Date(clock.date()).toISOString();
}
