import type { LiveRow } from './try-model.ts';

/** How well the model agrees with people, beside others who mark the same answers. */
export interface LiveAgreement {
  name: string;
  answers: number;
  graded: number;
  accuracy: number | undefined;
  quadraticWeightedKappa: number | undefined;
}

/** All that was measured. */
export interface LiveReport {
  model: string;
  machine: string;
  rows: readonly LiveRow[];
  agreement: readonly LiveAgreement[];
}

const RUN_COLUMNS = [
  'run',
  'answers',
  'graded',
  'failed',
  'asked again',
  'calls',
  'tokens in/out',
  'estimated',
  'p50',
  'max',
  'all',
];
const AGREEMENT_COLUMNS = ['grader', 'answers', 'graded', 'right side of the pass mark', 'quadratic kappa'];

/** As markdown, which reads as text too. */
export function renderMarkdown({ model, machine, rows, agreement }: LiveReport): string {
  const faults = rows.flatMap(({ name, faults: found }) => found.map((fault) => `- ${name}: ${fault}`));
  return [
    `# ${model}`,
    '',
    machine,
    '',
    ...table(RUN_COLUMNS, rows.map(runCells)),
    '',
    ...table(AGREEMENT_COLUMNS, agreement.map(agreementCells)),
    '',
    ...(faults.length === 0 ? ['Every answer came back exactly once, and no mark without a readable reply.'] : faults),
    '',
  ].join('\n');
}

/** As one page without scripts. */
export function renderHtml(report: LiveReport): string {
  const { model, machine, rows, agreement } = report;
  const faults = rows.flatMap(({ name, faults: found }) => found.map((fault) => `${name}: ${fault}`));
  return [
    '<!doctype html><meta charset="utf-8">',
    `<title>${escaped(model)}</title>`,
    '<style>body{font:1rem/1.5 system-ui;margin:2rem}table{border-collapse:collapse;margin:1rem 0}th,td{padding:.25rem .75rem;border:1px solid;text-align:start}</style>',
    `<h1>${escaped(model)}</h1><p>${escaped(machine)}</p>`,
    htmlTable(RUN_COLUMNS, rows.map(runCells)),
    htmlTable(AGREEMENT_COLUMNS, agreement.map(agreementCells)),
    ...faults.map((fault) => `<p>${escaped(fault)}</p>`),
    '',
  ].join('\n');
}

function runCells(row: LiveRow): readonly string[] {
  const { tokens, latencyMs } = row;
  return [
    row.name,
    String(row.answers),
    String(row.graded),
    Object.entries(row.failed)
      .map(([code, count]) => `${count} ${code}`)
      .join(', ') || '0',
    `${(row.askedAgain * 100).toFixed(1)} %`,
    String(row.calls),
    tokens === undefined ? 'not told' : `${tokens.input} / ${tokens.output}`,
    tokens === undefined ? '' : String(tokens.estimated),
    latencyMs === undefined ? '' : seconds(latencyMs.p50),
    latencyMs === undefined ? '' : seconds(latencyMs.max),
    seconds(row.totalMs),
  ];
}

function agreementCells({ name, answers, graded, accuracy, quadraticWeightedKappa }: LiveAgreement): readonly string[] {
  return [name, String(answers), String(graded), figure(accuracy), figure(quadraticWeightedKappa)];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function figure(value: number | undefined): string {
  return value === undefined ? 'not measured' : value.toFixed(2);
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function htmlTable(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${line('th', columns)}${rows.map((cells) => line('td', cells)).join('')}</table>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
