import type { BoundProvider } from '../providers/bound-provider.js';
import type { GradingRun } from '../run/grading-run.js';
import type { PendingAnswer } from '../run/pending-answer.js';

/** Answers that wait for a link, handed out in groups that may share a call. */
export interface Work {
  groups(sharing: Sharing): AsyncIterable<readonly PendingAnswer[]>;
}

/** Rule of sharing: the number of answers that may be in one call, and the learners whose answers may meet there. */
export interface Sharing {
  /** Most answers per call, 1 or more. */
  readonly width: number;
  /** True if answers of different learners may share a call. */
  readonly mixesLearners: boolean;
}

/** Every answer in a call of its own. */
export const ALONE: Sharing = { width: 1, mixesLearners: false };

/** The sharing of batch mode: learners share a call only where the user says so, or where that cannot matter. */
export function sharingFor({ options }: GradingRun, { capabilities }: BoundProvider): Sharing {
  const { maxItemsPerCall = Infinity, isolatesItems = false } = capabilities;
  // Items that a provider isolates do not influence each other, so a full call costs no accuracy, and the user's batch
  // size, which is for models that see all items at once, does not apply.
  const isWide = isolatesItems && maxItemsPerCall !== Infinity;
  return {
    width: isWide ? maxItemsPerCall : Math.min(options.batchSize, maxItemsPerCall),
    mixesLearners: options.batchAcrossLearners || isolatesItems,
  };
}

/**
 * Company of an answer, a value for grouping: answers of the same company may share a prompt. A suspicious answer,
 * which may try to move the marks of others (prompt injection), has itself as its only company.
 */
export function companyOf(pending: PendingAnswer, { mixesLearners }: Sharing): unknown {
  if (pending.guarded?.isSuspicious === true) return pending;
  return mixesLearners ? undefined : pending.source.learnerId;
}

/** A list as work: a group is handed over when it is full, the rest at the end, in order of arrival. */
export function listWork(answers: AsyncIterable<PendingAnswer>): Work {
  return { groups: (sharing) => groupsOf(answers, sharing) };
}

/**
 * Groups a list by company. A group is kept open until it is full, at most one for each company; the ones left at the
 * end are handed out as they are.
 */
async function* groupsOf(
  answers: AsyncIterable<PendingAnswer>,
  sharing: Sharing,
): AsyncGenerator<readonly PendingAnswer[]> {
  const open = new Map<unknown, PendingAnswer[]>();
  for await (const pending of answers) {
    const company = companyOf(pending, sharing);
    const group = open.get(company) ?? [];
    group.push(pending);
    // A suspicious answer is its own company, so no other will ever join it: its group is full at once.
    const isFull = group.length >= sharing.width || company === pending;
    if (!isFull) open.set(company, group);
    else {
      open.delete(company);
      yield group;
    }
  }
  yield* open.values();
}
