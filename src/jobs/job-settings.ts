import type { EngineJobSettings } from './job-engine.js';

/** How long a worker may be silent before its jobs go to others, in seconds. */
export const DEFAULT_LEASE_SECONDS = 30;

/** How often a chunk is tried before it is a dead letter. */
export const DEFAULT_CHUNK_ATTEMPTS = 5;

/** The wait before a chunk's second attempt, in seconds; doubled each time, up to the longest. */
export const DEFAULT_RETRY_DELAY_SECONDS = 5;

/** How long a run waits for its providers, in seconds: a week. */
export const DEFAULT_DEADLINE_SECONDS = 604_800;

/** The longest wait before an attempt, in seconds. */
export const LONGEST_RETRY_DELAY_SECONDS = 300;

/** The longest that a chunk may take, however alive its worker is. */
const LONGEST_CHUNK_SECONDS = 6 * 60 * 60;

/** The engine keeps a waiting job for so long after its run's deadline, so that there is something to go on with. */
const KEPT_AFTER_DEADLINE_SECONDS = 604_800;

/** What the caller decides about a job. */
export interface JobWishes {
  readonly attempts?: number | undefined;
  readonly retryDelaySeconds?: number | undefined;
  readonly leaseSeconds?: number | undefined;
  readonly deadlineSeconds?: number | undefined;
}

/** A job's settings, with every default in place. */
export function jobSettings(deadLetter: string, wishes: JobWishes = {}): EngineJobSettings {
  return {
    retryLimit: (wishes.attempts ?? DEFAULT_CHUNK_ATTEMPTS) - 1,
    retryDelay: wishes.retryDelaySeconds ?? DEFAULT_RETRY_DELAY_SECONDS,
    retryBackoff: true,
    retryDelayMax: LONGEST_RETRY_DELAY_SECONDS,
    expireInSeconds: LONGEST_CHUNK_SECONDS,
    retentionSeconds: Math.ceil((wishes.deadlineSeconds ?? DEFAULT_DEADLINE_SECONDS) + KEPT_AFTER_DEADLINE_SECONDS),
    heartbeatSeconds: wishes.leaseSeconds ?? DEFAULT_LEASE_SECONDS,
    deadLetter,
  };
}
