import { GradingOptionsError } from './errors.js';
import type { ProcessingModeRequest } from './report.js';
import type { ProcessingMode } from './result.js';

/** The order in which modes are tried: from the fastest to the surest. */
export const MODE_CHAIN: readonly ProcessingMode[] = ['parallel', 'batch', 'sequential'];

/** From this many answers on, `'auto'` means parallel. */
export const PARALLEL_FROM_ANSWERS = 3;

const LONGEST_SHOWN = 16;

/** From this many answers on, `'auto'` means batch. */
export const BATCH_FROM_ANSWERS = 2;

/** What rules a mode out or in. */
export interface ModeSelectionOptions {
  /** `false` takes parallel mode out. @default true */
  parallelEnabled?: boolean | undefined;
  /** 1 takes batch mode out. @default no limit */
  maxItemsPerCall?: number | undefined;
  /** Batch mode is preferred from 2 answers on. @default false */
  isolatesItems?: boolean | undefined;
}

/**
 * Chooses how to send answers. `'auto'` means sequential for 0 or 1 answer, batch for 2, parallel for 3 or more; a
 * requested mode is obeyed. A mode that the options rule out is replaced by the next in the chain parallel, batch,
 * sequential.
 *
 * @param answerCount All answers of the run, a whole number of at least 0.
 * @param requested The wanted mode. Default `'auto'`.
 * @param options What the feature flag and the provider rule out.
 * @returns The mode that a run starts with.
 * @throws {GradingOptionsError} for a count or a mode that is none.
 *
 * @example
 * ```ts
 * import { selectProcessingMode } from 'gradelanes';
 *
 * console.log(selectProcessingMode(1)); // sequential
 * console.log(selectProcessingMode(2)); // batch
 * console.log(selectProcessingMode(3)); // parallel
 * console.log(selectProcessingMode(3, 'auto', { parallelEnabled: false })); // batch
 * ```
 */
export function selectProcessingMode(
  answerCount: number,
  requested: ProcessingModeRequest = 'auto',
  options: ModeSelectionOptions = {},
): ProcessingMode {
  if (!Number.isInteger(answerCount) || answerCount < 0) {
    throw new GradingOptionsError('answerCount', 'must be a whole number of at least 0', String(answerCount));
  }
  const wanted = modeFor(answerCount, requested, options.isolatesItems);
  return modesFrom(wanted, options)[0] ?? 'sequential';
}

/**
 * The mode that is wanted, before any is ruled out.
 *
 * @throws {GradingOptionsError} for a mode that is none.
 */
export function modeFor(
  answerCount: number,
  requested: ProcessingModeRequest = 'auto',
  isolatesItems = false,
): ProcessingMode {
  if (requested === 'auto') return modeForCount(answerCount, isolatesItems);
  if (MODE_CHAIN.includes(requested)) return requested;
  // A long text is no slip for a mode, and may be a secret.
  const received = requested.length > LONGEST_SHOWN ? `a text of ${requested.length} characters` : requested;
  throw new GradingOptionsError('mode', "must be 'auto', 'parallel', 'batch' or 'sequential'", received);
}

/** The chain that starts at a mode, without the modes that are ruled out. */
export function modesFrom(start: ProcessingMode, options: ModeSelectionOptions): readonly ProcessingMode[] {
  return MODE_CHAIN.slice(MODE_CHAIN.indexOf(start)).filter((mode) => whyRuledOut(mode, options) === undefined);
}

/** Why a mode cannot be used, as a sentence for people; `undefined` if it can. */
export function whyRuledOut(mode: ProcessingMode, options: ModeSelectionOptions): string | undefined {
  if (mode === 'parallel' && options.parallelEnabled === false) return 'parallel mode is switched off';
  if (mode === 'batch' && options.maxItemsPerCall === 1) return 'the provider takes one answer per call';
  return undefined;
}

/** The mode that the number of answers asks for. */
export function modeForCount(answerCount: number, isolatesItems: boolean): ProcessingMode {
  if (answerCount < BATCH_FROM_ANSWERS) return 'sequential';
  return answerCount < PARALLEL_FROM_ANSWERS || isolatesItems ? 'batch' : 'parallel';
}
