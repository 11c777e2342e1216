import { contentsOf, type Reportable, type ReportTable } from './tables.js';

/**
 * A report as markdown, for a pull request or a job summary: an evaluation, a comparison of runs or an audit. What learners
 * and models wrote is escaped and cut: it stays text.
 *
 * @param subject From `evaluateGrader`, `compareRuns` or `auditGrader`.
 * @param options The heading.
 *
 * @example
 * ```ts
 * import { evaluateGrader, toMarkdown } from 'gradelanes/evaluate';
 * import { offlineProvider } from 'gradelanes/offline';
 *
 * const question = { prompt: 'Why does ice float?', referenceAnswers: ['Ice is less dense than water.'] };
 * const evaluation = await evaluateGrader(offlineProvider(), [{ question, answer: 'less dense', humanScores: [1] }]);
 * console.log(toMarkdown(evaluation, { title: 'Nightly' }).split('\n')[0]); // ## Nightly
 * ```
 */
export function toMarkdown(subject: Reportable, { title }: { title?: string | undefined } = {}): string {
  const { lead, tables } = contentsOf(subject);
  const parts = [title === undefined ? [] : [`## ${escaped(title)}`], [escaped(lead)], ...tables.map(tableText)];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function tableText({ heading, head, rows }: ReportTable): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => escaped(shortened(cell))).join(' | ')} |`;
  return [`### ${heading}`, '', line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)];
}

/** Longer texts are cut: the results have all of them. */
const MOST_CHARACTERS = 160;

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()} …`;
}

/** Neither markup nor mentions, links or new lines: whatever was written stays one cell of text. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/[\\`*_[\]()<>#|~!$&]/g, (character) => `&#${character.codePointAt(0)};`)
    .replaceAll('@', '&#64;')
    .replaceAll(/:(?=\/\/)|(?<=\b(?:www|https?))[.:]/gi, (character) => `&#${character.codePointAt(0)};`);
}
