import { TaskGroup } from '../../async/task-group.js';
import type { ProcessingMode } from '../../contract/result.js';
import { askProvider } from '../calls/ask.js';
import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import { ALONE, sharingFor, type Work } from './share-call.js';

/** Groups of answers, each of which goes into one call; drawn one at a time, as there is room. */
type Groups = AsyncIterable<readonly PendingAnswer[]>;

/**
 * Strategy of each mode. Parallel: one answer per call, several calls at once. Batch: several answers per call, several
 * calls at once. Sequential: one answer per call, one call after the other, the slowest and surest way.
 */
export const MODES: Readonly<Record<ProcessingMode, (link: Link, work: Work) => Promise<void>>> = {
  parallel: (link, work) => askConcurrently(link, work.groups(ALONE)),
  batch: (link, work) => askConcurrently(link, work.groups(sharingFor(link.run, link.provider))),
  sequential: (link, work) => askInTurn(link, work.groups(ALONE)),
};

/**
 * Back-pressure: asks about as many groups at once as the limits allow, and takes none from the source before there is
 * room to send it.
 */
async function askConcurrently(link: Link, groups: Groups): Promise<void> {
  const { run, provider } = link;
  const dispatcher = run.dispatchers.dispatcherFor(provider);
  const calls = new TaskGroup();
  try {
    for await (const group of groups) {
      // The warm-up comes before the call is started, so that an answer that waits for it holds no slot.
      if (run.warmUp !== undefined) await awaitTurn(link, group);
      calls.start(askProvider(link, group));
      const room = dispatcher.room();
      if (room !== undefined) await room;
      // A call that waits for the budget holds the loop back as well: calls in flight may turn out cheaper and leave
      // room.
      if (run.budget !== undefined) await run.budget.room();
    }
  } finally {
    // A source that throws must not leave calls behind: the link ends only when all of them are over.
    await calls.settled();
  }
}

/** Asks about one group after the other: the next is drawn when the one before is settled or left. */
async function askInTurn(link: Link, groups: Groups): Promise<void> {
  for await (const group of groups) await askProvider(link, group);
}

/** Waits while another call puts the beginning of these answers' prompt into the provider's prompt cache. */
async function awaitTurn({ run, provider }: Link, group: readonly PendingAnswer[]): Promise<void> {
  const items = group.map(({ source: { question } }) => ({
    question,
    context: question.context ?? run.options.context,
  }));
  await run.warmUp?.turn(run.dispatchers.gateFor(provider), provider, items, run.stopFor(provider));
}
