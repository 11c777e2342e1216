// The review client as a React hook. Its snapshots are immutable and its functions bound, so that this is all there is to it.
import { createReviewClient, type ReviewClient, type ReviewSnapshot } from 'gradelanes/client';
import { useSyncExternalStore } from 'react';

const client = createReviewClient({ baseUrl: '/api/review' });

/** `const { status, completed, total, results, submit } = useReview();` */
export function useReview(): ReviewSnapshot & { submit: ReviewClient['submitAnswersWithProcessingMode'] } {
  const snapshot = useSyncExternalStore(client.subscribe, client.getSnapshot, client.getSnapshot);
  return { ...snapshot, submit: client.submitAnswersWithProcessingMode };
}
