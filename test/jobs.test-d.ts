import type { GradingQueue, JobEngine, SqlPool } from 'gradelanes/jobs';
import type { Client, Pool } from 'pg';
import type { PgBoss } from 'pg-boss';
import { expectTypeOf } from 'vitest';

expectTypeOf<PgBoss>().toExtend<JobEngine>();
expectTypeOf<Pool>().toExtend<SqlPool>();
expectTypeOf<Client>().toExtend<SqlPool>();
expectTypeOf<{ boss: PgBoss; pool: Pool; queue: undefined }>().toExtend<GradingQueue>();
