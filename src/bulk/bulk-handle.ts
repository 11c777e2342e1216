import * as z from 'zod/mini';
import type { BulkVendor } from '../contract/bulk-vendor.js';
import { checkOptions } from '../input/check-input.js';
import { GradingOptionsError } from '../contract/errors.js';

/** One batch of a run. */
export interface BulkPart {
  /** Position of the first answer that it covers. */
  first: number;
  /** Position after the last one. */
  end: number;
  /** Answers in it that no rule decided. */
  requests: number;
  /** When its creation was about to start (ISO 8601). */
  startedAt: string;
  /** Absent until the vendor has confirmed it. */
  batchId?: string | undefined;
}

/**
 * What is needed to come back to a run: plain data that survives `JSON.stringify`, without answers or keys.
 *
 * @example
 * ```ts
 * import type { BulkHandle } from 'gradelanes/bulk';
 *
 * const batchIds = ({ parts }: BulkHandle): readonly string[] => parts.flatMap(({ batchId }) => batchId ?? []);
 * ```
 */
export interface BulkHandle {
  version: 1;
  runId: string;
  /** The `kind` of the vendor. */
  vendor: string;
  answerCount: number;
  /** When the run began (ISO 8601). */
  startedAt: string;
  parts: readonly BulkPart[];
  /** Every answer that needs it is in a part. */
  isSubmitted: boolean;
}

const count = z.number('must be an integer of at least 0').check(z.int(), z.minimum(0));
const text = z.string('must be a text').check(z.minLength(1));
const date = text.check(z.refine((value) => !Number.isNaN(Date.parse(value)), 'must be an ISO 8601 date'));

const handleSchema: z.ZodMiniType<BulkHandle> = z.strictObject(
  {
    version: z.literal(1, 'must be 1: the handle is of another version of this package'),
    runId: text,
    vendor: text,
    answerCount: count,
    startedAt: date,
    parts: z.array(
      z.strictObject({
        first: count,
        end: count,
        requests: count,
        startedAt: date,
        batchId: z.optional(text),
      }),
      'must be a list of batches',
    ),
    isSubmitted: z.boolean('must be true or false'),
  },
  'must be a handle that submit() gave',
);

/**
 * A handle as it came back from storage.
 *
 * @throws {GradingOptionsError} for anything else, and for a handle of another vendor.
 */
export function checkHandle(handle: unknown, { kind }: BulkVendor, field = 'handle'): BulkHandle {
  const checked = checkOptions(handleSchema, handle, field);
  if (checked.vendor === kind) return checked;
  throw new GradingOptionsError(
    `${field}.vendor`,
    `must be the vendor of the options, ${kind}`,
    JSON.stringify(checked.vendor),
  );
}
