import { GradingOptionsError } from '../contract/errors.js';
import { checkProviderOptions, type OptionRule } from '../input/option-rules.js';
import { objectOf, textOf } from '../json/untyped-json.js';
import { engineWithTimeouts } from './engine-with-timeouts.js';
import type { GradingQueue, JobEngine } from './job-engine.js';
import { jobSettings } from './job-settings.js';
import { hasMethods } from './method-rule.js';
import { resultSchemaSql, writeProbeSql } from './result-schema-sql.js';
import { resultTable, type ResultTable } from './result-table.js';
import { runTable, type RunRow, type RunTable } from './run-table.js';
import { sqlRows } from './sql-rows.js';
import { troubleTable, type TroubleTable } from './trouble-table.js';

/** A grading queue with every default in place. */
export interface OpenQueue {
  readonly boss: JobEngine;
  readonly pool: GradingQueue['pool'];
  readonly name: string;
  readonly deadLetterName: string;
  readonly schema: string;
  readonly runs: RunTable;
  readonly results: ResultTable;
  readonly troubles: TroubleTable;
}

/** A letter first, since it becomes part of SQL names; `pg_` belongs to PostgreSQL. */
const SIMPLE_NAME = /^(?!pg_)[A-Za-z_][A-Za-z0-9_]{0,55}$/i;

const simpleName: OptionRule = {
  rule: 'must be a name of at most 56 letters, digits and underscores that starts with a letter, and not with pg_',
  holds: (value) => typeof value === 'string' && SIMPLE_NAME.test(value),
};

/** An index entry of PostgreSQL holds 2,704 bytes, and a character takes up to four. */
const LONGEST_RUN_ID = 500;

const runIdRule: OptionRule = {
  rule: `must be a text of 1 to ${LONGEST_RUN_ID} characters without NUL and half surrogates, which PostgreSQL cannot hold`,
  holds: (value) =>
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= LONGEST_RUN_ID &&
    !value.includes('\u0000') &&
    value.isWellFormed(),
  isRequired: true,
};

/** The rules of the options that every function of this entry takes. */
export const QUEUE_RULES: { readonly [Name in keyof GradingQueue]-?: OptionRule } = {
  boss: {
    rule: 'must be a started PgBoss of pg-boss 12',
    holds: hasMethods('insert', 'fetch', 'touch'),
    isRequired: true,
  },
  pool: { rule: 'must be a Pool of pg', holds: hasMethods('query'), isRequired: true },
  queue: simpleName,
  schema: simpleName,
};

/** The rule of the options that name a run. */
export const RUN_RULES: { readonly [Name in keyof GradingQueue | 'runId']-?: OptionRule } = {
  ...QUEUE_RULES,
  runId: runIdRule,
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
  const { pool, queue: name = 'gradelanes', schema = 'gradelanes' } = options;
  const tables = {
    runs: runTable(pool, schema),
    results: resultTable(pool, schema),
    troubles: troubleTable(pool, schema),
  };
  return { boss: engineWithTimeouts(options.boss), pool, name, deadLetterName: `${name}_dead`, schema, ...tables };
}

/**
 * Makes what is missing in the database: our tables, the engine's queue and its queue of dead letters. The engine's own
 * schema is made and migrated by its `start()`.
 *
 * @throws {GradingOptionsError} when the role of `pool` may not write there.
 */
export async function prepareQueue({ boss, pool, name, deadLetterName, schema }: OpenQueue): Promise<void> {
  try {
    await sqlRows(pool, resultSchemaSql(schema), []);
    await sqlRows(pool, writeProbeSql(schema), []);
  } catch (error) {
    throw asMisuse(error, schema) ?? error;
  }
  await boss.createQueue(deadLetterName);
  // A redriven job takes the settings of its queue, not those that it had.
  await boss.createQueue(name, jobSettings(deadLetterName));
}

/** Insufficient privilege, and a server or session that only reads. */
const MAY_NOT_WRITE = new Set(['42501', '25006']);

function asMisuse(error: unknown, schema: string): GradingOptionsError | undefined {
  const { code, message } = objectOf(error);
  if (!MAY_NOT_WRITE.has(textOf(code) ?? '')) return undefined;
  const rule = `must be of a role that may insert, update and delete in the tables of schema "${schema}"`;
  const misuse = new GradingOptionsError('pool', rule, textOf(message) ?? 'one that may not');
  misuse.cause = error;
  return misuse;
}

/** The run's row. @throws {GradingOptionsError} for a run that nobody enqueued. */
export async function knownRun({ runs }: Pick<OpenQueue, 'runs'>, runId: string): Promise<RunRow> {
  const run = await runs.find(runId);
  if (run !== undefined) return run;
  throw new GradingOptionsError('runId', 'must be a run that was enqueued', JSON.stringify(runId.slice(0, 40)));
}
