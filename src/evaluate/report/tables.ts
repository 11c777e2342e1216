import type { Figure } from '../agreement.js';
import type { GraderAudit } from '../audit-grader/audit-grader.js';
import type { RunComparison } from '../compare/compare-runs.js';
import type { GraderEvaluation } from '../compare-with-people.js';
import type { Interval } from '../statistics/distributions.js';

/** What a report can show. */
export type Reportable = GraderEvaluation | RunComparison | GraderAudit;

/** A table of texts, the same for markdown and HTML. */
export interface ReportTable {
  heading: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}

/** So many verdicts are listed at most: a report is read. */
const MOST_LISTED = 25;

/** The sentence that a report begins with, and its tables; those without rows are left out. */
export function contentsOf(subject: Reportable): { lead: string; tables: readonly ReportTable[] } {
  const contents =
    'kinds' in subject
      ? auditContents(subject)
      : 'flips' in subject
        ? comparisonContents(subject)
        : evaluationContents(subject);
  return { ...contents, tables: contents.tables.filter(({ rows }) => rows.length > 0) };
}

function evaluationContents({ agreement, verdicts, criteria, questions, warnings }: GraderEvaluation) {
  const { agreed, count, failed, disagreed } = verdicts;
  const failures = failed === 0 ? '' : `, ${failed} were not graded`;
  return {
    lead: [
      `${agreed} of ${count} answers got a person’s verdict (${shareText(verdicts)})${failures}.`,
      ...warnings,
    ].join(' '),
    tables: [
      {
        heading: 'Agreement',
        head: ['Measure', 'Value', 'Interval'],
        rows: (
          [
            ['Weighted kappa', agreement.quadraticWeightedKappa],
            ['Same verdict', agreement.accuracy],
            ['Cohen’s kappa', agreement.cohenKappa],
            ['Mean absolute error', agreement.meanAbsoluteError],
          ] as const
        ).map(([name, figure]) => [name, number(figure.value), range(figure.interval)]),
      },
      {
        heading: 'Criteria',
        head: ['Criterion', 'Answers', 'Same points', 'Kappa', 'Bias', 'Too kind', 'Too harsh'],
        rows: criteria.map((each) => [
          ...[each.id, String(each.count), figureText(each.agreement), figureText(each.kappa), figureText(each.bias)],
          ...[String(each.tooKindCount), String(each.tooHarshCount)],
        ]),
      },
      {
        heading: 'Questions',
        head: ['Question', 'Answers', 'Same verdict', 'Bias'],
        rows:
          questions.length < 2
            ? []
            : questions.map((each) => [each.question, String(each.count), shareText(each), number(each.bias)]),
      },
      {
        heading: disagreed > MOST_LISTED ? `Other verdicts, ${MOST_LISTED} of ${disagreed}` : 'Other verdicts',
        head: ['Answer', 'Person', 'Grader', 'What the grader says'],
        rows: verdicts.disagreements
          .slice(0, MOST_LISTED)
          .map((each) => [each.answer, number(each.expected), number(each.actual), each.rationale ?? '']),
      },
    ],
  };
}

function comparisonContents(comparison: RunComparison) {
  const { agreement, flips, criteria, before, after } = comparison;
  const side = (
    name: string,
    value: (run: NonNullable<typeof before>) => number | undefined,
    digits = 0,
  ): readonly string[] => [name, number(before && value(before), digits), number(after && value(after), digits)];
  return {
    lead: comparison.message,
    tables: [
      {
        heading: 'Side by side',
        head: ['', 'Before', 'After'],
        rows: [
          ['Same verdict as a person', number(agreement?.before), number(agreement?.after)],
          ['Mean absolute error', number(agreement?.errorBefore), number(agreement?.errorAfter)],
          ['Not graded', String(comparison.failedBefore), String(comparison.failedAfter)],
          side('Calls', ({ requests }) => requests),
          side('Input tokens', ({ usage }) => usage?.inputTokens),
          side('Output tokens', ({ usage }) => usage?.outputTokens),
          side('Cost', ({ cost }) => cost, 4),
          side('Time in ms', ({ totalProcessingTimeMs }) => totalProcessingTimeMs),
        ],
      },
      {
        heading: 'Change',
        head: ['', 'Difference', 'Interval'],
        rows:
          agreement === undefined
            ? []
            : [
                ['Same verdict', number(agreement.difference.value), range(agreement.difference.interval)],
                ['Absolute error', number(agreement.errorDifference.value), range(agreement.errorDifference.interval)],
              ],
      },
      {
        heading: 'Criteria',
        head: ['Criterion', 'Raised', 'Lowered'],
        rows: criteria.map(({ id, raised, lowered }) => [id, String(raised), String(lowered)]),
      },
      {
        heading: flips.list.length > MOST_LISTED ? `Flips, ${MOST_LISTED} of ${flips.list.length}` : 'Flips',
        head: ['Answer', 'Before', 'After', 'Now as a person says'],
        rows: flips.list
          .slice(0, MOST_LISTED)
          .map((flip) => [
            ...[flip.answerId ?? `line ${flip.index + 1}`, number(flip.before), number(flip.after)],
            flip.isRight === undefined ? '' : flip.isRight ? 'yes' : 'no',
          ]),
      },
    ],
  };
}

function auditContents({ answerCount, gradings, exposed, kinds, repeat }: GraderAudit) {
  const found = exposed.length === 0 ? 'Nothing was exposed' : `Exposed: ${exposed.join(', ')}`;
  return {
    lead: `${found}, on ${answerCount} answers in ${gradings} gradings.`,
    tables: [
      {
        heading: 'Changes',
        head: ['Change', 'The mark must', 'Pairs', 'Moved', 'Raised', 'Lowered', 'Interval', 'Exposed'],
        rows: [repeat, ...kinds].map((each) => [
          ...[each.kind, each.expectation === 'same' ? 'not move' : 'fall', String(each.pairs)],
          ...[String(each.moved), String(each.raised), String(each.lowered), range(each.interval)],
          each.isExposed ? 'yes' : '',
        ]),
      },
    ],
  };
}

function shareText({ share, interval }: { share: number | undefined; interval?: Interval | undefined }): string {
  return interval === undefined ? number(share) : `${number(share)} (${range(interval)})`;
}

function figureText({ value, interval }: Figure): string {
  return shareText({ share: value, interval });
}

function range(interval: Interval | undefined): string {
  return interval === undefined ? '' : `${number(interval.lower)} to ${number(interval.upper)}`;
}

function number(value: number | undefined, digits = 2): string {
  return value === undefined ? '–' : value.toFixed(digits);
}
