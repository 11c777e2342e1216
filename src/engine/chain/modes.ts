import { TaskGroup } from '../../async/task-group.js';
import { askProvider } from '../calls/ask.js';
import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from '../run/grading-run.js';
import type { Link } from '../run/link.js';
import type { PendingAnswer } from '../run/pending-answer.js';
import type { AnswerQueue } from './answer-queue.js';

/** One answer per call, as many calls at once as the limits allow. Takes no answer before there is room to send it. */
export async function gradeInParallel(link: Link, work: AsyncIterable<PendingAnswer>): Promise<void> {
  const dispatcher = link.run.dispatcherFor(link.provider);
  const calls = new TaskGroup();
  try {
    for await (const pending of work) {
      if (link.run.warmUp !== undefined) await awaitTurn(link, [pending]);
      calls.start(askProvider(link, [pending]));
      const room = dispatcher.room();
      if (room !== undefined) await room;
      if (link.run.budget !== undefined) await link.run.budget.room();
    }
  } finally {
    await calls.settled();
  }
}

/**
 * Several answers per call, several calls at once. Learners share a call only where that cannot matter. A stream's queue
 * forms its own groups.
 */
export async function gradeInBatches(
  link: Link,
  work: AsyncIterable<PendingAnswer> & Partial<Pick<AnswerQueue, 'groups'>>,
): Promise<void> {
  const dispatcher = link.run.dispatcherFor(link.provider);
  const calls = new TaskGroup();
  try {
    const sharing = [batchWidth(link.run, link.provider), mayMixLearners(link)] as const;
    for await (const chunk of work.groups?.(...sharing) ?? chunksByLearner(work, ...sharing)) {
      if (link.run.warmUp !== undefined) await awaitTurn(link, chunk);
      calls.start(askProvider(link, chunk));
      await dispatcher.room();
      if (link.run.budget !== undefined) await link.run.budget.room();
    }
  } finally {
    await calls.settled();
  }
}

/** Answers that a call of batch mode may hold. */
export function batchWidth({ options }: GradingRun, { capabilities }: BoundProvider): number {
  const { maxItemsPerCall = Infinity, isolatesItems = false } = capabilities;
  const isWide = isolatesItems && maxItemsPerCall !== Infinity;
  return isWide ? maxItemsPerCall : Math.min(options.batchSize, maxItemsPerCall);
}

function mayMixLearners({ run, provider }: Link): boolean {
  return run.options.batchAcrossLearners || provider.capabilities.isolatesItems === true;
}

/** Fills a chunk per learner and hands each over when it is full; the rest follows at the end, in order of arrival. */
async function* chunksByLearner(
  work: AsyncIterable<PendingAnswer>,
  width: number,
  mixesLearners: boolean,
): AsyncGenerator<readonly PendingAnswer[]> {
  const open = new Map<string | undefined, PendingAnswer[]>();
  for await (const pending of work) {
    // What may try to move other marks shares no prompt with other answers.
    if (pending.guarded?.isSuspicious === true) {
      yield [pending];
      continue;
    }
    const learner = mixesLearners ? undefined : pending.source.learnerId;
    const chunk = open.get(learner) ?? [];
    chunk.push(pending);
    if (chunk.length < width) open.set(learner, chunk);
    else {
      open.delete(learner);
      yield chunk;
    }
  }
  yield* open.values();
}

/** One answer per call, one call after the other: the slowest and surest way. */
export async function gradeOneByOne(link: Link, work: AsyncIterable<PendingAnswer>): Promise<void> {
  for await (const pending of work) await askProvider(link, [pending]);
}

/** Waits while another call puts the beginning of these answers' prompt into the provider's cache. */
async function awaitTurn({ run, provider }: Link, group: readonly PendingAnswer[]): Promise<void> {
  const items = group.map(({ source: { question } }) => ({
    question,
    context: question.context ?? run.options.context,
  }));
  await run.warmUp?.turn(run.gateFor(provider), provider, items, run.stopFor(provider));
}
