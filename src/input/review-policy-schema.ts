import * as z from 'zod/mini';
import type { ReviewPolicy } from '../contract/review-policy.js';
import { share } from './option-schemas.js';

const count = z
  .number({ error: 'must be a number' })
  .check(
    z.refine((value: number) => Number.isInteger(value) && value >= 0, { error: 'must be an integer of at least 0' }),
  );

const fraction = share(1);

/** A policy as `reviewPolicy` makes it and as JSON brings it back; what has more properties fits too. */
export const reviewPolicySchema: z.ZodMiniType<ReviewPolicy> = z.object(
  {
    format: z.literal('gradelanes-review-policy', { error: "must be 'gradelanes-review-policy'" }),
    version: z.literal(1, { error: 'must be 1, the only version that this library knows' }),
    signal: z.enum(['confidence', 'margin'], { error: "must be 'confidence' or 'margin'" }),
    acceptFrom: z.optional(fraction),
    maxDisagreement: fraction,
    certainty: fraction,
    within: z.optional(fraction),
    gradeCount: count,
    questionCount: count,
    unreviewedCount: count,
    disagreementCount: count,
    correlation: fraction,
    disagreementBound: z.optional(fraction),
    moreNeeded: z.optional(count),
    message: z.string({ error: 'must be a text' }),
  },
  { error: 'must be a policy from reviewPolicy()' },
);
