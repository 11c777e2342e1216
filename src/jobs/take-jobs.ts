import type { EngineFetched, EngineFetchOptions } from './job-engine.js';
import { wait } from './wait.js';
import type { WorkerRest } from './worker-rest.js';

/** How often a worker without work looks for some, in milliseconds: two queries a second. */
const LOOK_AGAIN_MS = 500;

/** Jobs of a higher priority than 0 have a place of their own. */
const URGENT_PRIORITY = 1;

/** What jobs are taken with. */
export interface JobTaking {
  readonly fetch: (options: EngineFetchOptions) => Promise<readonly EngineFetched[]>;
  /** Settles a job, whatever happens; never rejects. */
  readonly work: (job: EngineFetched) => Promise<void>;
  /** Jobs in the works at once; one more only for urgent ones. */
  readonly places: number;
  readonly rest: WorkerRest;
  /** Takes no more. */
  readonly closing: AbortSignal;
}

/**
 * Takes jobs as long as places are free: one query for all of them, so that an idle worker costs two a second. Resolves when
 * it is told to close and the jobs in the works are settled.
 */
export async function takeJobs({ fetch, work, places, rest, closing }: JobTaking): Promise<void> {
  const inWorks = new Set<Promise<void>>();
  let freed = new AbortController();
  const start = (job: EngineFetched): void => {
    const settled = work(job).finally(() => {
      inWorks.delete(settled);
      freed.abort();
    });
    inWorks.add(settled);
  };
  while (!closing.aborted) {
    await rest.over(closing);
    freed = new AbortController();
    const wanted = closing.aborted ? undefined : wantedJobs(rest.isProbing ? 1 : places, inWorks.size, rest.isProbing);
    const jobs = wanted === undefined ? [] : await fetch(wanted).catch(() => []);
    for (const job of jobs) start(job);
    // What was found in full may not have been all.
    if (jobs.length > 0 && jobs.length === wanted?.batchSize) continue;
    await wait(LOOK_AGAIN_MS, AbortSignal.any([closing, freed.signal]));
  }
  await Promise.all(inWorks);
}

/** The jobs to ask for, if a place is free. A probe goes alone. */
function wantedJobs(places: number, taken: number, isProbing: boolean): EngineFetchOptions | undefined {
  if (taken < places) return { batchSize: places - taken };
  return taken === places && !isProbing ? { batchSize: 1, minPriority: URGENT_PRIORITY } : undefined;
}
