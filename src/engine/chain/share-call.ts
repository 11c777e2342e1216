import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';

/** Answers that wait for a link, handed out in groups that may share a call. */
export interface Work {
  groups(sharing: Sharing): AsyncIterable<readonly PendingAnswer[]>;
}

/** How many answers may share a call, and of whom. */
export interface Sharing {
  readonly width: number;
  readonly mixesLearners: boolean;
}

/** Every answer in a call of its own. */
export const ALONE: Sharing = { width: 1, mixesLearners: false };

/** The sharing of batch mode: learners share a call only where the user says so, or where that cannot matter. */
export function sharingFor({ options }: GradingRun, { capabilities }: BoundProvider): Sharing {
  const { maxItemsPerCall = Infinity, isolatesItems = false } = capabilities;
  const isWide = isolatesItems && maxItemsPerCall !== Infinity;
  return {
    width: isWide ? maxItemsPerCall : Math.min(options.batchSize, maxItemsPerCall),
    mixesLearners: options.batchAcrossLearners || isolatesItems,
  };
}

/**
 * Company of an answer: those with the same one may share a prompt. An answer that may try to move other marks has none
 * but itself.
 */
export function companyOf(pending: PendingAnswer, { mixesLearners }: Sharing): unknown {
  if (pending.guarded?.isSuspicious === true) return pending;
  return mixesLearners ? undefined : pending.source.learnerId;
}

/** A list as work: a group is handed over when it is full, the rest at the end, in order of arrival. */
export function listWork(answers: AsyncIterable<PendingAnswer>): Work {
  return { groups: (sharing) => groupsOf(answers, sharing) };
}

async function* groupsOf(
  answers: AsyncIterable<PendingAnswer>,
  sharing: Sharing,
): AsyncGenerator<readonly PendingAnswer[]> {
  const open = new Map<unknown, PendingAnswer[]>();
  for await (const pending of answers) {
    const company = companyOf(pending, sharing);
    const group = open.get(company) ?? [];
    group.push(pending);
    const isFull = group.length >= sharing.width || company === pending;
    if (!isFull) open.set(company, group);
    else {
      open.delete(company);
      yield group;
    }
  }
  yield* open.values();
}
