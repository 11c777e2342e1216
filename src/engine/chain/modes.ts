import { TaskGroup } from '../../async/task-group.js';
import type { ProcessingMode } from '../../contract/result.js';
import { askProvider } from '../calls/ask.js';
import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import { ALONE, sharingFor, type Work } from './share-call.js';

type Groups = AsyncIterable<readonly PendingAnswer[]>;

/**
 * The modes side by side. Parallel: one answer per call, several calls at once. Batch: several answers per call, several
 * calls at once. Sequential: one answer per call, one call after the other, the slowest and surest way.
 */
export const MODES: Readonly<Record<ProcessingMode, (link: Link, work: Work) => Promise<void>>> = {
  parallel: (link, work) => askConcurrently(link, work.groups(ALONE)),
  batch: (link, work) => askConcurrently(link, work.groups(sharingFor(link.run, link.provider))),
  sequential: (link, work) => askInTurn(link, work.groups(ALONE)),
};

/** Asks about as many groups at once as the limits allow. Takes none before there is room to send it (back-pressure). */
async function askConcurrently(link: Link, groups: Groups): Promise<void> {
  const { run, provider } = link;
  const dispatcher = run.dispatchers.dispatcherFor(provider);
  const calls = new TaskGroup();
  try {
    for await (const group of groups) {
      if (run.warmUp !== undefined) await awaitTurn(link, group);
      calls.start(askProvider(link, group));
      const room = dispatcher.room();
      if (room !== undefined) await room;
      if (run.budget !== undefined) await run.budget.room();
    }
  } finally {
    await calls.settled();
  }
}

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
