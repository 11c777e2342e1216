import type { GradingProvider } from 'gradelanes';
import type { GradingQueue } from 'gradelanes/jobs';
import { Pool } from 'pg';
import { PgBoss, type JobWithMetadata } from 'pg-boss';
import { afterAll, beforeAll } from 'vitest';
import { startPostgres, type LocalPostgres } from '../../examples/bulk/start-postgres.ts';

/** A PostgreSQL server with pg-boss on it, for the tests of a file. */
export interface TestQueue {
  readonly postgres: LocalPostgres;
  readonly boss: PgBoss;
  readonly pool: Pool;
  /** A queue that no other test uses. */
  fresh(): Required<Pick<GradingQueue, 'queue' | 'schema'>> & { boss: PgBoss; pool: Pool };
}

/** Several servers that start at once on a busy machine. */
const SLOW_START_MS = 60_000;

/** Starts the server before the tests of a file and takes it away after them. */
export function useQueue(): () => TestQueue {
  let queue: TestQueue | undefined;
  let count = 0;
  beforeAll(async () => {
    const postgres = await startPostgres();
    const { connectionString } = postgres;
    const boss = new PgBoss({ connectionString, max: 4, monitorIntervalSeconds: 1, superviseIntervalSeconds: 1 });
    const pool = new Pool({ connectionString, max: 6 });
    boss.on('error', () => {});
    pool.on('error', () => {});
    await boss.start();
    const fresh: TestQueue['fresh'] = () => ({ boss, pool, queue: `queue_${++count}`, schema: `schema_${count}` });
    queue = { postgres, boss, pool, fresh };
  }, SLOW_START_MS);
  afterAll(async () => {
    await queue?.boss.stop({ graceful: false });
    await queue?.pool.end();
    await queue?.postgres.stop();
  }, SLOW_START_MS);
  return () => {
    if (queue === undefined) throw new Error('only in tests');
    return queue;
  };
}

/** Makes the engine believe that the workers of all jobs in the works are lost, without the wait for their leases. */
export async function expireLeases({ boss }: TestQueue, queue: string, runId: string): Promise<void> {
  const jobs: JobWithMetadata[] = await boss.findJobs(queue, { data: { runId } });
  const active = jobs.filter(({ state }) => state === 'active').map(({ id }) => id);
  await boss.fail(queue, active, { message: 'job heartbeat timeout' });
}

/** A provider with a fingerprint, as bulk grading needs it, that counts what it is asked. */
export function countingProvider(
  grade: GradingProvider['grade'] = async (items) => items.map(({ id }) => ({ id, score: 1 })),
): GradingProvider & { asked: string[] } {
  const asked: string[] = [];
  return {
    name: 'counting',
    fingerprint: 'counting-1',
    asked,
    grade: (items, call) => {
      asked.push(...items.map(({ answer }) => answer));
      return grade(items, call);
    },
  };
}
