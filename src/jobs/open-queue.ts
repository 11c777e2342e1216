import { checkProviderOptions, someText, type OptionRule } from '../input/option-rules.js';
import { GradingOptionsError } from '../contract/errors.js';
import type { GradingQueue, JobEngine } from './job-engine.js';
import { resultSchemaSql } from './result-schema-sql.js';
import { resultTable, type ResultTable } from './result-table.js';
import { runTable, type RunRow, type RunTable } from './run-table.js';

/** A grading queue with every default in place. */
export interface OpenQueue {
  readonly boss: JobEngine;
  readonly pool: GradingQueue['pool'];
  readonly name: string;
  readonly deadLetterName: string;
  readonly schema: string;
  readonly runs: RunTable;
  readonly results: ResultTable;
}

/** A letter first, since it becomes part of SQL names. */
const SIMPLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,55}$/;

const simpleName: OptionRule = {
  rule: 'must be a name of at most 56 letters, digits and underscores that starts with a letter',
  holds: (value) => typeof value === 'string' && SIMPLE_NAME.test(value),
};

/** The rules of the options that every function of this entry takes. */
export const QUEUE_RULES: { readonly [Name in keyof GradingQueue]-?: OptionRule } = {
  boss: {
    rule: 'must be a started PgBoss of pg-boss 12',
    holds: hasMethods('insert', 'work', 'touch'),
    isRequired: true,
  },
  pool: { rule: 'must be a Pool of pg', holds: hasMethods('query'), isRequired: true },
  queue: simpleName,
  schema: simpleName,
};

/** The rule of the options that name a run. */
export const RUN_RULES: { readonly [Name in keyof GradingQueue | 'runId']-?: OptionRule } = {
  ...QUEUE_RULES,
  runId: { ...someText, isRequired: true },
};

/**
 * Checks the options of a queue and puts every default in place.
 *
 * @throws {GradingOptionsError} for misuse.
 */
export function openQueue<T extends GradingQueue>(
  options: T,
  rules: { readonly [Name in keyof T]-?: OptionRule },
): OpenQueue {
  checkProviderOptions(options, rules);
  const { boss, pool, queue: name = 'gradelanes', schema = 'gradelanes' } = options;
  const tables = { runs: runTable(pool, schema), results: resultTable(pool, schema) };
  return { boss, pool, name, deadLetterName: `${name}_dead`, schema, ...tables };
}

/**
 * Makes what is missing in the database: our tables, the engine's queue and its queue of dead letters. The engine's own
 * schema is made and migrated by its `start()`.
 */
export async function prepareQueue({ boss, pool, name, deadLetterName, schema }: OpenQueue): Promise<void> {
  await pool.query(resultSchemaSql(schema));
  await boss.createQueue(deadLetterName);
  await boss.createQueue(name, { deadLetter: deadLetterName });
}

/** The run's row. @throws {GradingOptionsError} for a run that nobody enqueued. */
export async function knownRun({ runs }: OpenQueue, runId: string): Promise<RunRow> {
  const run = await runs.find(runId);
  if (run !== undefined) return run;
  throw new GradingOptionsError('runId', 'must be a run that was enqueued', JSON.stringify(runId.slice(0, 40)));
}

function hasMethods(...names: readonly string[]): OptionRule['holds'] {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'function');
}
