import type { BulkVendor } from '../contract/bulk-vendor.js';
import type { GradingOptions } from '../contract/grading-options.js';
import type { GradingResult } from '../contract/result.js';
import type { BulkHandle } from './bulk-handle.js';

/** The grading options that the Batch APIs can follow. `submit` and `collect` need the same ones. */
export type BulkGradingOptions = Pick<
  GradingOptions,
  | 'context'
  | 'instructions'
  | 'localGrading'
  | 'guards'
  | 'review'
  | 'feedback'
  | 'evidence'
  | 'signal'
  | 'clock'
  | 'random'
>;

/** How answers are handed in. Only `vendor` is required; `undefined` means the default. */
export interface BulkSubmitOptions extends BulkGradingOptions {
  /** Who grades: `anthropicBulk(...)` or `openaiBulk(...)`. */
  vendor: BulkVendor;
  /**
   * Names the run at the vendor: 1 to 40 letters, digits, `_` and `-`, new for every run. At OpenAI, batches of the last
   * three days with this name are found and taken over instead of created again. @default random
   */
  runId?: string | undefined;
  /** The last handle that `onHandle` was given, to go on after a crash: with the same answers and options. */
  resume?: BulkHandle | undefined;
  /** Called, and waited for, before and after every batch is created: store the handle. What it throws ends the call. */
  onHandle?: ((handle: BulkHandle) => void | Promise<void>) | undefined;
  /** Most requests in one batch. @default the vendor's limit, which is also the most it can be */
  maxRequests?: number | undefined;
  /** Most bytes in one batch; so many are held in memory. @default the vendor's limit, which is also the most it can be */
  maxBytes?: number | undefined;
}

/** How the outcome is looked up or stopped. */
export interface PollOptions {
  /** As it was for `submit`. */
  vendor: BulkVendor;
  signal?: AbortSignal | undefined;
}

/** How results are fetched. Only `vendor` is required; `undefined` means the default. */
export interface CollectOptions extends BulkGradingOptions {
  /** As it was for `submit`. */
  vendor: BulkVendor;
  /**
   * Grades what the batches left ungraded at once, as `gradeAnswersWithFallback` does, under these options. What they
   * leave out is taken from the options beside this one. @default none: it comes back failed, with the reason
   */
  rest?: GradingOptions | undefined;
  /** Called, and waited for, with every final result. What it throws ends the call, which can be made again. */
  onResult?: ((result: GradingResult) => void | Promise<void>) | undefined;
}
