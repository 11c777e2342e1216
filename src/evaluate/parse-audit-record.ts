import { checkOptions } from '../input/check-input.js';
import { GradingOptionsError } from '../contract/errors.js';
import { type AuditRecord, auditRecordSchema } from './audit-format.js';

/**
 * Reads a stored {@link auditRecord} back and checks it: format, version and every field.
 *
 * @param stored JSON, or what came of parsing it.
 * @returns The record; what this version does not know is left out.
 * @throws {GradingOptionsError} naming the first field that breaks its rule, such as `record.result.scaledScore`.
 *
 * @example
 * ```ts
 * import { isGradingOptionsError } from 'gradelanes';
 * import { parseAuditRecord } from 'gradelanes/evaluate';
 *
 * try {
 *   parseAuditRecord('{"format":"gradelanes-audit","version":2}');
 * } catch (error) {
 *   if (isGradingOptionsError(error)) console.log(error.field); // record.version
 * }
 * ```
 */
export function parseAuditRecord(stored: unknown): AuditRecord {
  return checkOptions(auditRecordSchema, typeof stored === 'string' ? parsed(stored) : stored, 'record');
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes what it read.
    throw new GradingOptionsError('record', 'must be JSON', `a text of ${json.length} characters`);
  }
}
