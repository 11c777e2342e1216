import { askProvider } from '../engine/calls/ask.js';
import type { Link } from '../engine/run/link.js';
import type { PendingAnswer } from '../engine/run/pending-answer.js';

/** One answer per call, one call after the other: the slowest and surest way. */
export async function gradeOneByOne(link: Link, work: AsyncIterable<PendingAnswer>): Promise<void> {
  for await (const pending of work) await askProvider(link, [pending]);
}
