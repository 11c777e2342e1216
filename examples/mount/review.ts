// What every mount serves, graded without a key.
import { createGrader } from 'gradelanes';
import { createReviewHandler, type ReviewHandler } from 'gradelanes/http';
import { offlineProvider } from 'gradelanes/offline';
import { reviewOptions } from './review-options.ts';

const grader = createGrader({ provider: offlineProvider(), maxConcurrentTasks: 10 });

export const review: ReviewHandler = createReviewHandler({ ...reviewOptions, grader });
