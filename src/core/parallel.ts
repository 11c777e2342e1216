import { askProvider } from '../engine/calls/ask.js';
import { awaitTurn, type Link } from '../engine/run/link.js';
import type { PendingAnswer } from '../engine/run/pending-answer.js';
import { TaskGroup } from '../async/task-group.js';

/** One answer per call, as many calls at once as the limits allow. Takes no answer before there is room to send it. */
export async function gradeInParallel(link: Link, work: AsyncIterable<PendingAnswer>): Promise<void> {
  const lane = link.run.laneFor(link.provider);
  const calls = new TaskGroup();
  try {
    for await (const pending of work) {
      if (link.run.warmUp !== undefined) await awaitTurn(link, [pending]);
      calls.start(askProvider(link, [pending]));
      const room = lane.room();
      if (room !== undefined) await room;
      if (link.run.budget !== undefined) await link.run.budget.room();
    }
  } finally {
    await calls.settled();
  }
}
