import type { ReviewedAnswer } from 'gradelanes/client';

/** Each answer had a request of its own: its times count from there, and the page's from the first. */
export function oneAfterTheOther(results: readonly ReviewedAnswer[]): readonly ReviewedAnswer[] {
  let startMs = 0;
  return results.map((result) => {
    const queuedMs = startMs + result.queuedMs;
    startMs = queuedMs + result.durationMs;
    return { ...result, queuedMs };
  });
}
