import { GradingOptionsError } from '../contract/errors.js';
import type { GradingResult } from '../contract/result.js';
import type { OverriddenGrade } from './override-grade.js';

/** A line of marks as people have them in a spreadsheet. */
export interface MarkRow {
  answerId?: string | undefined;
  questionId?: string | undefined;
  /** Points; absent where nobody gave any. */
  scoreGiven?: number | undefined;
  scoreMaximum?: number | undefined;
  /** Any column that is not one of those above, by its heading. */
  other: Readonly<Record<string, string>>;
}

const COLUMNS = [
  'answerId',
  'questionId',
  'status',
  'scoreGiven',
  'scoreMaximum',
  'isCorrect',
  'needsReview',
  'reviewReasons',
  'feedback',
] as const;

/**
 * Marks as a CSV file (RFC 4180, with a byte-order mark so that Excel reads UTF-8), one line a result. A failed answer has
 * empty marks, never 0. Texts that a spreadsheet would run as a formula get a `'` in front (OWASP, "CSV Injection"): what
 * learners and models wrote is data.
 *
 * @param results Of the grading functions, or people's overrides.
 * @returns The text of the file.
 *
 * @example
 * ```ts
 * import { gradeAnswer } from 'gradelanes';
 * import { marksToCsv, parseMarksCsv } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { id: 'ice', prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const answer = { question, id: '=1+1', answer: 'ice is less dense than water' };
 * const csv = marksToCsv([await gradeAnswer(answer, { provider: offlineProvider() })]);
 * console.log(parseMarksCsv(csv)[0]?.answerId, parseMarksCsv(csv)[0]?.scoreGiven); // =1+1 1
 * ```
 */
export function marksToCsv(results: readonly (GradingResult | OverriddenGrade)[]): string {
  const lines = results.map((result) => {
    const marks = result.status === 'failed' ? { feedback: result.error.message } : result;
    const reasons = 'reviewReasons' in marks ? marks.reviewReasons.join(' ') : undefined;
    const row: Partial<Record<(typeof COLUMNS)[number], Cell>> = { ...result, ...marks, reviewReasons: reasons };
    return COLUMNS.map((column) => textOf(row[column])).join(',');
  });
  return `\ufeff${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

/** What spreadsheets take for the beginning of a formula, also behind the mark that keeps it from being one. */
const FORMULA = /^'*[=+\-@\t\r\uff0b\uff0d\uff1d\uff20]/;

type Cell = string | number | boolean | undefined;

function textOf(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",;\r\n\t']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Reads marks from a CSV file, as {@link marksToCsv} writes it or as a spreadsheet saves it: separated by commas,
 * semicolons or tabs, quoted or not, with any columns in any order. The `'` that keeps a text from being a formula is taken
 * off again.
 *
 * @param text The text of the file; its first line names the columns. `answerId`, `questionId`, `scoreGiven` and
 *   `scoreMaximum` are known, in any case; a decimal comma is read where the file is separated by semicolons or tabs.
 * @returns One row a line; empty lines are skipped.
 * @throws {GradingOptionsError} naming the line with a mark that is no number, more cells than columns or an open quote.
 *
 * @example
 * ```ts
 * import { parseMarksCsv } from 'gradelanes/evaluate';
 *
 * const [row] = parseMarksCsv('answerId;scoreGiven;scoreMaximum\na1;1,5;2');
 * console.log(row?.answerId, row?.scoreGiven); // a1 1.5
 * ```
 */
export function parseMarksCsv(text: string): readonly MarkRow[] {
  const content = text.replace(/^\ufeff/, '');
  const separator = separatorOf(content);
  const [headings, ...rows] = cellsOf(content, separator);
  if (headings === undefined) return [];
  const names = headings.cells.map(knownName);
  return rows.map(({ cells, line }) => {
    if (cells.length > names.length) {
      throw new GradingOptionsError(`line ${line}`, `must have at most ${names.length} cells`, String(cells.length));
    }
    const row = Object.fromEntries(names.map((name, index) => [name, withoutMark(cells[index] ?? '')]));
    const { answerId = '', questionId = '', scoreGiven = '', scoreMaximum = '', ...other } = row;
    const given = numberIn(scoreGiven, separator, `line ${line}, scoreGiven`);
    const maximum = numberIn(scoreMaximum, separator, `line ${line}, scoreMaximum`);
    return {
      ...(answerId !== '' && { answerId }),
      ...(questionId !== '' && { questionId }),
      ...(given !== undefined && { scoreGiven: given }),
      ...(maximum !== undefined && { scoreMaximum: maximum }),
      other,
    };
  });
}

const KNOWN = ['answerId', 'questionId', 'scoreGiven', 'scoreMaximum'] as const;

function knownName(heading: string): string {
  const plain = heading.trim();
  return KNOWN.find((name) => name.toLowerCase() === plain.toLowerCase().replaceAll(/[\s_-]/g, '')) ?? plain;
}

function withoutMark(cell: string): string {
  return cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

function numberIn(cell: string, separator: string, field: string): number | undefined {
  const plain = cell.trim();
  if (plain === '') return undefined;
  const value = Number(separator === ',' ? plain : plain.replace(',', '.'));
  if (Number.isFinite(value)) return value;
  throw new GradingOptionsError(field, 'must be a number', `a text of ${cell.length} characters`);
}

/** The commonest candidate in the line of headings. */
function separatorOf(content: string): string {
  const [headings = ''] = content.split(/\r\n|\r|\n/, 1);
  const countIn = (separator: string): number => headings.split(separator).length;
  return [',', ';', '\t'].reduce((best, each) => (countIn(each) > countIn(best) ? each : best));
}

/** The cells of every line that has any, and the line that each began on, from 1 (RFC 4180). */
function cellsOf(content: string, separator: string): readonly { cells: readonly string[]; line: number }[] {
  const rows: { cells: readonly string[]; line: number }[] = [];
  let [cells, cell, isQuoted, line, firstLine]: [string[], string, boolean, number, number] = [[], '', false, 1, 1];
  const endRow = (): void => {
    if (cells.length > 0 || cell !== '') rows.push({ cells: [...cells, cell], line: firstLine });
    [cells, cell] = [[], ''];
  };
  for (let index = 0; index < content.length; index += 1) {
    const character = content[index] ?? '';
    const isBreak = character === '\n' || (character === '\r' && content[index + 1] !== '\n');
    if (isBreak) line += 1;
    if (character === '"' && isQuoted && content[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (isQuoted) cell += character;
    else if (character === separator) {
      cells.push(cell);
      cell = '';
    } else if (isBreak) {
      endRow();
      firstLine = line;
    } else if (character !== '\r') cell += character;
  }
  if (isQuoted)
    throw new GradingOptionsError(`line ${firstLine}`, 'must end every quote that it begins', 'an open quote');
  endRow();
  return rows;
}
